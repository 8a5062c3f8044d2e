"""Fact sheet 3.2, 3.3: which tasks of a graph run, row by row of the table."""

import pytest

from neve.local.tasks.states import CONDITIONS, State

OK, FAILS = "SELECT 1", "SELECT 1/0"
R = f"r AS {OK}"

pytestmark = [pytest.mark.engine, pytest.mark.fact("3.2")]


def test_all_succeed_in_order(sql):
    sql("CREATE TABLE log (x VARCHAR)")
    sql.graph(
        "r AS INSERT INTO log VALUES ('r')",
        "a AFTER r AS INSERT INTO log VALUES ('a')",
        "b AFTER r AS INSERT INTO log VALUES ('b')",
        "c AFTER a, b AS INSERT INTO log VALUES ('c')",
    )
    assert sql.run() == dict.fromkeys("RABC", "SUCCEEDED")
    order = [row["X"] for row in sql("SELECT x FROM log")]
    assert (order[0], set(order[1:3]), order[3]) == ("r", {"a", "b"}, "c")
    assert sql.last()["STATE"] == "SUCCEEDED"


def test_siblings_run_at_the_same_time(sql):
    wait = "CALL SYSTEM$WAIT(600, 'MILLISECONDS')"
    sql.graph(R, *(f"c{i} AFTER r AS {wait}" for i in range(4)))
    sql.run()
    rows = [sql.row(f"C{i}") for i in range(4)]
    assert max(row["QUERY_START_TIME"] for row in rows) < min(row["COMPLETED_TIME"] for row in rows)


def test_a_failed_predecessor_stops_its_descendants_and_no_others(sql):
    sql.graph(R, f"a AFTER r AS {FAILS}", f"b AFTER a AS {OK}", f"c AFTER b AS {OK}", f"d AFTER r AS {OK}")
    assert sql.run() == {"R": "SUCCEEDED", "A": "FAILED", "D": "SUCCEEDED"}
    graph = sql.last()
    assert graph["STATE"] == "FAILED"
    assert (graph["FIRST_ERROR_TASK_NAME"], graph["FIRST_ERROR_CODE"]) == ("A", "100051")
    assert graph["FIRST_ERROR_MESSAGE"] == sql.row("A")["ERROR_MESSAGE"] == "Division by zero"


def test_a_failed_root(sql):
    sql.graph(f"r AS {FAILS}", f"a AFTER r AS {OK}")
    assert sql.run() == {"R": "FAILED"}


def test_a_skipped_predecessor_stops_its_descendants_and_the_graph_succeeds(sql):
    sql.graph(R, f"a AFTER r WHEN 1 = 2 AS {OK}", f"b AFTER a AS {OK}", f"c AFTER r AS {OK}")
    assert sql.run() == {"R": "SUCCEEDED", "A": "SKIPPED", "C": "SUCCEEDED"}
    row = sql.row("A")
    assert (row["ERROR_CODE"], row["ERROR_MESSAGE"]) == (
        "0040003",
        "Conditional expression for task evaluated to false.",
    )
    assert (row["CONDITION_TEXT"], row["QUERY_ID"], row["QUERY_START_TIME"]) == ("1 = 2", None, None)
    assert sql.last()["STATE"] == "SUCCEEDED"


def test_one_skipped_predecessor_blocks_a_join(sql):
    sql.graph(R, f"a AFTER r WHEN 1 = 2 AS {OK}", f"b AFTER r AS {OK}", f"j AFTER a, b AS {OK}")
    assert sql.run() == {"R": "SUCCEEDED", "A": "SKIPPED", "B": "SUCCEEDED"}


def test_a_suspended_predecessor_is_ignored(sql):
    sql.graph(R, f"a AFTER r AS {FAILS}", f"b AFTER r AS {OK}", f"j AFTER a, b AS {OK}")
    sql("ALTER TASK a SUSPEND")
    assert sql.run() == {"R": "SUCCEEDED", "B": "SUCCEEDED", "J": "SUCCEEDED"}


def test_a_child_whose_every_predecessor_is_suspended_does_not_run(sql):
    sql.graph(R, f"a AFTER r AS {OK}", f"b AFTER a AS {OK}", f"c AFTER b AS {OK}")
    sql("ALTER TASK a SUSPEND")
    assert sql.run() == {"R": "SUCCEEDED"}
    assert sql.last()["STATE"] == "SUCCEEDED"


def test_a_suspended_child_does_not_run(sql):
    sql.graph(R, f"a AFTER r AS {OK}", f"b AFTER r AS {OK}")
    sql("ALTER TASK b SUSPEND")
    assert sql.run() == {"R": "SUCCEEDED", "A": "SUCCEEDED"}
    assert sql.last()["STATE"] == "SUCCEEDED"


def test_a_cancelled_predecessor_stops_its_descendants(sql):
    sql.graph(R, "a AFTER r AS CALL SYSTEM$WAIT(10)", f"b AFTER a AS {OK}", f"c AFTER r AS {OK}")
    sql("EXECUTE TASK r")
    until_running(sql, "A")
    answer = sql.value("SELECT SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS('a')")
    assert answer.startswith("Marked 1 task runs for cancellation.")
    assert sql.row("A")["QUERY_ID"] in answer
    sql.settle()
    assert sql.states() == {"R": "SUCCEEDED", "A": "CANCELLED", "C": "SUCCEEDED"}
    assert sql.last()["STATE"] == "CANCELLED"
    sql("ALTER TASK a MODIFY AS SELECT 1")
    assert sql.refusal("EXECUTE TASK r RETRY LAST").code == 91457


