"""Fact sheet 3.4 to 3.6: failure, retry, suspension, timeouts, the finalizer, overlap."""

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.fact("3.4")]

OK, FAILS = "SELECT 1", "SELECT 1/0"
BRIEFLY = "CALL SYSTEM$WAIT(400, 'MILLISECONDS')"


def attempts(sql):
    return [(row["ATTEMPT_NUMBER"], row["SCHEDULED_FROM"], row["STATE"]) for row in reversed(sql.graphs())]


class TestAutomaticRetry:
    def test_it_goes_on_from_the_failure_up_to_n_times(self, sql):
        sql.graph(
            f"r TASK_AUTO_RETRY_ATTEMPTS = 2 AS {OK}", f"a AFTER r AS {FAILS}", f"b AFTER a AS {OK}",
            f"f FINALIZE = r AS {OK}",
        )  # fmt: skip
        sql.run()
        assert attempts(sql) == [
            (1, "EXECUTE TASK", "FAILED"),
            (2, "AUTOMATIC RETRY", "FAILED"),
            (3, "AUTOMATIC RETRY", "FAILED"),
        ]
        runs = sorted((row["NAME"], row["ATTEMPT_NUMBER"]) for row in sql.history())
        assert runs == [("A", 1), ("A", 2), ("A", 3), ("F", 1), ("F", 2), ("F", 3), ("R", 1)]
        assert len({(row["GRAPH_RUN_GROUP_ID"], row["RUN_ID"]) for row in sql.history()}) == 1

    def test_it_ends_with_the_first_success(self, sql):
        """The second attempt finds what the first one left."""
        sql("CREATE TABLE tries (x INT)")
        body = "BEGIN INSERT INTO tries VALUES (1); LET n := (SELECT COUNT(*) FROM tries); SELECT 1 / (:n - 1); END"
        sql.graph(f"r TASK_AUTO_RETRY_ATTEMPTS = 5 AS {OK}", f"a AFTER r AS {body}", f"b AFTER a AS {OK}")
        assert sql.run() == {"A": "SUCCEEDED", "B": "SUCCEEDED"}
        assert attempts(sql) == [(1, "EXECUTE TASK", "FAILED"), (2, "AUTOMATIC RETRY", "SUCCEEDED")]

    def test_a_manual_retry_has_its_automatic_ones_again(self, sql):
        sql(f"CREATE TASK r TASK_AUTO_RETRY_ATTEMPTS = 1 AS {FAILS}")
        sql.run()
        sql.retry()
        assert [cause for _, cause, _ in attempts(sql)] == [
            "EXECUTE TASK",
            "AUTOMATIC RETRY",
            "MANUAL RETRY",
            "AUTOMATIC RETRY",
        ]


class TestSuspensionAfterFailures:
    def test_n_failures_of_one_task_in_a_row_suspend_the_root(self, sql):
        sql.graph(f"r SUSPEND_TASK_AFTER_NUM_FAILURES = 2 SCHEDULE = '1 H' AS {OK}", f"a AFTER r AS {FAILS}")
        sql("ALTER TASK r RESUME")
        assert sql.run()["A"] == "FAILED"
        assert sql.shown("R", "state") == "started"
        assert sql.run()["A"] == "FAILED_AND_AUTO_SUSPENDED"
        assert (sql.shown("R", "state"), sql.shown("R", "last_suspended_reason")) == (
            "suspended",
            "SUSPENDED_DUE_TO_ERRORS",
        )
        assert sql.last()["STATE"] == "FAILED"

    def test_a_success_in_between_counts_from_zero(self, sql):
        sql("CREATE TABLE flag (ok INT)", "INSERT INTO flag VALUES (0)")
        sql("CREATE TASK r SUSPEND_TASK_AFTER_NUM_FAILURES = 2 SCHEDULE = '1 H' AS SELECT 1 / ok FROM flag")
        sql("ALTER TASK r RESUME")
        for ok in (0, 1, 0):
            sql(f"UPDATE flag SET ok = {ok}")
            sql.run()
        assert sql.shown("R", "state") == "started"

    def test_automatic_retries_count_once_and_zero_means_never(self, sql):
        sql(f"CREATE TASK r SUSPEND_TASK_AFTER_NUM_FAILURES = 2 TASK_AUTO_RETRY_ATTEMPTS = 3 AS {FAILS}")
        sql(
            f"CREATE TASK s SUSPEND_TASK_AFTER_NUM_FAILURES = 0 AS {FAILS}",
            "ALTER TASK r RESUME",
            "ALTER TASK s RESUME",
        )
        assert sql.run("R") == {"R": "FAILED"}
        assert [sql.run("S") for _ in range(3)] == [{"S": "FAILED"}] * 3
        assert sql.started() == {"R", "S"}


