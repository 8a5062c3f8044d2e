"""Fact sheet 3.1, 3.7, 3.8: TASK_HISTORY, CURRENT_ and COMPLETE_TASK_GRAPHS."""

from datetime import UTC, datetime, timedelta

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.fact("3.7")]

OK = "SELECT 1"
HISTORY = [
    "QUERY_ID", "NAME", "DATABASE_NAME", "SCHEMA_NAME", "QUERY_TEXT", "CONDITION_TEXT", "STATE", "ERROR_CODE",
    "ERROR_MESSAGE", "SCHEDULED_TIME", "QUERY_START_TIME", "NEXT_SCHEDULED_TIME", "COMPLETED_TIME", "ROOT_TASK_ID",
    "GRAPH_VERSION", "RUN_ID", "RETURN_VALUE", "SCHEDULED_FROM", "ATTEMPT_NUMBER", "CONFIG", "QUERY_HASH",
    "QUERY_HASH_VERSION", "QUERY_PARAMETERIZED_HASH", "QUERY_PARAMETERIZED_HASH_VERSION", "GRAPH_RUN_GROUP_ID",
    "BACKFILL_INFO", "SPCS_JOB_ID",
]  # fmt: skip
COMPLETE = [
    "ROOT_TASK_NAME", "DATABASE_NAME", "SCHEMA_NAME", "STATE", "FIRST_ERROR_TASK_NAME", "FIRST_ERROR_CODE",
    "FIRST_ERROR_MESSAGE", "SCHEDULED_TIME", "QUERY_START_TIME", "NEXT_SCHEDULED_TIME", "COMPLETED_TIME",
    "ROOT_TASK_ID", "GRAPH_VERSION", "RUN_ID", "ATTEMPT_NUMBER", "SCHEDULED_FROM", "CONFIG", "GRAPH_RUN_GROUP_ID",
    "BACKFILL_INFO", "SCHEDULED_BY_USER",
]  # fmt: skip


def columns(sql, function):
    query = f"SELECT * FROM TABLE(INFORMATION_SCHEMA.{function}())"
    return [column.name for column in sql.session.execute(query).columns]


@pytest.fixture
def graph(sql):
    sql.graph(f"r CONFIG = '{{}}' AS {OK}", "c AFTER r WHEN 1 = 1 AS SELECT 1/0", f"d AFTER r AS {OK}")
    sql.run()
    return sql


@pytest.mark.fact("3.7", "3.8")
def test_the_columns(graph):
    assert columns(graph, "TASK_HISTORY") == HISTORY
    assert columns(graph, "COMPLETE_TASK_GRAPHS") == COMPLETE
    assert columns(graph, "CURRENT_TASK_GRAPHS") == [name for name in COMPLETE if name != "COMPLETED_TIME"]


def test_the_types(graph):
    result = graph.session.execute("SELECT * FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY())")
    kinds = {column.name: column.type.kind for column in result.columns}
    assert {kinds[name] for name in kinds if name.endswith("_TIME")} == {"TIMESTAMP_LTZ"}
    assert {kinds[name] for name in ("RUN_ID", "GRAPH_VERSION", "ATTEMPT_NUMBER", "GRAPH_RUN_GROUP_ID")} == {"FIXED"}
    assert {kinds[name] for name in ("NAME", "STATE", "ERROR_CODE", "RETURN_VALUE", "CONFIG", "QUERY_ID")} == {"TEXT"}


