"""Runs survive a restart of the engine, a clean one and a kill (fact sheet 2.2, 2.4; the engine's own promise)."""

import subprocess
import sys
import time

import pytest
from tests.local.tasks.conftest import Schema

from neve.local.engine import Engine

pytestmark = [pytest.mark.engine, pytest.mark.fact("2.2")]

SLOW = "BEGIN LET n := (SELECT seconds FROM pause); CALL SYSTEM$WAIT(:n); INSERT INTO log VALUES ('slow'); END"

CHILD = """
import sys, time
from pathlib import Path
from neve.local.engine import Engine
engine = Engine.open(Path(sys.argv[1]))
session = engine.open_session("D", "PUBLIC")
session.execute("EXECUTE TASK r")
slow = "FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY()) WHERE name = 'SLOW' AND state = 'EXECUTING'"
while not session.execute(f"SELECT 1 {slow}").rows:
    time.sleep(0.01)
print("running", flush=True)
time.sleep(60)
"""


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


def build(sql):
    sql("CREATE TABLE log (x VARCHAR)", "CREATE TABLE pause (seconds INT)", "INSERT INTO pause VALUES (60)")
    sql.graph(
        "r AS INSERT INTO log VALUES ('r')",
        "done AFTER r AS BEGIN INSERT INTO log VALUES ('done'); CALL SYSTEM$SET_RETURN_VALUE('kept'); END",
        f"slow AFTER done AS {SLOW}",
        "last AFTER slow AS INSERT INTO log SELECT SYSTEM$GET_PREDECESSOR_RETURN_VALUE('DONE')",
        "f FINALIZE = r AS INSERT INTO log VALUES ('f')",
    )


def opened(state):
    engine = Engine.open(state)
    return engine, Schema(engine, "D", "PUBLIC")


def check_interrupted_and_retried(state):
    """After the restart: finished task runs stay, the interrupted one is FAILED, a retry goes on from there."""
    engine, sql = opened(state)
    try:
        assert sql.states() == {"R": "SUCCEEDED", "DONE": "SUCCEEDED", "SLOW": "FAILED"}
        assert "stopped while this task was running" in sql.row("SLOW")["ERROR_MESSAGE"]
        run = sql.last()
        assert (run["STATE"], run["FIRST_ERROR_TASK_NAME"]) == ("FAILED", "SLOW")
        assert sql.graphs("CURRENT") == []
        sql("UPDATE pause SET seconds = 0")
        assert sql.retry() == {"SLOW": "SUCCEEDED", "LAST": "SUCCEEDED", "F": "SUCCEEDED"}
        assert [row["X"] for row in sql("SELECT x FROM log ORDER BY x")] == ["done", "f", "kept", "r", "slow"]
    finally:
        engine.close()


def test_a_clean_stop(state):
    engine, _ = opened(state)
    engine.open_session().execute("CREATE DATABASE D")
    sql = Schema(engine, "D", "PUBLIC")
    build(sql)
    sql("EXECUTE TASK r")
    while not any(run.running.get("SLOW") for run in sql.tasks.runner.active()):
        time.sleep(0.01)
    began = time.monotonic()
    engine.close()
    assert time.monotonic() - began < 3
    check_interrupted_and_retried(state)


def test_a_kill(state):
    engine = Engine.open(state)
    engine.open_session().execute("CREATE DATABASE D")
    build(Schema(engine, "D", "PUBLIC"))
    engine.close()
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(state)], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout.readline() == "running\n"
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
    check_interrupted_and_retried(state)


def test_tasks_versions_and_history_come_back(state):
    engine = Engine.open(state)
    engine.open_session().execute("CREATE DATABASE D")
    sql = Schema(engine, "D", "PUBLIC")
    sql.graph("r SCHEDULE = '1 H' CONFIG = '{}' COMMENT = 'c' AS SELECT 1", "c AFTER r WHEN 1 = 1 AS SELECT 2")
    sql("ALTER TASK r RESUME")
    sql.run()
    before = sql("SHOW TASKS"), sql.history(), sql.graphs()
    engine.close()
    engine, sql = opened(state)
    assert (sql("SHOW TASKS"), sql.history(), sql.graphs()) == before
    sql.run()
    assert sql.last()["GRAPH_VERSION"] == 1
    engine.close()


def test_a_queued_run_starts_after_the_restart(state):
    engine = Engine.open(state)
    engine.open_session().execute("CREATE DATABASE D")
    sql = Schema(engine, "D", "PUBLIC")
    build(sql)
    sql("EXECUTE TASK r", "EXECUTE TASK r")
    while not any(run.running.get("SLOW") for run in sql.tasks.runner.active()):
        time.sleep(0.01)
    sql("UPDATE pause SET seconds = 0")
    engine.close()
    engine, sql = opened(state)
    sql.settle()
    assert [run["STATE"] for run in sql.graphs()] == ["SUCCEEDED", "FAILED"]
    engine.close()
