"""Fact sheet 2.4: EXECUTE TASK, USING CONFIG, RETRY."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neve.local.tasks.graph_config import compact, merge, merge_texts, parse_config

pytestmark = pytest.mark.fact("2.4")

FLAKY = "SELECT 1 / ok FROM flag"
CONFIG = "CALL SYSTEM$SET_RETURN_VALUE(SYSTEM$GET_TASK_GRAPH_CONFIG())"


@pytest.mark.engine
class TestPlain:
    @pytest.mark.fact("2.4")
    def test_it_runs_a_suspended_root_and_does_not_resume_it(self, sql):
        sql("CREATE TASK r AS SELECT 1")
        assert sql.status("EXECUTE TASK r") == "Task R is scheduled to run immediately."
        sql.settle()
        assert (sql.states(), sql.shown("R", "state")) == ({"R": "SUCCEEDED"}, "suspended")

    def test_only_resumed_children_take_part(self, sql):
        sql.graph("r AS SELECT 1", "a AFTER r AS SELECT 1", "f FINALIZE = r AS SELECT 1", resume=False)
        assert sql.run() == {"R": "SUCCEEDED"}
        sql("ALTER TASK a RESUME")
        assert sql.run() == {"R": "SUCCEEDED", "A": "SUCCEEDED"}

    @pytest.mark.fact("2.4", "8")
    @pytest.mark.parametrize("task", ["c", "f"])
    def test_a_child_or_a_finalizer_is_refused_before_its_config_is_read(self, sql, task):
        sql.create("r AS SELECT 1", "c AFTER r AS SELECT 1", "f FINALIZE = r AS SELECT 1")
        for statement in (f"EXECUTE TASK {task}", f"EXECUTE TASK {task} USING CONFIG = 'x'"):
            error = sql.refusal(statement)
            assert (error.code, error.message) == (
                91435,
                (
                    f"Execute task cannot be called on non-root task {sql.prefix}{task.upper()}. Call EXECUTE TASK on "
                    "the root task of its graph instead."
                ),
            )

    def test_the_condition_of_the_root_counts(self, sql):
        sql("CREATE TABLE log (x INT)")
        sql.graph("r WHEN 1 = 2 AS INSERT INTO log VALUES (1)", "c AFTER r AS SELECT 1", "f FINALIZE = r AS SELECT 1")
        assert sql.run() == {"R": "SKIPPED"}
        assert sql.value("SELECT COUNT(*) FROM log") == 0
        assert sql.graphs() == []

    def test_one_run_waits_and_the_next_call_replaces_it(self, sql):
        sql(f"CREATE TASK r CONFIG = '{{\"n\": 0}}' AS BEGIN CALL SYSTEM$WAIT(300, 'MILLISECONDS'); {CONFIG}; END")
        sql(*(f"EXECUTE TASK r USING CONFIG = '{{\"n\": {n}}}'" for n in (1, 2, 3)))
        queued = [run for run in sql.graphs("CURRENT") if run["STATE"] == "SCHEDULED"]
        assert [json.loads(run["CONFIG"]) for run in queued] == [{"n": 3}]
        sql.settle()
        assert [row["RETURN_VALUE"] for row in sql.history(TASK_NAME="'R'")] == ['{"n":3}', '{"n":1}']


@pytest.mark.engine
class TestConfig:
    def test_it_is_merged_over_the_roots_for_this_run_only(self, sql):
        sql.graph(
            'r CONFIG = $${"a": {"x": 1, "y": [1, 2]}, "b": 1.50}$$ AS SELECT 1',
            f"c AFTER r AS {CONFIG}",
            f"f FINALIZE = r AS {CONFIG}",
        )
        sql.run(using="""USING CONFIG = $${"a": {"y": null, "z": "é"}, "c": true}$$""")
        merged = '{"a":{"x":1,"y":null,"z":"é"},"b":1.50,"c":true}'
        assert {row["CONFIG"] for row in sql.history(TASK_NAME="'C'")} == {merged}
        assert sql.row("C")["RETURN_VALUE"] == sql.row("F")["RETURN_VALUE"] == merged
        sql.run()
        assert sql.row("C")["RETURN_VALUE"] == '{"a":{"x":1,"y":[1,2]},"b":1.50}'

    def test_a_root_without_one(self, sql):
        sql(f"CREATE TASK r AS {CONFIG}")
        sql.run(using="USING CONFIG = '{\"a\": 1}'")
        assert sql.row("R")["RETURN_VALUE"] == '{"a":1}'

    @pytest.mark.parametrize("config", ["x", "[1]", "1", '"a"', "{"])
    def test_it_must_be_an_object(self, sql, config):
        sql("CREATE TASK r AS SELECT 1")
        text = "Invalid config. Must be a string representation of a valid JSON Object."
        assert sql.refuses(f"EXECUTE TASK r USING CONFIG = '{config}'") == text


JSON = st.recursive(
    st.sampled_from([None, True, 0, -17, 1.5, 1e300, "", "é", 'a"b\\']),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "b", "ü"]), inner, max_size=2),
    max_leaves=6,
)
OBJECT = st.dictionaries(st.sampled_from("abc"), JSON, max_size=3)


@settings(deadline=None)
@given(OBJECT, OBJECT)
def test_merging_objects_field_by_field(base, over):
    merged = merge(base, over)
    assert merged.keys() == base.keys() | over.keys()
    for key, value in merged.items():
        if key not in over:
            assert value == base[key]
        elif isinstance(over[key], dict) and isinstance(base.get(key), dict):
            assert value == merge(base[key], over[key])
        else:
            assert value == over[key]


@settings(deadline=None)
@given(OBJECT)
def test_compact_text_says_the_same(value):
    text = json.dumps(value)
    assert json.loads(compact(parse_config(text))) == value
    assert merge_texts(text, None) == text


@pytest.mark.engine
class TestRetry:
    @pytest.fixture
    def failed(self, sql):
        """R, then A and B in parallel, C after both: B failed."""
        sql("CREATE TABLE log (x VARCHAR)", "CREATE TABLE flag (ok INT)", "INSERT INTO flag VALUES (0)")
        sql.graph(
            "r CONFIG = '{\"n\": 1}' AS INSERT INTO log VALUES ('r')",
            "a AFTER r AS BEGIN INSERT INTO log VALUES ('a'); CALL SYSTEM$SET_RETURN_VALUE('from a'); END",
            f"b AFTER r AS {FLAKY}",
            "c AFTER a, b AS INSERT INTO log SELECT SYSTEM$GET_PREDECESSOR_RETURN_VALUE('A')",
            "f FINALIZE = r AS INSERT INTO log VALUES ('f')",
        )
        states = sql.run(using="USING CONFIG = '{\"n\": 2}'")
        assert states == {"R": "SUCCEEDED", "A": "SUCCEEDED", "B": "FAILED", "F": "SUCCEEDED"}
        return sql

    def test_it_runs_what_failed_and_what_follows(self, failed):
        first = failed.last()
        failed("UPDATE flag SET ok = 1", "DELETE FROM log")
        assert failed.retry() == {"B": "SUCCEEDED", "C": "SUCCEEDED", "F": "SUCCEEDED"}
        assert failed("SELECT x FROM log ORDER BY x") == [{"X": "f"}, {"X": "from a"}]
        second = failed.last()
        same = ["GRAPH_RUN_GROUP_ID", "RUN_ID", "CONFIG", "GRAPH_VERSION", "ROOT_TASK_ID"]
        assert [first[name] for name in same] == [second[name] for name in same]
        assert (first["STATE"], first["ATTEMPT_NUMBER"], first["SCHEDULED_FROM"]) == ("FAILED", 1, "EXECUTE TASK")
        assert (second["STATE"], second["ATTEMPT_NUMBER"], second["SCHEDULED_FROM"]) == ("SUCCEEDED", 2, "MANUAL RETRY")

    def test_twice(self, failed):
        assert failed.retry() == {"B": "FAILED", "F": "SUCCEEDED"}
        failed("UPDATE flag SET ok = 1")
        assert failed.retry() == {"B": "SUCCEEDED", "C": "SUCCEEDED", "F": "SUCCEEDED"}
        assert failed.last()["ATTEMPT_NUMBER"] == 3

    def test_by_the_id_of_a_group(self, failed):
        group = failed.last()["GRAPH_RUN_GROUP_ID"]
        failed("UPDATE flag SET ok = 1")
        failed.run()
        failed(f"EXECUTE TASK r RETRY GRAPH RUN GROUP '{group}'")
        failed.settle()
        runs = [(row["GRAPH_RUN_GROUP_ID"] == group, row["ATTEMPT_NUMBER"], row["STATE"]) for row in failed.graphs()]
        assert sorted(runs) == [(False, 1, "SUCCEEDED"), (True, 1, "FAILED"), (True, 2, "SUCCEEDED")]

    @pytest.mark.fact("2.4", "8")
    def test_a_run_without_failures(self, failed):
        failed("UPDATE flag SET ok = 1")
        failed.retry()
        error = failed.refusal("EXECUTE TASK r RETRY LAST")
        group = failed.last()["GRAPH_RUN_GROUP_ID"]
        assert (error.code, error.message) == (
            91456,
            (
                f"Cannot perform retry: run (GRAPH_RUN_GROUP_ID = {group}, attempt = 2) of graph with root task R had "
                "no failures."
            ),
        )

    @pytest.mark.fact("2.4", "8")
    @pytest.mark.parametrize(
        "change",
        [
            "ALTER TASK b MODIFY AS SELECT 1",
            "ALTER TASK r SET COMMENT = 'c'",
            "CREATE TASK d AFTER c AS SELECT 1",
            "DROP TASK c",
            "CREATE OR ALTER TASK f FINALIZE = r AS INSERT INTO log VALUES ('f')",
        ],
    )
    def test_a_graph_that_was_modified_since(self, failed, change):
        failed(change)
        error = failed.refusal("EXECUTE TASK r RETRY LAST")
        text = "Cannot perform retry: no suitable run of graph with root task R to retry."
        assert (error.code, error.message) == (91457, text)

    def test_resuming_and_suspending_the_root_modifies_nothing(self, failed):
        failed("ALTER TASK r RESUME", "ALTER TASK r SUSPEND", "UPDATE flag SET ok = 1")
        assert failed.retry()["B"] == "SUCCEEDED"

    @pytest.mark.fact("2.4", "8")
    def test_no_run_at_all(self, sql):
        sql("CREATE TASK r AS SELECT 1")
        assert sql.refusal("EXECUTE TASK r RETRY LAST").code == 91457
        assert sql.refuses("EXECUTE TASK r RETRY GRAPH RUN GROUP '17'") == (
            "Cannot perform retry: Graph run group with ID 17 not found."
        )

    def test_a_run_that_executes(self, sql):
        sql("CREATE TASK r AS CALL SYSTEM$WAIT(200, 'MILLISECONDS')", "EXECUTE TASK r")
        assert sql.refusal("EXECUTE TASK r RETRY LAST").code == 91457
        sql.settle()

    @pytest.mark.fact("2.4", "5")
    def test_fourteen_days_later(self, failed, monkeypatch):
        from datetime import timedelta

        tasks, now = failed.tasks, failed.tasks.clock.now()
        monkeypatch.setattr(tasks.clock, "now", lambda: now + timedelta(days=14, seconds=1))
        assert failed.refusal("EXECUTE TASK r RETRY LAST").code == 91457
