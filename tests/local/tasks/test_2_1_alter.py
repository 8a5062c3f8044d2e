"""Fact sheet 2.1 to 2.3: ALTER, versions, DROP."""

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.fact("2.1")]


@pytest.fixture
def graph(sql):
    """Root R, child C, finalizer F, all of them started."""
    sql.graph("r AS SELECT 1", "c AFTER r AS SELECT 1", "f FINALIZE = r AS SELECT 1")
    sql("ALTER TASK r RESUME")
    return sql


def test_the_forms_that_change_a_task(sql):
    sql.create("r AS SELECT 1", "t AS SELECT 1")
    assert sql.status("ALTER TASK t SET SCHEDULE = '5 M' COMMENT = 'c'") == "Statement executed successfully."
    assert (sql.shown("T", "schedule"), sql.shown("T", "comment")) == ("5 M", "c")
    sql("ALTER TASK t UNSET SCHEDULE, COMMENT", "ALTER TASK t MODIFY AS SELECT 2", "ALTER TASK t MODIFY WHEN 1 = 1")
    shown = sql.shown("T")
    assert (shown["schedule"], shown["definition"], shown["condition"]) == (None, "SELECT 2", "1 = 1")
    sql("ALTER TASK t REMOVE WHEN", "ALTER TASK t REMOVE WHEN")
    assert sql.shown("T", "condition") is None
    sql("ALTER TASK t SET EXECUTE AS USER bob")
    assert sql.shown("T", "execute_as_user") == "BOB"
    sql("ALTER TASK t UNSET EXECUTE AS USER", "ALTER TASK t SET TAG a = 'b'", "ALTER TASK t UNSET TAG a")
    assert sql.shown("T", "execute_as_user") is None


@pytest.mark.fact("2.1", "8")
def test_an_unknown_task(sql):
    error = sql.refusal("ALTER TASK nobody RESUME")
    text = f"SQL compilation error:\nTask '{sql.prefix}NOBODY' does not exist or not authorized."
    assert (error.code, error.sqlstate, error.message) == (2003, "02000", text)
    assert sql.status("ALTER TASK IF EXISTS nobody SUSPEND") == "Statement executed successfully."
    assert sql.refusal("EXECUTE TASK nobody").code == sql.refusal("DROP TASK nobody").code == 2003
    assert sql.refusal("DESCRIBE TASK nobody").code == 2003


@pytest.mark.fact("2.1", "8")
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TASK {0} SET COMMENT = 'c'",
        "ALTER TASK {0} UNSET COMMENT",
        "ALTER TASK {0} MODIFY AS SELECT 2",
        "ALTER TASK {0} MODIFY WHEN 1 = 1",
        "ALTER TASK {0} REMOVE WHEN",
    ],
)
@pytest.mark.parametrize("task", ["r", "c", "f"])
def test_nothing_of_a_started_graph_changes(graph, statement, task):
    error = graph.refusal(statement.format(task))
    text = f"Unable to update graph with root task {graph.prefix}R since that root task is not suspended."
    assert (error.code, error.sqlstate, error.message) == (91421, "22000", text)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TASK c SUSPEND",
        "ALTER TASK f SUSPEND",
        "ALTER TASK c REMOVE AFTER r",
        "ALTER TASK other ADD AFTER r",
        "ALTER TASK other SET FINALIZE = r",
        "ALTER TASK f UNSET FINALIZE",
        "DROP TASK r",
        "DROP TASK c",
        "DROP TASK f",
        "CREATE TASK n AFTER c AS SELECT 1",
        "CREATE OR REPLACE TASK c AS SELECT 1",
    ],
)
def test_nor_its_shape(graph, statement):
    graph.create("other AS SELECT 1")
    assert graph.refusal(statement).code == 91421


def test_a_suspended_child_of_a_started_root_is_not_resumed(sql):
    sql.graph("r AS SELECT 1", "c AFTER r AS SELECT 1", resume=False)
    sql("ALTER TASK r RESUME")
    assert sql.refusal("ALTER TASK c RESUME").code == 91421


def test_suspending_a_root_leaves_its_children_as_they_are(graph):
    graph("ALTER TASK r SUSPEND")
    assert graph.started() == {"C", "F"}
    assert graph.shown("R", "last_suspended_reason") == "USER_SUSPENDED"