class TestTimeouts:
    @pytest.mark.fact("3.4", "8")
    def test_of_a_task(self, sql):
        sql.graph(
            f"r AS {OK}", "a USER_TASK_TIMEOUT_MS = 200 AFTER r AS CALL SYSTEM$WAIT(10)", f"b AFTER a AS {OK}",
            f"c AFTER r AS {OK}",
        )  # fmt: skip
        assert sql.run() == {"R": "SUCCEEDED", "A": "FAILED", "C": "SUCCEEDED"}
        row = sql.row("A")
        assert (row["ERROR_CODE"], row["ERROR_MESSAGE"]) == (
            "000630",
            "Statement reached its statement or warehouse timeout of 0.2 second(s) and was canceled.",
        )

    def test_of_a_statement_that_computes(self, sql):
        sql("CREATE TABLE many (x INT)", f"INSERT INTO many VALUES {', '.join(f'({n})' for n in range(1000))}")
        endless = "SELECT SUM(a.x * b.x + c.x) FROM many a, many b, many c, many d"
        sql(f"CREATE TASK r USER_TASK_TIMEOUT_MS = 200 AS {endless}")
        assert sql.run() == {"R": "FAILED"}
        assert sql.row("R")["ERROR_CODE"] == "000630"

    def test_of_a_script_that_loops(self, sql):
        sql("CREATE TASK r USER_TASK_TIMEOUT_MS = 200 AS BEGIN LET i := 0; LOOP i := i + 1; END LOOP; END")
        assert sql.run() == {"R": "FAILED"}
        assert sql.row("R")["ERROR_CODE"] == "000630"

    def test_the_roots_bounds_the_whole_graph(self, sql):
        """But not a child with a timeout of its own, and not the finalizer."""
        sql.graph(
            f"r USER_TASK_TIMEOUT_MS = 700 AS {OK}",
            "a AFTER r AS CALL SYSTEM$WAIT(10)",
            "own USER_TASK_TIMEOUT_MS = 60000 AFTER r AS CALL SYSTEM$WAIT(1)",
            f"f FINALIZE = r AS {BRIEFLY}",
        )
        assert sql.run() == {"R": "SUCCEEDED", "A": "FAILED", "OWN": "SUCCEEDED", "F": "SUCCEEDED"}
        assert sql.row("A")["ERROR_CODE"] == "000630"
        assert "timeout of 0.7 second(s)" in sql.row("A")["ERROR_MESSAGE"]

    def test_the_statement_timeout_counts_when_it_is_lower(self, sql):
        sql("CREATE TASK r STATEMENT_TIMEOUT_IN_SECONDS = 1 AS CALL SYSTEM$WAIT(10)")
        assert sql.run() == {"R": "FAILED"}
        assert "timeout of 1 second(s)" in sql.row("R")["ERROR_MESSAGE"]