def test_a_cancelled_task_runs_again_in_a_retry(sql):
    sql("CREATE TABLE pause (seconds INT)", "INSERT INTO pause VALUES (10)")
    body = "BEGIN LET n := (SELECT seconds FROM pause); CALL SYSTEM$WAIT(:n); END"
    sql.graph(R, f"a AFTER r AS {body}", f"b AFTER a AS {OK}")
    sql("EXECUTE TASK r")
    until_running(sql, "A")
    sql("SELECT SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS('a')")
    sql.settle()
    sql("UPDATE pause SET seconds = 0")
    assert sql.retry() == {"A": "SUCCEEDED", "B": "SUCCEEDED"}


def until_running(sql, task):
    """Waits until a task shows as EXECUTING."""
    from time import monotonic, sleep

    end = monotonic() + 5
    while not any(row["STATE"] == "EXECUTING" for row in sql.history(TASK_NAME=f"'{task}'")):
        assert monotonic() < end
        sleep(0.01)


@pytest.mark.fact("3.3")
@pytest.mark.parametrize(
    ("condition", "states", "expected"),
    [
        ("ALL_SUCCEEDED", ["SUCCEEDED", "SUCCEEDED"], True),
        ("ALL_SUCCEEDED", ["SUCCEEDED", "SKIPPED"], False),
        ("ALL_FAILED", ["FAILED", "FAILED"], True),
        ("ALL_FAILED", ["FAILED", "SUCCEEDED"], False),
        ("ALL_DONE", ["FAILED", "NOT_EXECUTED"], True),
        ("ALL_SKIPPED", ["SKIPPED", "SKIPPED"], True),
        ("ALL_SKIPPED", ["SKIPPED", "NOT_EXECUTED"], False),
        ("AT_LEAST_ONE_FAILED", ["SUCCEEDED", "FAILED"], True),
        ("AT_LEAST_ONE_FAILED", ["SUCCEEDED", "CANCELLED"], False),
        ("AT_LEAST_ONE_SUCCEEDED", ["SUCCEEDED", "FAILED"], True),
        ("AT_LEAST_ONE_SUCCEEDED", ["SKIPPED", "FAILED"], False),
        ("NONE_FAILED", ["SUCCEEDED", "SKIPPED"], True),
        ("NONE_FAILED", ["SUCCEEDED", "NOT_EXECUTED"], False),
        ("NONE_FAILED_MIN_ONE_SUCCEEDED", ["SUCCEEDED", "SKIPPED"], True),
        ("NONE_FAILED_MIN_ONE_SUCCEEDED", ["SKIPPED", "SKIPPED"], False),
        ("NONE_SKIPPED", ["SUCCEEDED", "FAILED"], True),
        ("NONE_SKIPPED", ["SUCCEEDED", "SKIPPED"], False),
    ],
)
def test_3_3_conditions_on_predecessors(condition, states, expected):
    assert CONDITIONS[condition]([State(state) for state in states]) is expected


@pytest.mark.fact("3.3")
def test_3_3_a_condition_on_predecessors_replaces_the_gate(sql):
    sql.graph(
        R,
        f"a AFTER r AS {FAILS}",
        f"b AFTER r AS {OK}",
        f"on_failure AFTER a, b WHEN SYSTEM$PREDECESSORS_STATE('AT_LEAST_ONE_FAILED') AS {OK}",
        f"on_success AFTER a, b WHEN SYSTEM$PREDECESSORS_STATE('all_succeeded') AND 1 = 1 AS {OK}",
        f"always AFTER on_success WHEN SYSTEM$PREDECESSORS_STATE('ALL_DONE') AS {OK}",
    )
    assert sql.run() == {
        "R": "SUCCEEDED",
        "A": "FAILED",
        "B": "SUCCEEDED",
        "ON_FAILURE": "SUCCEEDED",
        "ON_SUCCESS": "SKIPPED",
        "ALWAYS": "SUCCEEDED",
    }
    assert sql.last()["STATE"] == "FAILED"


@pytest.mark.fact("3.3")
def test_3_3_the_state_of_another_task(sql):
    state = "SYSTEM$TASK_COMPLETION_STATE"
    sql.graph(
        R,
        f"a AFTER r WHEN 1 = 2 AS {OK}",
        f"b AFTER a AS {OK}",
        f"c AFTER b WHEN SYSTEM$PREDECESSORS_STATE('ALL_DONE') AND {state}('A') = 'SKIPPED' AS {OK}",
        f"d AFTER c WHEN {state}('B') = 'NOT_EXECUTED' AS {OK}",
        f"e AFTER d WHEN {state}('NOBODY') = 'SKIPPED' AS {OK}",
    )
    assert sql.run() == {"R": "SUCCEEDED", "A": "SKIPPED", "C": "SUCCEEDED", "D": "SUCCEEDED", "E": "FAILED"}
    assert "NOBODY" in sql.row("E")["ERROR_MESSAGE"]
