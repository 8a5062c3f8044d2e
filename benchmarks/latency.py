"""How long an apply takes over a slow line, when statements are sent one by one or several at a time.

    python benchmarks/latency.py [--milliseconds 50] [--python 30] [--sql 70] [--at-once 8]

A first apply, and one after an edit of one task, through Snowflake's connector to a local engine that waits before it
answers a statement. "Procedures" sends neighbouring CREATE PROCEDURE statements at once, "and resumes" also
neighbouring ALTER TASK ... RESUME, but for the root's. The best of three.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

import snowflake.connector

from neve.compile import compile_project
from neve.deploy.apply import read_plan
from neve.deploy.connect import Account, Row
from neve.deploy.plan import Plan, Step
from neve.local.engine import Engine
from neve.local.session import Session

SQL = "/*---\ngraph: g\n---\nA task.\n*/\nselect {}\n"
PYTHON = '"""---\ngraph: g\n---\nA task.\n"""\n\n\ndef main(session, run):\n    return {}\n'
PROJECT = "name: p\ngraphs: {g: {schedule: '@daily'}}\ntargets: {local: {engine: local, database: D, schema: S}}\n"


class Line(Account):
    """A connection used by several threads at once, a cursor each."""

    def execute(self, sql: str) -> list[Row]:
        return self._execute(sql)


def write_project(folder: Path, python: int, sql: int) -> None:
    for kind, count, text, suffix in (("python_tasks", python, PYTHON, "py"), ("tasks", sql, SQL, "sql")):
        (folder / kind).mkdir(parents=True)
        for number in range(count):
            (folder / kind / f"{kind[0]}{number}.{suffix}").write_text(text.format(number))
    (folder / "project.yml").write_text(PROJECT)


def batches(steps: Sequence[Step], together: Sequence[str]) -> Iterator[list[Step]]:
    """The steps in order; neighbours of one of these kinds as one batch, but for the root's resume at the end."""
    for kind, group in groupby(steps[:-1], key=lambda step: step.kind):
        found = list(group)
        yield from [found] if kind in together else ([step] for step in found)
    yield [steps[-1]]


def send(plan: Plan, line: Line, together: Sequence[str], at_once: int) -> float:
    started = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        for batch in batches(plan.steps, together):
            list(pool.map(line.execute, [step.sql for step in batch]))
    return time.perf_counter() - started


def delay(milliseconds: float) -> None:
    """Have the engine wait before each statement of a client."""
    real: Callable[..., object] = Session.execute

    def execute(session: Session, sql: str, *rest: object) -> object:
        time.sleep(milliseconds / 1000)
        return real(session, sql, *rest)

    Session.execute = execute  # type: ignore[method-assign,assignment]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("milliseconds", 50), ("python", 30), ("sql", 70), ("at-once", 8)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_project(folder, options.python, options.sql)
        engine = Engine.open(folder / ".engine")
        server = engine.listen()
        host, port = server.address
        login = {"account": "neve_local", "user": "neve", "password": server.password}
        raw = snowflake.connector.connect(host=host, port=port, protocol="http", **login)
        delay(options.milliseconds)
        line = Line(raw)
        measure(folder, line, options.at_once)
        line.close()
        engine.close()


def measure(folder: Path, line: Line, at_once: int) -> None:
    def compiled() -> tuple[object, object]:
        found, _ = compile_project(folder, "local", {})
        return found.script, found.project

    first, project = compiled()
    (folder / "tasks/t0.sql").write_text(SQL.format("'edited'"))
    edited, _ = compiled()
    ways = {"one by one": (), "procedures": ("procedure",), "and resumes": ("procedure", "resume")}
    for title, (before, after) in {"first apply": (None, first), "one task edited": (first, edited)}.items():
        for way, together in ways.items():
            took = []
            for _ in range(3):
                line.execute("DROP DATABASE IF EXISTS D")
                if before is not None:
                    send(read_plan(before, line, project), line, ways["and resumes"], 32)
                plan = read_plan(after, line, project)
                took.append(send(plan, line, together, at_once))
            print(f"{title:<16} {way:<12} {len(plan.steps):>4} statements  {min(took):6.2f} s", flush=True)


if __name__ == "__main__":
    main()
