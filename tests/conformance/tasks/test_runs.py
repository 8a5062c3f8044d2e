"""Fact sheet 3, 4 and 8: what a run shows, beyond tests/local/tasks."""

import json
from datetime import UTC, datetime

import pytest
from tests.conformance.tasks.waiting import wait_for

pytestmark = [pytest.mark.engine, pytest.mark.fact("3.2")]

OK, FAILS = "SELECT 1", "SELECT 1/0"


def executing(sql, task):
    return wait_for(lambda: [row for row in sql.history(TASK_NAME=f"'{task}'") if row["STATE"] == "EXECUTING"])[0]


def test_a_body_runs_in_a_fresh_session_of_its_own(sql):
    sql(
        "CREATE TABLE log (task VARCHAR, db VARCHAR, sc VARCHAR, role VARCHAR, wh VARCHAR, tag VARCHAR)",
        "CREATE TEMPORARY TABLE only_mine (x INT)",
    )
    facts = "CURRENT_DATABASE(), CURRENT_SCHEMA(), CURRENT_ROLE(), CURRENT_WAREHOUSE()"
    sql.graph(
        f"r WAREHOUSE = w AS BEGIN INSERT INTO log SELECT 'r', {facts}, NULL; USE SCHEMA information_schema; END",
        f"c WAREHOUSE = w AFTER r AS INSERT INTO log SELECT 'c', {facts}, NULL",
        "d AFTER r AS SELECT * FROM only_mine",
    )
    assert sql.run() == {"R": "SUCCEEDED", "C": "SUCCEEDED", "D": "FAILED"}
    expected = {"DB": "D", "SC": sql.prefix.split(".")[1], "ROLE": "ACCOUNTADMIN", "WH": "W", "TAG": None}
    assert sql("SELECT * FROM log ORDER BY task") == [{"TASK": task, **expected} for task in ("c", "r")]


def test_a_skipped_root_lets_nothing_else_start(sql):
    sql.graph(f"r WHEN 1 = 2 AS {OK}", f"c AFTER r AS {OK}", f"f FINALIZE = r AS {OK}")
    assert sql.run() == {"R": "SKIPPED"}
    assert sql.graphs() == []


@pytest.mark.fact("3.3")
def test_the_completion_states(sql):
    """Each task tells what it sees of another one: a task that only runs now has no state yet."""
    state = "SYSTEM$TASK_COMPLETION_STATE"
    sql.graph(
        f"r AS {OK}",
        f"failed AFTER r AS {FAILS}",
        f"skipped AFTER r WHEN 1 = 2 AS {OK}",
        "cancelled AFTER r AS CALL SYSTEM$WAIT(20)",
        f"beside AFTER r WHEN {state}('CANCELLED') = 'NOT_EXECUTED' AS {OK}",
        f"off AFTER r AS {OK}",
        f"below AFTER failed AS {OK}",
        f"last AFTER failed, skipped, cancelled, below WHEN SYSTEM$PREDECESSORS_STATE('ALL_DONE')"
        f" AND {state}('R') = 'SUCCEEDED' AND {state}('FAILED') = 'FAILED' AND {state}('SKIPPED') = 'SKIPPED'"
        f" AND {state}('CANCELLED') = 'CANCELLED' AND {state}('BELOW') = 'NOT_EXECUTED'"
        f" AND {state}('OFF') = 'NOT_EXECUTED' AS {OK}",
    )
    sql("ALTER TASK off SUSPEND", "EXECUTE TASK r")
    executing(sql, "CANCELLED")
    wait_for(lambda: sql.history(TASK_NAME="'BESIDE'"))
    sql("SELECT SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS('cancelled')")
    sql.settle()
    assert sql.states() == {
        "R": "SUCCEEDED",
        "FAILED": "FAILED",
        "SKIPPED": "SKIPPED",
        "CANCELLED": "CANCELLED",
        "BESIDE": "SUCCEEDED",
        "LAST": "SUCCEEDED",
    }
    assert sql.last()["STATE"] == "FAILED"