@pytest.mark.fact("3.1", "3.7")
def test_the_rows_of_a_run(graph):
    root, child = graph.row("R"), graph.row("C")
    shared = [
        "RUN_ID",
        "GRAPH_RUN_GROUP_ID",
        "ROOT_TASK_ID",
        "GRAPH_VERSION",
        "ATTEMPT_NUMBER",
        "SCHEDULED_FROM",
        "CONFIG",
    ]
    assert [root[name] for name in shared] == [child[name] for name in shared]
    assert root["ROOT_TASK_ID"] == graph.shown("R", "id")
    assert root["RUN_ID"] == int(root["SCHEDULED_TIME"].timestamp() * 1000 + 0.5)
    assert (root["SCHEDULED_FROM"], root["ATTEMPT_NUMBER"], root["CONFIG"]) == ("EXECUTE TASK", 1, "{}")
    assert (child["QUERY_TEXT"], child["CONDITION_TEXT"]) == ("SELECT 1/0", "1 = 1")
    assert (child["STATE"], child["ERROR_CODE"], child["ERROR_MESSAGE"]) == ("FAILED", "100051", "Division by zero")
    assert root["SCHEDULED_TIME"] <= root["QUERY_START_TIME"] <= root["COMPLETED_TIME"] <= child["SCHEDULED_TIME"]
    assert len({row["QUERY_ID"] for row in graph.history()}) == 3


def test_the_filters(graph):
    def names(**filters):
        return sorted(row["NAME"] for row in graph.history(**filters))

    schema, root_id = graph.prefix.split(".")[1], graph.shown("R", "id")
    assert names() == ["C", "D", "R"]
    assert names(TASK_NAME="'c'") == ["C"]
    assert names(ERROR_ONLY="TRUE") == ["C"]
    assert names(ROOT_TASK_ID=f"'{root_id}'") == ["C", "D", "R"]
    assert names(SCHEMA_NAME=f"'{schema.lower()}'", DATABASE_NAME="'d'") == ["C", "D", "R"]
    assert names(SCHEMA_NAME="'NO_SUCH'") == []
    assert names(SCHEDULED_TIME_RANGE_START="DATEADD('hour', -1, CURRENT_TIMESTAMP())") == ["C", "D", "R"]
    assert names(SCHEDULED_TIME_RANGE_END="DATEADD('hour', -1, CURRENT_TIMESTAMP())") == []
    assert names(SCHEDULED_TIME_RANGE_START="'2999-01-01'::TIMESTAMP_LTZ") == []


def test_the_newest_come_first_and_the_limit_cuts_the_oldest(graph):
    graph.run()
    times = [row["SCHEDULED_TIME"] for row in graph.history()]
    assert times == sorted(times, reverse=True)
    schema = graph.prefix.split(".")[1]
    cut = graph.history(RESULT_LIMIT=4, SCHEMA_NAME=f"'{schema}'")
    assert [row["SCHEDULED_TIME"] for row in cut] == times[:4]


@pytest.mark.fact("3.7", "3.8")
def test_the_limit_is_10000(graph):
    text = "Value for parameter RESULT_LIMIT exceeds maximum allowable value (10,000)."
    for function in ("TASK_HISTORY", "CURRENT_TASK_GRAPHS", "COMPLETE_TASK_GRAPHS"):
        assert graph.refuses(f"SELECT * FROM TABLE(INFORMATION_SCHEMA.{function}(RESULT_LIMIT => 10001))") == text


def test_an_argument_that_does_not_exist(sql):
    assert "NAME" in sql.refuses("SELECT * FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(NAME => 'x'))")


@pytest.mark.fact("3.8")
def test_a_complete_graph(graph):
    (run,) = graph.graphs()
    assert (run["ROOT_TASK_NAME"], run["STATE"], run["FIRST_ERROR_TASK_NAME"]) == ("R", "FAILED", "C")
    assert (run["SCHEDULED_BY_USER"], run["NEXT_SCHEDULED_TIME"]) == ("NEVE", None)
    last = max(row["COMPLETED_TIME"] for row in graph.history())
    assert run["COMPLETED_TIME"] >= last
    by_name = "SELECT * FROM TABLE(INFORMATION_SCHEMA.COMPLETE_TASK_GRAPHS(ROOT_TASK_NAME => 'r', ERROR_ONLY => TRUE))"
    assert run in graph(by_name)


@pytest.mark.fact("3.8")
def test_graphs_of_the_last_hour_only(graph, monkeypatch):
    now = graph.tasks.clock.now()
    monkeypatch.setattr(graph.tasks.clock, "now", lambda: now + timedelta(minutes=61))
    assert graph.graphs() == []
    assert len(graph.history()) == 3


