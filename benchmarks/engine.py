"""What the local engine costs, beside its goals; prints Markdown.

    python -m benchmarks.engine [--rounds 3] [--only "400 columns"] [--page]

Every figure is a median of seconds on the clock, seen by a client: Snowflake's own connector on an engine of its own,
in a temporary folder. With --page the table goes into docs/performance.md as well.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.measure import spent
from benchmarks.page import put
from benchmarks.tools import ENVIRONMENT

NEVE = str(Path(sys.executable).with_name("neve"))
PYTHON_TASK = """CREATE OR REPLACE PROCEDURE bench_python() RETURNS VARCHAR LANGUAGE PYTHON RUNTIME_VERSION = '3.11'
PACKAGES = ('snowflake-snowpark-python') HANDLER = 'main' AS $$
def main(session):
    return str(session.sql("select 1").collect()[0][0])
$$"""
BURN = "SELECT SUM(SQRT(n) * LN(n + 1)) FROM (SELECT SEQ4() AS n FROM TABLE(GENERATOR(ROWCOUNT => 5000000)))"
WIDE = 400
ROWS = 500_000


@dataclass(frozen=True, slots=True)
class Bench:
    """An engine that runs, and a cursor of the connector on it."""

    cursor: Any
    pid: int

    def sql(self, text: str) -> list[tuple[Any, ...]]:
        return self.cursor.execute(text).fetchall()

    def graph(self, name: str, tasks: dict[str, str], after: dict[str, str]) -> None:
        """A graph of tasks by name, each after one other."""
        self.sql(f"CREATE OR REPLACE TASK {name} AS SELECT 1")
        for task, body in tasks.items():
            self.sql(f"CREATE OR REPLACE TASK {name}_{task} AFTER {after.get(task, name)} AS {body}")
        self.sql(f"SELECT SYSTEM$TASK_DEPENDENTS_ENABLE('{name}')")

    def run(self, name: str) -> float:
        """The seconds of a run, from EXECUTE TASK until it is seen to be complete."""
        found = f"SELECT STATE FROM TABLE(INFORMATION_SCHEMA.COMPLETE_TASK_GRAPHS(ROOT_TASK_NAME => '{name}'))"
        before = len(self.sql(found))
        start = time.perf_counter()
        self.sql(f"EXECUTE TASK {name}")
        while len(states := self.sql(found)) == before:
            time.sleep(0.01)
        took = time.perf_counter() - start
        if any(state != "SUCCEEDED" for (state,) in states):
            raise RuntimeError(f"a run of {name} did not succeed: {states}")
        return took


def sql_task(bench: Bench) -> float:
    """A task among 40 in a row."""
    return _in_a_row(bench, "in_a_row", "SELECT 1", 40)


def python_task(bench: Bench) -> float:
    """A task among ten in a row, with a process that is warm."""
    bench.sql(PYTHON_TASK)
    bench.sql("CALL bench_python()")
    return _in_a_row(bench, "in_python", "CALL bench_python()", 10)


def _in_a_row(bench: Bench, name: str, body: str, count: int) -> float:
    tasks = {f"t{number}": body for number in range(count)}
    bench.graph(name, tasks, {f"t{number}": f"{name}_t{number - 1}" for number in range(1, count)})
    return bench.run(name) / (count + 1)


def thousand_tasks(bench: Bench) -> float:
    """Twenty rows of tasks beside each other."""
    tasks = {f"t{number}": "SELECT 1" for number in range(999)}
    bench.graph("thousand", tasks, {f"t{number}": f"thousand_t{number - 20}" for number in range(20, 999)})
    return bench.run("thousand")


def both_cores(bench: Bench) -> float:
    """How many processors a hundred tasks that all can run at once keep busy."""
    bench.graph("abreast", {f"t{number}": BURN for number in range(100)}, {})
    before = spent(bench.pid)
    took = bench.run("abreast")
    return (spent(bench.pid) - before) / took


def to_pandas(bench: Bench) -> float:
    """Rows of five columns to a data frame."""
    rows = f"SELECT SEQ4() AS id, UNIFORM(1, 1000, RANDOM()) AS n FROM TABLE(GENERATOR(ROWCOUNT => {ROWS}))"
    columns = "id, n, n / 7 AS x, 'name ' || n AS name, DATEADD(day, n, '2024-01-01'::DATE) AS d"
    bench.sql(f"CREATE OR REPLACE TABLE many AS SELECT {columns} FROM ({rows})")
    start = time.perf_counter()
    frame = bench.cursor.execute("SELECT * FROM many").fetch_pandas_all()
    took = time.perf_counter() - start
    if frame.shape != (ROWS, 5):
        raise RuntimeError(f"{frame.shape} rows and columns came")
    return took


def wide(bench: Bench) -> float:
    """A statement with expressions for 400 columns, which the engine has not seen before."""
    bench.sql(f"CREATE OR REPLACE TABLE wide ({', '.join(f'c{n} NUMBER(10, 2)' for n in range(WIDE))})")
    salt = time.time_ns()
    columns = ", ".join(f"COALESCE(t.c{n}, {salt % 1000}) * 2 + IFF(t.c{n} > {n}, 1, 0) AS x{n}" for n in range(WIDE))
    start = time.perf_counter()
    bench.sql(f"SELECT {columns} FROM wide AS t")
    return time.perf_counter() - start


@dataclass(frozen=True, slots=True)
class Case:
    what: str
    goal: str
    unit: str
    measure: Callable[[Bench], float]


CASES = (
    Case("a SQL task, beside its statement", "≤ 0.05 s", " s", sql_task),
    Case("a Python task, warm", "≤ 0.25 s", " s", python_task),
    Case("a graph of 1,000 trivial SQL tasks", "≤ 60 s", " s", thousand_tasks),
    Case("100 tasks abreast: processors busy", f"all of {os.cpu_count()}", "", both_cores),
    Case(f"{ROWS:,} rows to pandas", "≤ 1 s", " s", to_pandas),
    Case(f"a statement of {WIDE} columns", "", " s", wide),
)


@contextmanager
def started(folder: Path) -> Iterator[tuple[Bench, float]]:
    """An engine of its own, with the seconds until `neve engine start` was done."""
    import snowflake.connector

    (folder / "project.yml").write_text("name: bench\n", encoding="utf-8")
    start = time.perf_counter()
    _neve("engine", "start", "-C", str(folder))
    took = time.perf_counter() - start
    try:
        arguments = json.loads(_neve("engine", "connection", "-C", str(folder), "--output", "json"))
        pid = json.loads(_neve("engine", "status", "-C", str(folder), "--output", "json"))["pid"]
        with snowflake.connector.connect(**arguments) as connection:
            bench = Bench(connection.cursor(), pid)
            bench.sql("CREATE DATABASE bench")
            yield bench, took
    finally:
        _neve("engine", "stop", "-C", str(folder))


def _neve(*words: str) -> str:
    done = subprocess.run([NEVE, *words], env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        raise RuntimeError(f"neve {' '.join(words)}: {done.stderr or done.stdout}")
    return done.stdout


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--page", action="store_true", help="put the table into docs/performance.md too")
    options.add_argument("--only", default="", metavar="TEXT", help="only the rows that have this in their name")
    given = options.parse_args()
    cases = [case for case in CASES if given.only in case.what]
    figures: dict[str, list[float]] = {case.what: [] for case in cases}
    ready = []
    with tempfile.TemporaryDirectory() as warm, started(Path(warm)):
        pass  # Python writes its bytecode
    for _ in range(given.rounds):
        with tempfile.TemporaryDirectory() as folder, started(Path(folder)) as (bench, took):
            ready.append(took)
            for case in cases:
                figures[case.what].append(case.measure(bench))
    lines = [
        f"| medians of {given.rounds} rounds | goal | measured |\n|---|---:|---:|",
        f"| the engine is ready | ≤ 2 s | {median(ready):.2g} s |",
        *(f"| {case.what} | {case.goal} | {median(figures[case.what]):.2g}{case.unit} |" for case in cases),
    ]
    print("\n".join(lines))
    if given.page:
        put("engine", "\n".join(lines))


if __name__ == "__main__":
    main()