class TestWhatCountsAsAFailure:
    """1.2, 3.4: skipped and cancelled runs and failures of the system do not count towards the suspension."""

    pytestmark = pytest.mark.fact("1.2", "3.4")

    @pytest.fixture
    def root(self, sql):
        options = "SUSPEND_TASK_AFTER_NUM_FAILURES = 2 SCHEDULE = '1 H'"
        sql("CREATE TABLE does (x VARCHAR)", "INSERT INTO does VALUES ('fail')")
        body = """BEGIN
                    LET how := (SELECT x FROM does);
                    IF (how = 'fail') THEN SELECT 1/0; ELSEIF (how = 'wait') THEN CALL SYSTEM$WAIT(20); END IF;
                  END"""
        sql(f"CREATE TASK r {options} AS {body}", "ALTER TASK r RESUME")
        assert sql.run()["R"] == "FAILED"
        return sql

    def test_a_second_failure_suspends(self, root):
        assert root.run()["R"] == "FAILED_AND_AUTO_SUSPENDED"
        assert root.shown("R", "last_suspended_reason") == "SUSPENDED_DUE_TO_ERRORS"

    def test_a_cancelled_run_neither_counts_nor_breaks_the_row(self, root):
        root("UPDATE does SET x = 'wait'", "EXECUTE TASK r")
        executing(root, "R")
        root("SELECT SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS('r')")
        root.settle()
        assert (root.states(), root.shown("R", "state")) == ({"R": "CANCELLED"}, "started")
        root("UPDATE does SET x = 'fail'")
        assert root.run()["R"] == "FAILED_AND_AUTO_SUSPENDED"

    def test_a_failure_of_the_system_does_not_count(self, root):
        root("UPDATE does SET x = 'wait'", "EXECUTE TASK r")
        executing(root, "R")
        from neve.local.tasks.active import Stop

        for active in root.tasks.runner.active(root.shown("R", "id")):
            for run in active.running.values():
                run.stop(Stop.ENGINE_CLOSED)
        root.settle()
        newest = next(row["ERROR_CODE"] for row in root.history() if row["STATE"] == "FAILED")
        assert (root.states(), newest) == ({"R": "FAILED"}, "000603")
        assert root.shown("R", "state") == "started"

    def test_a_timeout_counts(self, root):
        root("UPDATE does SET x = 'wait'", "ALTER TASK r SUSPEND", "ALTER TASK r SET USER_TASK_TIMEOUT_MS = 100")
        root("ALTER TASK r RESUME")
        assert [root.run()["R"], root.run()["R"]] == ["FAILED", "FAILED_AND_AUTO_SUSPENDED"]


@pytest.mark.fact("3.7")
def test_task_history_gives_100_rows_unless_told(sql):
    from neve.local.tasks.records import TaskRow, to_ms

    sql("CREATE TASK r AS SELECT 1")
    sql.run()
    (run,) = sql.tasks.records.graphs("root_id = ?", sql.shown("R", "id"))
    for place in range(105):
        now = to_ms(datetime.now(UTC)) + place
        sql.tasks.records.save_task(
            TaskRow(0, run.group_id, 1, f"T{place}", now, "SELECT 1", None, "SUCCEEDED", now, now)
        )
    assert len(sql("SELECT * FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY())")) == 100
    assert len(sql.history()) == 106
    assert len(sql.history(RESULT_LIMIT=3)) <= 3


