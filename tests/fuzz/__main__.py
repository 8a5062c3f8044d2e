"""Many trials: `cd tests && python -m fuzz [compiler|engine] [--start 0] [--cases 100000] [--processes 2]`.

The same seeds try the same. Each problem is shown with its seed, each kind of them once whole, with the smallest input
found for it; the exit code is 1 when there was any. Interrupted, it says how to go on.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Sequence

import click

from fuzz.trials import problems

CASES = {"compiler": 100_000, "engine": 20_000}
LONG = 2000


def shown(body: bytes) -> str:
    return f"{body!r}" if len(body) < LONG else f"{body[:LONG]!r} ... {len(body)} bytes"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("subject", choices=list(CASES), nargs="?", help="files for the one, statements for the other")
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--cases", type=int)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args(arguments)
    subjects = [chosen.subject] if chosen.subject else list(CASES)
    return max(attempt(one, chosen.start, chosen.cases or CASES[one], chosen.processes) for one in subjects)


def attempt(subject: str, start: int, cases: int, processes: int) -> int:
    """Try the cases and say what was found; the exit code."""
    stop, tried, kinds = start + cases, start, Counter()
    try:
        for one in problems(engine=subject == "engine", start=start, stop=stop, processes=processes):
            if isinstance(one, int):
                tried = one
                click.echo(f"\r{subject}: {min(tried, stop)} of {stop}, {kinds.total()} problems ", nl=False, err=True)
                continue
            kinds[one.kind] += 1
            click.echo(f"\nseed {one.seed}, {one.name}: {one.kind if kinds[one.kind] > 1 else one.text}")
            if kinds[one.kind] == 1:
                click.echo(f"{shown(one.body)}\n")
    except KeyboardInterrupt:
        click.echo(f"\ngo on with: python -m fuzz {subject} --start {tried} --cases {stop - tried}")
        return 130
    click.echo(f"\n{subject}: {cases} cases, {kinds.total()} problems")
    for kind, times in kinds.most_common():
        click.echo(f"{times:6} {kind}")
    return int(bool(kinds))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
