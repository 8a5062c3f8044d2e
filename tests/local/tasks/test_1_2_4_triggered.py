"""Fact sheet 1.2.4: roots that a stream starts. Time passes on the virtual clock."""

import json
import time

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.fact("1.2.4")]

TAKE = "INSERT INTO taken SELECT k FROM s"


@pytest.fixture
def sql(sql):
    """A table `t` with a stream `s`, and a task `g` that takes what the stream has; it is suspended."""
    sql("CREATE TABLE t (k INT)", "CREATE TABLE taken (k INT)", "CREATE STREAM s ON TABLE t")
    sql(f"CREATE TASK g WHEN SYSTEM$STREAM_HAS_DATA('s') AS {TAKE}")
    yield sql
    sql("ALTER TASK IF EXISTS g SUSPEND")
    sql.settle("G")


def advance(sql, seconds):
    """The states of the runs of `g`, with what started them."""
    told = json.loads(sql.value(f"SELECT SYSTEM$LOCAL_ENGINE_CLOCK('ADVANCE', {seconds})"))
    return [(run["from"], run["state"]) for run in told["ran"] if f"{run['database']}.{run['schema']}." == sql.prefix]


def test_it_runs_when_the_stream_changes(sql):
    sql("ALTER TASK g RESUME")
    assert advance(sql, 3600) == []
    sql("INSERT INTO t VALUES (1)")
    assert advance(sql, 3600) == [("TRIGGER", "SUCCEEDED")]
    assert sql.value("SELECT count(*) FROM taken") == 1
    assert sql.row("G")["SCHEDULED_FROM"] == "TRIGGER"
    assert sql.shown("G", "schedule") is None


def test_in_real_time_within_seconds(sql):
    sql("ALTER TASK g RESUME", "INSERT INTO t VALUES (1)")
    end = time.monotonic() + 20
    while not sql.value("SELECT count(*) FROM taken"):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_changes_that_came_before_resume_count(sql):
    sql("INSERT INTO t VALUES (1)", "ALTER TASK g RESUME")
    assert advance(sql, 60) == [("TRIGGER", "SUCCEEDED")]


@pytest.mark.parametrize(("setting", "pause"), [("", 30), ("USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS = 10", 10)])
def test_not_sooner_than_the_interval_after_the_last_run(sql, setting, pause):
    sql(f"CREATE OR REPLACE TASK g {setting} WHEN SYSTEM$STREAM_HAS_DATA('s') AS {TAKE}", "ALTER TASK g RESUME")
    sql("INSERT INTO t VALUES (1)")
    assert len(advance(sql, 1)) == 1
    sql("INSERT INTO t VALUES (2)")
    assert advance(sql, pause / 3) == []
    assert len(advance(sql, pause)) == 1
    assert sql.value("SELECT count(*) FROM taken") == 2


def test_a_task_that_takes_nothing_waits_for_the_next_change(sql):
    sql("CREATE OR REPLACE TASK g WHEN SYSTEM$STREAM_HAS_DATA('s') AS SELECT 1", "ALTER TASK g RESUME")
    sql("INSERT INTO t VALUES (1)")
    assert len(advance(sql, 3600)) == 1
    sql("INSERT INTO t VALUES (2)")
    assert len(advance(sql, 3600)) == 1


def test_every_twelve_hours_it_is_looked_after(sql):
    sql("ALTER TASK g RESUME")
    assert advance(sql, 25 * 3600) == [("TRIGGER", "SKIPPED")] * 2
    assert sql.row("G")["ERROR_CODE"] == "0040003"


def test_the_rest_of_the_condition_counts(sql):
    sql("CREATE STREAM other ON TABLE taken")
    both = "SYSTEM$STREAM_HAS_DATA('s') AND SYSTEM$STREAM_HAS_DATA('other')"
    sql(f"CREATE OR REPLACE TASK g WHEN {both} AS {TAKE}", "ALTER TASK g RESUME", "INSERT INTO t VALUES (1)")
    assert advance(sql, 60) == [("TRIGGER", "SKIPPED")]
    sql("INSERT INTO taken VALUES (0)")
    assert advance(sql, 60)[0] == ("TRIGGER", "SUCCEEDED")


def test_execute_task_evaluates_the_condition(sql):
    assert sql.run("G") == {"G": "SKIPPED"}
    sql("INSERT INTO t VALUES (1)")
    assert sql.run("G") == {"G": "SUCCEEDED"}
    assert sql.row("G")["SCHEDULED_FROM"] == "EXECUTE TASK"


def test_a_graph_below_it_runs_too_and_one_run_leads_to_another(sql):
    sql("CREATE TABLE last (k INT)", "CREATE STREAM further ON TABLE taken")
    sql("CREATE TASK h WHEN SYSTEM$STREAM_HAS_DATA('further') AS SELECT 1")
    sql("CREATE TASK child AFTER h AS INSERT INTO last SELECT k FROM further", "ALTER TASK child RESUME")
    sql("ALTER TASK h RESUME", "ALTER TASK g RESUME", "INSERT INTO t VALUES (7)")
    assert advance(sql, 1) == [("TRIGGER", "SUCCEEDED")] * 2
    assert sql.value("SELECT k FROM last") == 7
    sql("ALTER TASK h SUSPEND")


def test_a_stream_that_is_not_there(sql):
    sql("CREATE OR REPLACE TASK g WHEN SYSTEM$STREAM_HAS_DATA('nowhere') AS SELECT 1", "ALTER TASK g RESUME")
    assert advance(sql, 3600) == []
    assert advance(sql, 12 * 3600) == [("TRIGGER", "FAILED")]
    assert "NOWHERE" in sql.row("G")["ERROR_MESSAGE"]


def test_failures_in_a_row_suspend_it(sql):
    sql("CREATE OR REPLACE TASK g SUSPEND_TASK_AFTER_NUM_FAILURES = 2 WHEN SYSTEM$STREAM_HAS_DATA('s') AS SELECT 1/0")
    sql("ALTER TASK g RESUME")
    for k in range(3):
        sql(f"INSERT INTO t VALUES ({k})")
        advance(sql, 60)
    assert sql.shown("G", "state") == "suspended"
    assert len(sql.history(TASK_NAME="'G'")) == 2