@pytest.mark.fact("3.5")
class TestFinalizer:
    @pytest.mark.parametrize(("body", "state"), [(OK, "SUCCEEDED"), (FAILS, "FAILED")])
    def test_it_runs_last_whatever_happened(self, sql, body, state):
        sql.graph(f"r AS {OK}", f"a AFTER r AS {body}", f"b AFTER r AS {BRIEFLY}", f"f FINALIZE = r AS {OK}")
        states = sql.run()
        assert states == {"R": "SUCCEEDED", "A": state, "B": "SUCCEEDED", "F": "SUCCEEDED"}
        assert sql.last()["STATE"] == state
        assert sql.row("F")["QUERY_START_TIME"] >= sql.row("B")["COMPLETED_TIME"]

    def test_it_runs_after_a_failed_root(self, sql):
        sql.graph(f"r AS {FAILS}", f"f FINALIZE = r AS {OK}")
        assert sql.run() == {"R": "FAILED", "F": "SUCCEEDED"}

    def test_a_suspended_one_does_not_run(self, sql):
        sql.graph(f"r AS {OK}", f"f FINALIZE = r AS {OK}", resume=False)
        assert sql.run() == {"R": "SUCCEEDED"}

    def test_its_failure_fails_the_graph_and_a_retry_repeats_it_alone(self, sql):
        sql("CREATE TABLE flag (ok INT)", "INSERT INTO flag VALUES (0)")
        sql.graph(f"r AS {OK}", f"a AFTER r AS {OK}", "f FINALIZE = r AS SELECT 1 / ok FROM flag")
        assert sql.run() == {"R": "SUCCEEDED", "A": "SUCCEEDED", "F": "FAILED"}
        assert (sql.last()["STATE"], sql.last()["FIRST_ERROR_TASK_NAME"]) == ("FAILED", "F")
        sql("UPDATE flag SET ok = 1")
        assert sql.retry() == {"F": "SUCCEEDED"}

    def test_it_sees_the_run_it_ends(self, sql):
        """The usual pattern: look up how the tasks of this very run ended."""
        sql("CREATE TABLE log (name VARCHAR, state VARCHAR)")
        sql.graph(
            f"r AS {OK}",
            f"a AFTER r AS {FAILS}",
            """f FINALIZE = r AS BEGIN
                 LET root VARCHAR := (SELECT SYSTEM$TASK_RUNTIME_INFO('CURRENT_ROOT_TASK_UUID'));
                 LET run VARCHAR := (SELECT SYSTEM$TASK_RUNTIME_INFO('CURRENT_TASK_GRAPH_RUN_GROUP_ID'));
                 INSERT INTO log SELECT name, state FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(ROOT_TASK_ID => :root))
                   WHERE graph_run_group_id = :run;
                 CALL SYSTEM$SET_RETURN_VALUE('seen');
               END""",
        )
        sql.run()
        assert sql.row("F")["ERROR_MESSAGE"] is None
        assert {(row["NAME"], row["STATE"]) for row in sql("SELECT * FROM log")} == {
            ("R", "SUCCEEDED"),
            ("A", "FAILED"),
            ("F", "EXECUTING"),
        }
        assert sql.row("F")["RETURN_VALUE"] == "seen"


@pytest.mark.fact("3.6")
class TestOverlap:
    """3.6: two runs are asked for at once; how many of the second one's tasks begin before the first run ends."""

    @pytest.fixture
    def twice(self, sql):
        def run(policy):
            sql.graph(f"r OVERLAP_POLICY = {policy} AS {BRIEFLY}", f"c AFTER r AS {BRIEFLY}")
            sql("EXECUTE TASK r", "EXECUTE TASK r")
            sql.settle()
            first, second = sorted({row["GRAPH_RUN_GROUP_ID"] for row in sql.graphs()})
            runs = {(row["GRAPH_RUN_GROUP_ID"], row["NAME"]): row for row in sql.history()}
            begun = runs[second, "R"]["QUERY_START_TIME"]
            return [task for task in ("R", "C") if begun < runs[first, task]["COMPLETED_TIME"]]

        return run

    def test_no_overlap(self, twice):
        assert twice("NO_OVERLAP") == []

    def test_of_children(self, twice):
        assert twice("ALLOW_CHILD_OVERLAP") == ["C"]

    def test_of_all(self, twice):
        assert twice("ALLOW_ALL_OVERLAP") == ["R", "C"]
