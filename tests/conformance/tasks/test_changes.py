"""Fact sheet 2 and 8: what changes a task and what does not, and who owns it."""

import pytest
from tests.conformance.tasks.waiting import wait_for

pytestmark = [pytest.mark.engine, pytest.mark.fact("2.1")]


@pytest.mark.parametrize(
    ("option", "value", "column", "shown", "unset"),
    [
        ("WAREHOUSE", "w", "warehouse", "W", None),
        ("SCHEDULE", "'1 H'", "schedule", "1 H", None),
        ("CONFIG", "'{}'", "config", "{}", None),
        ("OVERLAP_POLICY", "ALLOW_ALL_OVERLAP", "overlap_policy", "ALLOW_ALL_OVERLAP", "NO_OVERLAP"),
        ("COMMENT", "'c'", "comment", "c", ""),
        ("TARGET_COMPLETION_INTERVAL", "'5 M'", "target_completion_interval", "5 M", None),
        ("ERROR_INTEGRATION", "e", "error_integration", "E", "null"),
        ("SUCCESS_INTEGRATION", "s", "success_integration", "S", "null"),
    ],
)
def test_set_and_unset_of_what_show_tasks_shows(sql, option, value, column, shown, unset):
    sql("CREATE TASK t AS SELECT 1", f"ALTER TASK t SET {option} = {value}")
    assert sql.shown("T", column) == shown
    sql(f"ALTER TASK t UNSET {option}")
    assert sql.shown("T", column) == unset


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("USER_TASK_TIMEOUT_MS", "5"),
        ("SUSPEND_TASK_AFTER_NUM_FAILURES", "5"),
        ("TASK_AUTO_RETRY_ATTEMPTS", "5"),
        ("USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS", "15"),
        ("SERVERLESS_TASK_MIN_STATEMENT_SIZE", "SMALL"),
        ("SERVERLESS_TASK_MAX_STATEMENT_SIZE", "SMALL"),
        ("LOG_LEVEL", "INFO"),
        ("QUERY_TAG", "Q"),
    ],
)
def test_set_and_unset_of_parameters(sql, parameter, value):
    sql("CREATE TASK t AS SELECT 1", f"ALTER TASK t SET {parameter} = {value}")

    def level():
        (row,) = sql(f"SHOW PARAMETERS LIKE '{parameter}' IN TASK t")
        return row["level"], row["value"] == value

    assert level() == ("TASK", True)
    sql(f"ALTER TASK t UNSET {parameter}")
    assert level() == ("", False)


def test_unset_of_names_twice_or_unknown(sql):
    sql("CREATE TASK t AS SELECT 1", "ALTER TASK t UNSET CONFIG, config")
    assert sql.refuses("ALTER TASK t UNSET QUERY_TAG, QUERY_TAG") == (
        "SQL compilation error:\nduplicate property 'QUERY_TAG';"
    )
    assert sql.refuses("ALTER TASK t UNSET NOT_A_PARAM") == (
        "SQL compilation error:\ninvalid property 'NOT_A_PARAM' for 'TASK'"
    )


def test_contacts_are_taken(sql):
    sql("CREATE TASK t WITH CONTACT (support = c) AS SELECT 1")
    sql("ALTER TASK t SET CONTACT steward = d", "ALTER TASK t UNSET CONTACT support")


@pytest.mark.parametrize("verb", ["RESUME", "SUSPEND"])
@pytest.mark.parametrize("task", ["on", "off", "f"])
def test_no_task_below_a_started_root_is_resumed_or_suspended_whatever_it_is(sql, verb, task):
    sql.create("r AS SELECT 1", "on AFTER r AS SELECT 1", "off AFTER r AS SELECT 1", "f FINALIZE = r AS SELECT 1")
    sql("ALTER TASK on RESUME", "ALTER TASK f RESUME", "ALTER TASK r RESUME")
    assert sql.refusal(f"ALTER TASK {task} {verb}").code == 91421


def test_resuming_twice_is_no_error(sql):
    sql("CREATE TASK r AS SELECT 1", "ALTER TASK r RESUME", "ALTER TASK r RESUME")
    sql("ALTER TASK r SUSPEND", "ALTER TASK r SUSPEND")


@pytest.mark.fact("2.3")
def test_a_run_in_flight_completes_after_drop(sql):
    sql("CREATE TABLE log (x VARCHAR)")
    sql.graph("r AS CALL SYSTEM$WAIT(300, 'MILLISECONDS')", "c AFTER r AS INSERT INTO log VALUES ('c')")
    sql("EXECUTE TASK r", "DROP TASK c", "DROP TASK r")
    wait_for(lambda: sql.value("SELECT COUNT(*) FROM log"))
    wait_for(lambda: not sql.graphs("CURRENT"))
    assert {row["NAME"]: row["STATE"] for row in sql.history()} == {"R": "SUCCEEDED", "C": "SUCCEEDED"}


