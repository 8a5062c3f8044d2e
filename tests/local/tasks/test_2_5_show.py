"""Fact sheet 2.5, 2.6: SHOW, DESCRIBE, TASK_DEPENDENTS, the helper functions."""

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.fact("2.5")]

COLUMNS = [
    "created_on", "name", "id", "database_name", "schema_name", "owner", "comment", "warehouse", "schedule",
    "predecessors", "state", "definition", "condition", "allow_overlapping_execution", "error_integration",
    "last_committed_on", "last_suspended_on", "owner_role_type", "config", "task_relations", "last_suspended_reason",
    "success_integration", "scheduling_mode", "target_completion_interval", "execute_as_user", "overlap_policy",
    "created_by_user",
]  # fmt: skip
DEPENDENTS = [
    "CREATED_ON", "NAME", "ID", "DATABASE_NAME", "SCHEMA_NAME", "OWNER", "COMMENT", "WAREHOUSE", "SCHEDULE",
    "PREDECESSORS", "STATE", "DEFINITION", "CONDITION",
]  # fmt: skip


@pytest.fixture
def graph(sql):
    sql.graph(
        "r SCHEDULE = '1 H' WAREHOUSE = wh COMMENT = 'root' AS SELECT 1",
        "b AFTER r WHEN 1 = 1 AS SELECT 2",
        '"a b" AFTER r AS SELECT 2',
        'j AFTER b, "a b" AS SELECT 3',
        "f FINALIZE = r AS SELECT 4",
    )
    return sql


def names(rows):
    return [row["name"] for row in rows]


def test_the_columns(graph):
    assert [column.name for column in graph.session.execute("SHOW TASKS").columns] == COLUMNS
    assert [column.name for column in graph.session.execute("DESCRIBE TASK r").columns] == COLUMNS
    terse = graph("SHOW TERSE TASKS LIKE 'R'")[0]
    assert list(terse) == ["created_on", "name", "kind", "database_name", "schema_name", "schedule"]
    assert (terse["kind"], terse["schedule"]) == (None, "1 H")


def test_a_root(graph):
    shown = graph.shown("R")
    expected = {
        "database_name": "D",
        "owner": "ACCOUNTADMIN",
        "comment": "root",
        "warehouse": "WH",
        "schedule": "1 H",
        "predecessors": "[]",
        "state": "suspended",
        "definition": "SELECT 1",
        "condition": None,
        "allow_overlapping_execution": "false",
        "error_integration": "null",
        "success_integration": "null",
        "last_committed_on": None,
        "owner_role_type": "ROLE",
        "config": None,
        "task_relations": f'{{"Predecessors":[],"FinalizerTask":"{graph.prefix}F"}}',
        "overlap_policy": "NO_OVERLAP",
        "execute_as_user": None,
    }
    assert {key: shown[key] for key in expected} == expected
    graph("ALTER TASK r RESUME")
    shown = graph.shown("R")
    assert (shown["state"], shown["last_suspended_reason"]) == ("started", None)
    assert shown["last_committed_on"] >= shown["created_on"]


def test_a_child(graph):
    shown = graph.shown("J")
    predecessors = f'["{graph.prefix}B","{graph.prefix}\\"a b\\""]'
    assert shown["predecessors"] == predecessors
    assert shown["task_relations"] == f'{{"Predecessors":{predecessors}}}'
    assert (shown["schedule"], shown["overlap_policy"], shown["allow_overlapping_execution"]) == (None, None, "null")
    assert graph.shown("B", "condition") == "1 = 1"


def test_a_finalizer(graph):
    shown = graph.shown("F")
    assert shown["task_relations"] == f'{{"FinalizedRootTask":"{graph.prefix}R","Predecessors":[]}}'
    assert (shown["predecessors"], shown["overlap_policy"]) == ("[]", None)


def test_the_filters(graph):
    schema = graph.prefix.rstrip(".")
    assert names(graph("SHOW TASKS")) == ["B", "F", "J", "R", "a b"]
    assert names(graph("SHOW TASKS LIKE 'r'")) == ["R"]
    assert names(graph("SHOW TASKS LIKE '%b%'")) == ["B", "a b"]
    assert names(graph(f"SHOW TASKS IN SCHEMA {schema} STARTS WITH 'a'")) == ["a b"]
    assert names(graph(f"SHOW TASKS IN {schema} ROOT ONLY")) == ["R"]
    assert names(graph("SHOW TASKS LIMIT 2")) == ["B", "F"]
    assert names(graph("SHOW TASKS LIMIT 2 FROM 'F'")) == ["J", "R"]
    assert set(names(graph("SHOW TASKS IN ACCOUNT"))) >= {"B", "R"}
    assert set(names(graph("SHOW TASKS IN DATABASE D"))) >= {"B", "R"}
    assert graph("DESC TASK r") == graph("SHOW TASKS LIKE 'R'")


def test_a_result_can_be_queried(graph):
    graph("SHOW TASKS")
    assert graph.value("SELECT COUNT(*) FROM TABLE(RESULT_SCAN(LAST_QUERY_ID())) WHERE \"state\" = 'started'") == 4


@pytest.mark.fact("2.6")
def test_task_dependents(graph):
    def dependents(arguments):
        return graph(f"SELECT * FROM TABLE(INFORMATION_SCHEMA.TASK_DEPENDENTS({arguments}))")

    everything = dependents(f"TASK_NAME => '{graph.prefix}R'")
    assert list(everything[0]) == DEPENDENTS
    assert [row["NAME"] for row in everything] == ["R", "B", "F", "a b", "J"]
    assert [row["NAME"] for row in dependents("TASK_NAME => 'r', RECURSIVE => FALSE")] == ["R", "B", "F", "a b"]
    assert [row["NAME"] for row in dependents("'b', TRUE")] == ["B", "J"]


@pytest.mark.fact("2.6")
def test_dependents_of_nothing(graph):
    query = "SELECT * FROM TABLE(INFORMATION_SCHEMA.TASK_DEPENDENTS(TASK_NAME => 'nobody'))"
    assert graph.refuses(query) == (
        "Invalid value [nobody] for function 'TASK_DEPENDENTS_SCAN', parameter 1: must be a valid task name"
    )


@pytest.mark.fact("2.6")
def test_dependents_enable(sql):
    sql.graph(
        "r AS SELECT 1", "a AFTER r AS SELECT 1", "b AFTER a AS SELECT 1", "f FINALIZE = r AS SELECT 1", resume=False
    )
    sql("SELECT SYSTEM$TASK_DEPENDENTS_ENABLE('a')")
    assert sql.started() == {"A", "B"}
    sql(f"SELECT SYSTEM$TASK_DEPENDENTS_ENABLE('{sql.prefix}r')")
    assert sql.started() == {"R", "A", "B", "F"}


@pytest.mark.fact("2.6")
def test_cancelling_what_does_not_run(graph):
    assert graph.value("SELECT SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS('r')") == (
        "Task R has no currently running executions. If the task was dropped or replaced after a previous execution "
        "started, use SYSTEM$CANCEL_QUERY along with the query id to cancel the run."
    )


@pytest.mark.fact("2.7")
def test_the_task_graph_object_is_refused(sql):
    for statement in ("CREATE TASK GRAPH g", "CREATE OR REPLACE TASK GRAPH g", "SHOW TASK GRAPHS", "DROP TASK GRAPH g"):
        assert "TASK GRAPH" in sql.refuses(statement)
