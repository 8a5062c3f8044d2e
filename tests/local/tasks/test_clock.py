"""The virtual clock: what runs while time passes at once (fact sheet 1.2.1, 3.1, 3.4)."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.local.tasks.conftest import Schema

from neve.local.engine import Engine

pytestmark = pytest.mark.engine

DAY = 86_400


def told(sql, *arguments):
    return json.loads(sql.value(f"SELECT SYSTEM$LOCAL_ENGINE_CLOCK({', '.join(map(repr, arguments))})"))


def advance(sql, seconds):
    """What ran in the schema: the root, when it was scheduled, how it ended."""
    ran = told(sql, "ADVANCE", seconds)["ran"]
    return [run for run in ran if f"{run['database']}.{run['schema']}." == sql.prefix]


def times(ran, zone=UTC):
    return [datetime.fromisoformat(run["scheduled"]).astimezone(zone).strftime("%m-%d %H:%M") for run in ran]


def day(sql, text):
    """Moves the clock to a day that is to come."""
    seconds = (datetime.fromisoformat(text).replace(tzinfo=UTC) - sql.tasks.clock.now()).total_seconds()
    told(sql, "ADVANCE", seconds)


def test_the_time_is_told_and_advanced(sql):
    before = sql.tasks.clock.now()
    assert told(sql)["ahead_seconds"] == 0
    after = told(sql, "ADVANCE", DAY)
    assert after["ran"] == []
    assert timedelta(0) < datetime.fromisoformat(after["now"]) - before - timedelta(days=1) < timedelta(minutes=1)
    assert DAY - 60 < after["ahead_seconds"] <= DAY
    assert told(sql, "RESET")["ahead_seconds"] == 0
    assert abs(sql.tasks.clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_an_interval(sql):
    sql("CREATE TASK r SCHEDULE = '6 HOURS' AS SELECT 1", "ALTER TASK r RESUME")
    ran = advance(sql, DAY)
    assert [(run["root"], run["from"], run["state"]) for run in ran] == [("R", "SCHEDULE", "SUCCEEDED")] * 4
    first = datetime.fromisoformat(ran[0]["scheduled"])
    assert [datetime.fromisoformat(run["scheduled"]) - first for run in ran] == [
        timedelta(hours=6 * n) for n in range(4)
    ]
    sql("ALTER TASK r SUSPEND")


def test_a_cron_across_the_end_of_summer_time(sql):
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("America/New_York")
    day(sql, "2027-11-06 12:00")  # clocks go back on the 7th, at 2 o'clock
    sql("CREATE TASK r SCHEDULE = 'USING CRON 30 1 * * * America/New_York' AS SELECT 1", "ALTER TASK r RESUME")
    assert times(advance(sql, 2 * DAY), zone) == ["11-07 01:30", "11-07 01:30", "11-08 01:30"]
    sql("ALTER TASK r SUSPEND")


def test_things_happen_in_order_and_see_their_time(sql):
    columns = "who VARCHAR, scheduled VARCHAR, at TIMESTAMP_LTZ, kept TIMESTAMP_LTZ DEFAULT current_timestamp()"
    sql(f"CREATE TABLE log ({columns})")
    body = (
        "INSERT INTO log (who, scheduled, at) SELECT '{}', "
        "SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP'), CURRENT_TIMESTAMP()"
    )
    for name, minutes in (("a", 40), ("b", 25)):
        sql(f"CREATE TASK {name} SCHEDULE = '{minutes} MINUTES' AS {body.format(name)}", f"ALTER TASK {name} RESUME")
    advance(sql, 6300)
    rows = sql(
        "SELECT *, at - scheduled::TIMESTAMP_LTZ < INTERVAL '1 minute' AS soon, kept = at AS same FROM log ORDER BY at"
    )
    assert "".join(row["WHO"] for row in rows) == "babbab"
    assert all(row["SOON"] and row["SAME"] for row in rows)
    sql("ALTER TASK a SUSPEND", "ALTER TASK b SUSPEND")


def test_a_run_that_takes_long_loses_the_ticks_meanwhile(sql):
    sql("CREATE TASK r SCHEDULE = '10 SECONDS' AS CALL SYSTEM$WAIT(1, 'SECONDS')")
    sql("ALTER TASK r RESUME", "EXECUTE TASK r")
    ran = advance(sql, 60)
    assert 4 <= len(ran) <= 6
    assert {run["state"] for run in ran} == {"SUCCEEDED"}
    sql("ALTER TASK r SUSPEND")


def test_failures_are_retried_and_suspend_the_root(sql):
    options = "SCHEDULE = '1 HOUR' TASK_AUTO_RETRY_ATTEMPTS = 1 SUSPEND_TASK_AFTER_NUM_FAILURES = 3"
    sql(f"CREATE TASK r {options} AS SELECT 1/0")
    sql("ALTER TASK r RESUME")
    ran = advance(sql, DAY)
    assert [(run["state"], run["attempts"]) for run in ran] == [("FAILED", 2)] * 3
    assert "Division by zero" in ran[0]["error"]
    assert sql.shown("R", "last_suspended_reason") == "SUSPENDED_DUE_TO_ERRORS"


def test_back_in_real_time_a_schedule_counts_from_now(sql):
    sql("CREATE TASK r SCHEDULE = '1 HOUR' AS SELECT 1")
    told(sql, "ADVANCE", 30 * DAY)
    sql("ALTER TASK r RESUME")
    told(sql, "RESET")
    ahead = sql.tasks.scheduler.next_ticks()[sql.shown("R", "id")] - datetime.now(UTC)
    assert timedelta(minutes=59) < ahead <= timedelta(hours=1)
    assert len(advance(sql, 3660)) == 1
    sql("ALTER TASK r SUSPEND")
    told(sql, "RESET")


@pytest.mark.parametrize("arguments", [("ADVANCE", -1), ("ADVANCE", "soon"), ("BACK",), ("ADVANCE", 10**12)])
def test_other_arguments_are_refused(sql, arguments):
    shown = ", ".join(map(repr, arguments))
    assert "SYSTEM$LOCAL_ENGINE_CLOCK" in sql.refuses(f"SELECT SYSTEM$LOCAL_ENGINE_CLOCK({shown})")


def test_it_survives_a_restart(tmp_path):
    for restarted in (False, True):
        engine = Engine.open(tmp_path)
        session = engine.open_session()
        if not restarted:
            session.execute("CREATE DATABASE D")
        sql = Schema(engine, "D", "PUBLIC")
        if not restarted:
            told(sql, "ADVANCE", 10 * DAY)
        assert told(sql)["ahead_seconds"] == pytest.approx(10 * DAY, abs=60)
        assert sql.value(f"SELECT DATEDIFF(day, '{datetime.now(UTC).date()}'::DATE, CURRENT_DATE())") in {9, 10}
        engine.close()