@pytest.mark.fact("2.3", "8")
def test_status_texts(sql):
    assert sql.status("CREATE TASK r AS SELECT 1") == "Task R successfully created."
    assert sql.status("CREATE TASK IF NOT EXISTS r AS SELECT 1") == "R already exists, statement succeeded."
    assert sql.status("ALTER TASK r SET COMMENT = 'c'") == "Statement executed successfully."
    assert sql.status("EXECUTE TASK r") == "Task R is scheduled to run immediately."
    sql.settle()
    assert sql.status("DROP TASK r") == "R successfully dropped."
    assert sql("DROP TASK IF EXISTS r")


@pytest.mark.fact("2.4")
def test_await_comes_back_when_the_run_has_ended_however_it_ended(sql):
    sql.graph("r AS CALL SYSTEM$WAIT(100, 'MILLISECONDS')", "c AFTER r AS SELECT 1/0")
    assert sql.status("EXECUTE TASK r AWAIT") == "Task R is scheduled to run immediately."
    assert sql.last()["STATE"] == "FAILED"
    sql("EXECUTE TASK r USING CONFIG = '{}' AWAIT")
    assert len(sql.graphs()) == 2


@pytest.mark.fact("2.4")
def test_a_skipped_root_is_no_graph_run_to_retry(sql):
    sql("CREATE TABLE flag (ok INT)", "INSERT INTO flag VALUES (0)", "CREATE TASK r AS SELECT 1 / ok FROM flag")
    sql.run()
    sql("ALTER TASK r MODIFY WHEN 1 = 2")
    assert sql.run() == {"R": "SKIPPED"}
    assert sql.refusal("EXECUTE TASK r RETRY LAST").code == 91457


@pytest.mark.fact("2.6")
def test_enabling_dependents_again_changes_nothing(sql):
    sql.create("r AS SELECT 1", "a AFTER r AS SELECT 1", "b AFTER a AS SELECT 1", "f FINALIZE = r AS SELECT 1")
    for _ in range(2):
        sql("SELECT SYSTEM$TASK_DEPENDENTS_ENABLE('r')")
        assert sql.started() == {"R", "A", "B", "F"}


class TestOwnership:
    """8: one task alone loses its links; all tasks of a schema keep theirs; whoever is transferred is suspended."""

    pytestmark = pytest.mark.fact("8")

    @pytest.fixture
    def graph(self, sql):
        sql("CREATE ROLE IF NOT EXISTS other")
        sql.graph("r AS SELECT 1", "a AFTER r AS SELECT 1", "b AFTER a AS SELECT 1", "f FINALIZE = r AS SELECT 1")
        return sql

    @staticmethod
    def facts(sql):
        columns = ("owner", "predecessors", "state", "last_suspended_reason")
        return {row["name"]: tuple(row[name] for name in columns) for row in sql("SHOW TASKS")}

    def test_of_one_task(self, graph):
        graph("GRANT OWNERSHIP ON TASK a TO ROLE other")
        after = self.facts(graph)
        assert after["A"] == ("OTHER", "[]", "suspended", "GRANT_OWNERSHIP")
        assert after["B"] == ("ACCOUNTADMIN", "[]", "suspended", "CHILD_BECAME_ROOT")

    def test_of_a_root(self, graph):
        graph("ALTER TASK r RESUME", "GRANT OWNERSHIP ON TASK r TO ROLE other")
        after = self.facts(graph)
        assert after["R"] == ("OTHER", "[]", "suspended", "GRANT_OWNERSHIP")
        assert after["F"] == ("ACCOUNTADMIN", "[]", "suspended", "FINALIZER_BECAME_ROOT")

    def test_of_all_tasks_of_a_schema(self, graph):
        links = {name: facts[1] for name, facts in self.facts(graph).items()}
        graph(f"GRANT OWNERSHIP ON ALL TASKS IN SCHEMA {graph.prefix.rstrip('.')} TO ROLE other")
        assert self.facts(graph) == {
            name: ("OTHER", predecessors, "suspended", "GRANT_OWNERSHIP") for name, predecessors in links.items()
        }

    def test_to_the_owner_itself(self, graph):
        before = self.facts(graph)
        graph("GRANT OWNERSHIP ON TASK a TO ROLE accountadmin")
        assert self.facts(graph) == before