@pytest.mark.fact("3.8")
def test_current_graphs_and_the_next_run(sql):
    sql.graph("r SCHEDULE = 'USING CRON 0 0 * * * UTC' AS CALL SYSTEM$WAIT(10)", f"c AFTER r AS {OK}")
    assert sql.graphs("CURRENT") == []
    sql("ALTER TASK r RESUME", "EXECUTE TASK r")
    (running,) = sql.graphs("CURRENT")
    midnight = running["SCHEDULED_TIME"].astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(
        days=1
    )
    assert (running["STATE"], running["NEXT_SCHEDULED_TIME"]) == ("EXECUTING", midnight)
    sql("SELECT SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS('r')")
    sql.settle()
    assert sql.last()["STATE"] == "CANCELLED"
    (following,) = sql.graphs("CURRENT")
    assert (following["STATE"], following["SCHEDULED_FROM"]) == ("SCHEDULED", "SCHEDULE")
    assert following["SCHEDULED_TIME"] == running["NEXT_SCHEDULED_TIME"]


@pytest.mark.fact("3.8")
def test_a_next_run_shows_for_eight_days_ahead(sql):
    today = datetime.now(UTC)
    near, far = today + timedelta(days=7), today + timedelta(days=9)
    for name, day in (("near", near), ("far", far)):
        sql(f"CREATE TASK {name} SCHEDULE = 'USING CRON 0 0 {day.day} {day.month} * UTC' AS SELECT 1")
        sql(f"ALTER TASK {name} RESUME")
    assert [run["ROOT_TASK_NAME"] for run in sql.graphs("CURRENT")] == ["NEAR"]
    assert [row["NAME"] for row in sql.history()] == ["NEAR"]


@pytest.mark.fact("3.8")
def test_next_run_beside_the_present_one_when_they_may_overlap(sql):
    options = "SCHEDULE = 'USING CRON 0 0 * * * UTC' OVERLAP_POLICY = ALLOW_ALL_OVERLAP"
    sql.graph(f"r {options} AS CALL SYSTEM$WAIT(10)", f"c AFTER r AS {OK}")
    sql("ALTER TASK r RESUME", "EXECUTE TASK r")
    assert [row["STATE"] for row in sql.graphs("CURRENT")] == ["SCHEDULED", "EXECUTING"]
    sql("SELECT SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS('r')")
    sql.settle()


def test_the_next_tick_shows_in_the_history(sql):
    sql("CREATE TASK r SCHEDULE = '1 H' AS SELECT 1", "ALTER TASK r RESUME")
    (row,) = sql.history()
    assert (row["NAME"], row["STATE"], row["SCHEDULED_FROM"]) == ("R", "SCHEDULED", "SCHEDULE")
    resumed = sql.shown("R", "last_committed_on")
    assert row["SCHEDULED_TIME"] == row["NEXT_SCHEDULED_TIME"] == resumed + timedelta(hours=1)
    sql("ALTER TASK r SUSPEND")
    assert sql.history() == []


