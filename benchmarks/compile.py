"""neve's compiler beside the floor, dbt and SQLMesh, on the same generated warehouse; prints Markdown.

    python -m benchmarks.compile --models 1000 10000 --dbt-2 VENV --dbt-1 VENV --sqlmesh VENV

VENV is a virtual environment in which the tool is installed: `dbt-core==2.0.0a4`; `dbt-core~=1.11.0 dbt-duckdb`;
`sqlmesh`. In each round every tool is run cold, with nothing changed, and with one model changed, tool after tool, so
that all of them meet the same machine. The tables hold medians. benchmarks/generate.py tells what the projects are.
With --page the tables go into docs/performance.md as well.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from benchmarks.generate import change, generate
from benchmarks.measure import Cost, Failed, measure
from benchmarks.page import put
from benchmarks.tools import ENVIRONMENT, Tool, tools, warm_up

STEPS = ("cold", "nothing changed", "one changed")
Costs = Mapping[tuple[str, str], Sequence[Cost]]


def compare(found: Sequence[Tool], models: int, rounds: int, folder: Path) -> Costs:
    """What each tool's steps cost on a project of so many models, once a round."""
    costs: dict[tuple[str, str], list[Cost]] = {}
    fitting = [tool for tool in found if models <= tool.most]
    for tool in fitting:
        project = folder / str(models) / tool.name.replace(" ", "-")
        generate(models, tool.format, project)
        tool.forget(project)
    for _ in range(rounds):
        for tool in fitting:
            project = folder / str(models) / tool.name.replace(" ", "-")
            for step, cost in _steps(tool, project):
                costs.setdefault((tool.name, step), []).append(cost)
    return costs


def _steps(tool: Tool, project: Path) -> Iterator[tuple[str, Cost]]:
    tool.forget(project)
    for step in STEPS:
        if step == STEPS[2]:
            change(project)
        yield step, measure(tool.command, project, ENVIRONMENT)


def table(costs: Costs, found: Sequence[Tool]) -> Iterator[str]:
    """A row a tool: CPU seconds (wall seconds) of each step, and the most memory of any."""
    yield f"| | {' | '.join(STEPS)} | peak MiB |"
    yield "|---|---:|---:|---:|---:|"
    for tool in found:
        if (tool.name, STEPS[0]) in costs:
            runs = [costs[tool.name, step] for step in STEPS]
            memory = median(max(one.memory for one in round_) for round_ in zip(*runs, strict=True))
            yield f"| {tool.name} | {' | '.join(map(_seconds, runs))} | {memory:,.0f} |"


def ratios(costs: Costs, found: Sequence[Tool]) -> Iterator[str]:
    """A row for each other tool: how many times as long as neve it takes, in CPU time (on the clock)."""
    yield f"| times neve | {' | '.join(STEPS)} |"
    yield "|---|---:|---:|---:|"
    for tool in found:
        if (tool.name, STEPS[0]) in costs and not tool.name.startswith("neve"):
            cells = [_ratio(costs[tool.name, step], costs["neve compile", step]) for step in STEPS]
            yield f"| {tool.name} | {' | '.join(cells)} |"


def _seconds(runs: Sequence[Cost]) -> str:
    return f"{median(one.cpu for one in runs):.2f} ({median(one.wall for one in runs):.2f})"


def _ratio(other: Sequence[Cost], own: Sequence[Cost]) -> str:
    cpu = median(one.cpu for one in other) / median(one.cpu for one in own)
    wall = median(one.wall for one in other) / median(one.wall for one in own)
    return f"{_times(cpu)} ({_times(wall)})"


def _times(ratio: float) -> str:
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"


def parts(found: Sequence[Tool], sizes: Sequence[int], rounds: int, folder: Path) -> Iterator[str]:
    """What is printed, a paragraph or a table at a time."""
    command = [str(Path(sys.executable).with_name("neve")), "--help"]
    start = _seconds([measure(command, folder, ENVIRONMENT) for _ in range(rounds)])
    version, processors = platform.python_version(), os.cpu_count()
    yield f"CPU seconds (wall seconds), medians of {rounds} rounds; Python {version}, {processors} processors."
    yield f"`neve --help`: {start}."
    for models in sizes:
        costs = compare(found, models, rounds, folder)
        yield f"### {models:,} models"
        yield "\n".join(table(costs, found))
        yield "\n".join(ratios(costs, found))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--models", type=int, nargs="+", default=[1000])
    options.add_argument("--rounds", type=int, default=3)
    for name in ("--dbt-1", "--dbt-2", "--sqlmesh"):
        options.add_argument(name, type=lambda text: Path(text).absolute(), metavar="VENV")
    options.add_argument("--page", action="store_true", help="put the tables into docs/performance.md too")
    options.add_argument("--folder", type=Path, help="where to make the projects (default: a temporary folder)")
    given = options.parse_args()
    found = tools(vars(given))
    said = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        for tool in found:
            warm_up(tool, folder)
        for part in parts(found, given.models, given.rounds, folder):
            print(part, end="\n\n", flush=True)
            said.append(part)
    if given.page:
        put("compile", "\n\n".join(said))


if __name__ == "__main__":
    try:
        main()
    except (Failed, RuntimeError) as error:
        raise SystemExit(str(error)) from None