@pytest.mark.fact("4.2")
class TestWhoMaySetAReturnValue:
    def test_a_bare_call_in_scripting_may_not(self, sql):
        sql("CREATE TASK r AS BEGIN SYSTEM$SET_RETURN_VALUE('x'); END")
        assert sql.run() == {"R": "FAILED"}
        assert "cannot be executed as a statement in Snowscript" in sql.row("R")["ERROR_MESSAGE"]

    def test_a_procedure_in_sql_may_not(self, sql):
        sql("CREATE PROCEDURE p() RETURNS VARCHAR LANGUAGE SQL AS $$ BEGIN CALL SYSTEM$SET_RETURN_VALUE('x'); END $$")
        sql("CREATE TASK r AS CALL p()")
        assert sql.run() == {"R": "FAILED"}
        text = "Query called from a stored procedure contains a function with side effects"
        assert text in sql.row("R")["ERROR_MESSAGE"]

    @pytest.mark.parametrize(("rights", "state", "value"), [("CALLER", "SUCCEEDED", "x"), ("OWNER", "FAILED", None)])
    def test_a_python_procedure_may_with_the_callers_rights(self, sql, rights, state, value):
        sql(f"""CREATE PROCEDURE p() RETURNS VARCHAR LANGUAGE PYTHON RUNTIME_VERSION = '3.11'
                  PACKAGES = ('snowflake-snowpark-python') HANDLER = 'main' EXECUTE AS {rights} AS $$
def main(session):
    session.call("system$set_return_value", "x")
    return "not this"
$$""")
        sql("CREATE TASK r AS CALL p()")
        assert sql.run() == {"R": state}
        assert sql.row("R")["RETURN_VALUE"] == value

    def test_not_what_is_no_text(self, sql):
        sql("CREATE TASK r AS SELECT SYSTEM$SET_RETURN_VALUE(5)")
        assert sql.run() == {"R": "FAILED"}


@pytest.mark.fact("4.4")
def test_too_many_arguments_are_refused_wherever_it_is_called(sql):
    assert sql.refuses("SELECT SYSTEM$GET_TASK_GRAPH_CONFIG('a', 'b')") == (
        "SQL compilation error: error line 1 at position 7\ntoo many arguments for function "
        "[SYSTEM$GET_TASK_GRAPH_CONFIG('a', 'b')] expected 1, got 2"
    )


@pytest.mark.fact("4.1")
@pytest.mark.parametrize("verb", ["CREATE TASK t WHEN {} AS SELECT 1", "ALTER TASK r MODIFY WHEN {}"])
def test_a_condition_is_refused_when_it_is_written(sql, verb):
    sql("CREATE TASK r AS SELECT 1")
    assert sql.refuses(verb.format("CURRENT_TIMESTAMP() > '2020-01-01'")) == (
        "Invalid expression for task condition expression. Only some data type conversions and the following functions "
        "are allowed: [SYSTEM$GET_PREDECESSOR_RETURN_VALUE, SYSTEM$STREAM_HAS_DATA]."
    )


class TestNotifications:
    """1.2, 8: what the integrations of the root would be sent."""

    pytestmark = pytest.mark.fact("1.2", "8")

    @staticmethod
    def sent(sql):
        file = sql.engine.state / "notifications.jsonl"
        lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        return [line for line in lines if line["payload"]["taskName"].startswith(sql.prefix)]

    def test_of_a_failure(self, sql):
        sql.graph(f"r ERROR_INTEGRATION = alarm AS {OK}", f"c AFTER r AS {FAILS}")
        sql.run()
        (told,) = self.sent(sql)
        row, payload = sql.row("C"), told["payload"]
        assert told["integration"] == "ALARM"
        assert payload["messageType"] == "USER_TASK_FAILED"
        assert (payload["taskName"], payload["taskId"]) == (f"{sql.prefix}C", sql.shown("C", "id"))
        assert (payload["rootTaskName"], payload["rootTaskId"]) == (f"{sql.prefix}R", sql.shown("R", "id"))
        assert payload.keys() >= {"version", "messageId", "timestamp", "accountName"}
        (message,) = payload["messages"]
        assert message["queryId"] == row["QUERY_ID"]
        assert (message["errorCode"], message["errorMessage"]) == ("100051", "Division by zero")
        assert message["runId"] == str(row["RUN_ID"])
        assert datetime.fromisoformat(message["completedTime"]) == row["COMPLETED_TIME"]
        assert message.keys() >= {"scheduledTime", "queryStartTime"}

    def test_of_a_success(self, sql):
        sql.graph(f"r SUCCESS_INTEGRATION = bell AS {OK}", f"c AFTER r AS {OK}")
        sql.run()
        assert [(told["integration"], told["payload"]["messageType"]) for told in self.sent(sql)] == [
            ("BELL", "USER_TASK_SUCCEEDED")
        ]

    def test_nobody_is_told_without_one(self, sql):
        sql.graph(f"r AS {OK}", f"c AFTER r AS {FAILS}")
        sql.run()
        assert self.sent(sql) == []
