"""An engine that is killed at any boundary of a run: it opens again, loses nothing that was finished, shows nothing as
running for ever, and a retry repeats nothing that was recorded as done, and no body whose last statement was committed.
"""

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.local.tasks.conftest import Schema

from neve.local.engine import Engine

pytestmark = [pytest.mark.engine, pytest.mark.fact("2.4", "3.9")]

ROOT = Path(__file__).parents[3]
TASKS = ("R", "A", "B", "C", "F")
MOST = 45


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """The state of an engine with a graph that has never run."""
    folder = tmp_path_factory.mktemp("template") / "state"
    engine = Engine.open(folder)
    engine.open_session().execute("CREATE DATABASE D")
    sql = Schema(engine, "D", "PUBLIC")
    sql("CREATE TABLE log (task VARCHAR)")
    sql.graph(
        "r AS INSERT INTO log VALUES ('R')",
        "a AFTER r AS BEGIN INSERT INTO log VALUES ('A'); CALL SYSTEM$SET_RETURN_VALUE('kept'); END",
        "b AFTER a WHEN SYSTEM$GET_PREDECESSOR_RETURN_VALUE('A') = 'kept' AS INSERT INTO log VALUES ('B')",
        "c AFTER b AS BEGIN BEGIN TRANSACTION; INSERT INTO log VALUES ('C'); COMMIT; RETURN 'done'; END",
        "f FINALIZE = r AS INSERT INTO log VALUES ('F')",
    )
    engine.close()
    return folder


@pytest.fixture(scope="module")
def killer():
    """Runs a statement on a state folder until the process kills itself; says whether it did."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.local.tasks.killed"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def run(folder, place, when, statement="EXECUTE TASK r AWAIT"):
        print(folder, place, when, statement, file=process.stdin, flush=True)
        return process.stdout.readline() == "killed\n"

    yield run
    process.stdin.close()
    assert process.wait(10) == 0
    process.stdout.close()


def test_killed_before_every_commit_of_a_run(template, killer, tmp_path):
    kill_at_every_commit(template, killer, tmp_path, "before")


def kill_at_every_commit(template, killer, tmp_path, when):
    for place in range(1, MOST):
        folder = tmp_path / f"{place}"
        shutil.copytree(template, folder)
        was_killed = killer(folder, place, when)
        check(folder, was_killed)
        if not was_killed:
            break
    assert place > 2 * len(TASKS), "each task has two boundaries at least"
    assert place < MOST - 1, "the run came to its end at last"


def check(folder, was_killed):
    done = recorded(folder)
    engine = Engine.open(folder)
    try:
        sql = Schema(engine, "D", "PUBLIC")
        history = sql.history()
        logged = {row["TASK"] for row in sql("SELECT task FROM log")}
        assert done | logged - {"A"} == {row["NAME"] for row in history if row["STATE"] == "SUCCEEDED"}
        assert {row["STATE"] for row in history} <= {"SUCCEEDED", "FAILED"}
        assert sql.graphs("CURRENT") == []
        finish(sql)
        counts = Counter(row["TASK"] for row in sql("SELECT task FROM log"))
        assert counts.keys() == set(TASKS)
        assert all(counts[task] == 1 for task in done | (set(TASKS) - {"A"})), "nothing that was done is repeated"
        assert counts["A"] <= 1 + was_killed, "but the task that had still something to do after its last commit"
    finally:
        engine.close()


def recorded(folder):
    """The tasks that the store knows to have succeeded."""
    import sqlite3

    with sqlite3.connect(folder / "catalog.sqlite") as db:
        return {name for (name,) in db.execute("SELECT name FROM task_run WHERE state = 'SUCCEEDED'")}


def finish(sql):
    graphs = sql.graphs()
    if not graphs:
        sql("EXECUTE TASK r AWAIT")
    elif sql.last()["STATE"] == "FAILED":
        sql.retry()
    assert sql.last()["STATE"] == "SUCCEEDED"


def test_copy_takes_a_file_once_also_where_it_was_killed(killer, tmp_path):
    template = tmp_path / "template"
    engine = Engine.open(template)
    engine.open_session().execute("CREATE DATABASE D")
    sql = Schema(engine, "D", "PUBLIC")
    sql("CREATE STAGE files", "CREATE TABLE taken (n INT)")
    form = "FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE)"
    sql(f"COPY INTO @files/one.csv FROM (SELECT 1 UNION ALL SELECT 2) SINGLE = TRUE {form}")
    engine.close()
    copy = "COPY INTO taken FROM @files FILE_FORMAT = (TYPE = CSV)"
    assert not killer(template, 1, "before", copy), "the rows and that they are taken are one commit"
    engine = Engine.open(template)
    sql = Schema(engine, "D", "PUBLIC")
    sql(copy)
    assert sorted(row["N"] for row in sql("SELECT n FROM taken")) == [1, 2]
    assert len(sql("SELECT * FROM INFORMATION_SCHEMA.LOAD_HISTORY")) == 1
    engine.close()