@pytest.mark.fact("3.1", "3.6")
class TestSchedule:
    """3.1, 3.6: ticks of a started root, on a clock that the test moves."""

    @pytest.fixture
    def clock(self, sql, monkeypatch):
        class Clock:
            time = datetime(2026, 11, 22, 12, tzinfo=UTC)

            def now(self):
                return self.time

        clock = Clock()
        monkeypatch.setattr(sql.tasks, "clock", clock)
        monkeypatch.setattr(sql.tasks.scheduler.schedules, "_seen", clock.time)
        return clock

    @staticmethod
    def scheduled(sql):
        runs = [row for row in sql.history() if row["SCHEDULED_FROM"] == "SCHEDULE" and row["STATE"] != "SCHEDULED"]
        return sorted(row["SCHEDULED_TIME"].astimezone(UTC).strftime("%H:%M") for row in runs)

    def advance(self, sql, clock, **by):
        clock.time += timedelta(**by)
        sql.tasks.scheduler.fire_due()
        sql.settle()

    def test_the_first_run_is_one_interval_after_resume(self, sql, clock):
        sql("CREATE TASK r SCHEDULE = '1 H' AS SELECT 1", "ALTER TASK r RESUME")
        for _ in range(5):
            self.advance(sql, clock, minutes=30)
        assert self.scheduled(sql) == ["13:00", "14:00"]

    def test_a_suspended_root_does_not_run_and_resuming_counts_anew(self, sql, clock):
        sql("CREATE TASK r SCHEDULE = '1 H' AS SELECT 1", "ALTER TASK r RESUME")
        self.advance(sql, clock, minutes=70)
        sql("ALTER TASK r SUSPEND")
        self.advance(sql, clock, minutes=60)
        sql("ALTER TASK r RESUME")
        self.advance(sql, clock, minutes=60)
        assert self.scheduled(sql) == ["13:00", "15:10"]

    def test_missed_ticks_are_dropped(self, sql, clock):
        sql("CREATE TASK r SCHEDULE = 'USING CRON */10 * * * * UTC' AS SELECT 1", "ALTER TASK r RESUME")
        self.advance(sql, clock, minutes=55)
        assert self.scheduled(sql) == ["12:50"]

    def test_a_tick_during_a_run_is_lost(self, sql, clock):
        sql("CREATE TASK r SCHEDULE = '1 H' AS CALL SYSTEM$WAIT(250, 'MILLISECONDS')", "ALTER TASK r RESUME")
        for _ in range(2):
            clock.time += timedelta(hours=1)
            sql.tasks.scheduler.fire_due()
        sql.settle()
        assert self.scheduled(sql) == ["13:00"]

    def test_children_report_the_roots_cause_and_time(self, sql, clock):
        sql.graph("r SCHEDULE = '1 H' AS SELECT 1", f"c AFTER r AS {OK}")
        sql("ALTER TASK r RESUME")
        self.advance(sql, clock, hours=1)
        _root, child = sql.row("R"), sql.row("C")
        assert child["SCHEDULED_FROM"] == "SCHEDULE"
        assert child["RUN_ID"] == int(datetime(2026, 11, 22, 13, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.fact("3.1")
def test_the_scheduler_runs_in_real_time(sql, monkeypatch):
    """The thread itself wakes up: ten seconds are let pass by moving where the schedule counts from."""
    from dataclasses import replace
    from time import monotonic, sleep

    sql("CREATE TASK r SCHEDULE = '10 SECONDS' AS SELECT 1", "ALTER TASK r RESUME")
    with sql.tasks.lock:
        (root,) = [task for task in sql.tasks.catalog if task.id == sql.shown("R", "id")]
        sql.tasks.catalog.save(replace(root, base=root.base - timedelta(seconds=9.8)))
    sql.tasks.scheduler.wake()
    end = monotonic() + 5
    while not sql.graphs():
        assert monotonic() < end
        sleep(0.02)
    sql("ALTER TASK r SUSPEND")
    assert sql.last()["SCHEDULED_FROM"] == "SCHEDULE"


def test_account_usage_is_refused(sql):
    for query in (
        "SELECT * FROM SNOWFLAKE.ACCOUNT_USAGE.TASK_HISTORY",
        "WITH h AS (SELECT * FROM snowflake.account_usage.task_history) SELECT * FROM h",
    ):
        error = sql.refusal(query)
        assert (error.code, error.sqlstate) == (2, "0A000")
        assert "INFORMATION_SCHEMA" in error.message


@pytest.mark.fact("3.7")
def test_secrets_in_a_body_are_not_shown(sql):
    sql.graph("r AS ALTER USER nobody SET password /* new */ = 'hunter2'")
    sql.run()
    history = "SELECT query_text FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY()) WHERE query_text LIKE 'ALTER USER%'"
    assert sql.session.execute(history).rows == [("ALTER USER nobody SET password /* new */ = ****",)]