def test_losing_the_last_predecessor_makes_a_suspended_root(graph):
    graph("ALTER TASK r SUSPEND", "ALTER TASK c REMOVE AFTER r")
    shown = graph.shown("C")
    assert (shown["state"], shown["last_suspended_reason"], shown["predecessors"]) == (
        "suspended",
        "CHILD_BECAME_ROOT",
        "[]",
    )
    assert (shown["overlap_policy"], shown["allow_overlapping_execution"]) == ("NO_OVERLAP", "false")


def test_a_finalizer_that_is_let_go(graph):
    graph("ALTER TASK r SUSPEND", "ALTER TASK f UNSET FINALIZE")
    assert graph.shown("F", "last_suspended_reason") == "FINALIZER_BECAME_ROOT"
    graph("ALTER TASK f SET FINALIZE = 'r'")
    assert graph.shown("F", "task_relations") == f'{{"FinalizedRootTask":"{graph.prefix}R","Predecessors":[]}}'


@pytest.mark.fact("2.2")
def test_2_2_a_run_uses_the_version_that_was_frozen(sql):
    """Bodies and membership are those of RESUME or EXECUTE TASK, whatever is edited meanwhile."""
    sql("CREATE TABLE log (x VARCHAR)")
    sql.graph("r AS CALL SYSTEM$WAIT(400, 'MILLISECONDS')", "c AFTER r AS INSERT INTO log VALUES ('old')")
    sql("EXECUTE TASK r", "ALTER TASK c MODIFY AS INSERT INTO log VALUES ('new')", "CREATE TASK d AFTER r AS SELECT 1")
    sql("ALTER TASK d RESUME")
    sql.settle()
    assert sql.states() == {"R": "SUCCEEDED", "C": "SUCCEEDED"}
    assert sql("SELECT x FROM log") == [{"X": "old"}]
    assert sql.run() == {"R": "SUCCEEDED", "C": "SUCCEEDED", "D": "SUCCEEDED"}
    assert [row["GRAPH_VERSION"] for row in sql.graphs()] == [2, 1]


@pytest.mark.fact("2.2")
def test_2_2_the_version_counts_only_when_something_changed(sql):
    sql.graph("r AS SELECT 1", "c AFTER r AS SELECT 1")

    def version():
        sql.run()
        return sql.last()["GRAPH_VERSION"]

    assert [version(), version()] == [1, 1]
    sql("ALTER TASK r RESUME", "ALTER TASK r SUSPEND")
    assert version() == 1
    sql("ALTER TASK c SET COMMENT = 'x'", "ALTER TASK c SET COMMENT = 'y'")
    assert version() == 2
    sql("DROP TASK c")
    assert version() == 3


@pytest.mark.fact("2.3")
def test_2_3_drop(graph):
    graph("ALTER TASK r SUSPEND")
    assert graph.status("DROP TASK r") == "R successfully dropped."
    shown = {row["name"]: (row["state"], row["last_suspended_reason"]) for row in graph("SHOW TASKS")}
    assert shown == {"C": ("suspended", "CHILD_BECAME_ROOT"), "F": ("suspended", "FINALIZER_BECAME_ROOT")}
    assert graph("DROP TASK IF EXISTS r")


@pytest.mark.fact("2.3")
def test_2_3_a_standalone_task_may_be_dropped_while_started(sql):
    sql("CREATE TASK t SCHEDULE = '1 H' AS SELECT 1", "ALTER TASK t RESUME", "DROP TASK t")
    assert sql("SHOW TASKS") == []


@pytest.mark.fact("2.3")
def test_2_3_a_child_with_another_predecessor_keeps_its_state(sql):
    sql.graph("r AS SELECT 1", "a AFTER r AS SELECT 1", "b AFTER r AS SELECT 1", "c AFTER a, b AS SELECT 1")
    sql("DROP TASK a")
    assert sql.started() == {"B", "C"}
    assert sql.shown("C", "predecessors") == f'["{sql.prefix}B"]'


def test_tasks_go_with_their_schema(sql):
    sql("CREATE TASK t AS SELECT 1", f"DROP SCHEMA {sql.prefix.rstrip('.')}", f"CREATE SCHEMA {sql.prefix.rstrip('.')}")
    assert sql("SHOW TASKS") == []
