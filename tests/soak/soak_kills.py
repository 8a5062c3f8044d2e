"""Engines that are killed: after every commit of a run, and their processes at any moment of runs with Python tasks."""

import contextlib
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
import snowflake.connector
from tests.local.tasks.test_kills import kill_at_every_commit, killer, template

from neve.local import manage

__all__ = ["killer", "template"]

pytestmark = pytest.mark.engine

ROUNDS = 25
PYTHON = """CREATE PROCEDURE D.PUBLIC.add(task VARCHAR) RETURNS VARCHAR LANGUAGE PYTHON RUNTIME_VERSION = '3.11'
  PACKAGES = ('snowflake-snowpark-python') HANDLER = 'main' EXECUTE AS CALLER AS $$
def main(session, task):
    session.sql(f"insert into D.PUBLIC.LOG values ('{task}')").collect()
    return task
$$"""
SQL = "INSERT INTO D.PUBLIC.LOG VALUES ('{}')"
CHILDREN = ("A", "B", "C", "D")
TASKS = {
    "R": ("", SQL.format("R")),
    "A": ("AFTER R", "CALL add('A')"),
    "B": ("AFTER R", f"BEGIN {SQL.format('B')}; CALL SYSTEM$WAIT(100, 'MILLISECONDS'); END"),
    "C": ("AFTER A, B", "CALL add('C')"),
    "D": ("AFTER C", SQL.format("D")),
    "F": ("FINALIZE = R", SQL.format("F")),
}


def test_killed_after_every_commit_of_a_run(template, killer, tmp_path):
    kill_at_every_commit(template, killer, tmp_path, "after")


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moment(tmp_path, seed):
    chance = random.Random(seed)
    build(tmp_path)
    for _ in range(ROUNDS):
        running = manage.start(tmp_path)
        execute(running, "DELETE FROM D.PUBLIC.LOG", "EXECUTE TASK D.PUBLIC.R")
        time.sleep(chance.uniform(0, 3))
        os.kill(running.pid, signal.SIGKILL)
        check(tmp_path)
    manage.stop(tmp_path)
    assert children_of_dead_engines(tmp_path) == []


def build(state):
    execute(
        manage.start(state),
        "CREATE DATABASE D",
        "CREATE TABLE D.PUBLIC.LOG (task VARCHAR)",
        PYTHON,
        *(f"CREATE TASK D.PUBLIC.{name} {options} AS {body}" for name, (options, body) in TASKS.items()),
        *(f"ALTER TASK D.PUBLIC.{name} RESUME" for name in (*CHILDREN, "F")),
    )


def execute(running, *statements):
    with snowflake.connector.connect(**running.connection) as connection:
        cursor = connection.cursor(snowflake.connector.DictCursor)
        cursor.execute("USE SCHEMA D.PUBLIC") if statements[0] != "CREATE DATABASE D" else None
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall()


def check(state):
    """Opens the state anew: nothing runs, and a retry brings the run to its end without repeating what was done."""
    running = manage.start(state)
    history = "SELECT * FROM TABLE(D.INFORMATION_SCHEMA.TASK_HISTORY(RESULT_LIMIT => 10000))"
    rows = execute(running, history)
    assert {row["STATE"] for row in rows} <= {"SUCCEEDED", "FAILED"}
    assert execute(running, "SELECT * FROM TABLE(D.INFORMATION_SCHEMA.CURRENT_TASK_GRAPHS())") == []
    group = max((row["GRAPH_RUN_GROUP_ID"] for row in rows), default=None)
    done = {row["NAME"] for row in rows if row["GRAPH_RUN_GROUP_ID"] == group and row["STATE"] == "SUCCEEDED"}
    with contextlib.suppress(snowflake.connector.errors.ProgrammingError):  # it had succeeded, or not begun
        execute(running, "EXECUTE TASK D.PUBLIC.R RETRY LAST")
    deadline = time.monotonic() + 60
    while execute(running, "SELECT * FROM TABLE(D.INFORMATION_SCHEMA.CURRENT_TASK_GRAPHS())"):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    counts = Counter(row["TASK"] for row in execute(running, "SELECT task FROM D.PUBLIC.LOG"))
    if counts:
        assert counts.keys() == set(TASKS)
        assert all(counts[name] == 1 for name in done - {"F"}), (done, counts)


def children_of_dead_engines(state):
    """Processes that an engine of this folder left behind, which has a moment to let them go."""
    deadline = time.monotonic() + 10
    while (left := _working_in(state)) and time.monotonic() < deadline:
        time.sleep(0.2)
    return left


def _working_in(state):
    found = []
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if process.name.isdecimal() and str(state) in str((process / "cwd").readlink()):
                found.append((process / "cmdline").read_text())
    return found
