"""Task graphs of the unmodified DAGOperation."""

import warnings
from datetime import timedelta

import pytest

pytestmark = pytest.mark.engine
HOUR = timedelta(hours=1)


@pytest.fixture
def operation(schema):
    from snowflake.core.task.dagv1 import DAGOperation

    return DAGOperation(schema)


@pytest.fixture
def stage(sql, schema):
    sql(f"CREATE STAGE D.{schema.name}.CODE")
    return f"@D.{schema.name}.CODE"


def dag(name="g", **more):
    from snowflake.core.task.dagv1 import DAG

    return DAG(name, **more)


def step(*arguments, **more):
    from snowflake.core.task.dagv1 import DAGTask

    return DAGTask(*arguments, **more)


def set_value(text):
    return f"call system$set_return_value({text})"


def test_a_graph_of_statements_from_deploy_to_drop(operation, schema, history):
    with dag(schedule=HOUR, config={"source": "orders"}, comment="it's ours") as graph:
        load = step("load", set_value("system$get_task_graph_config('source')"))
        split = step("split", set_value("system$get_predecessor_return_value('G$LOAD') || '!'"))
        load >> split
        step("report", set_value("'done'"), is_finalizer=True)
    operation.deploy(graph)
    assert [task.name for task in schema.tasks["g"].fetch_task_dependents()] == ["G", "G$LOAD", "G$REPORT", "G$SPLIT"]
    assert {task.name: task.state for task in schema.tasks.iter()} == dict.fromkeys(
        ("G", "G$LOAD", "G$REPORT", "G$SPLIT"), "started"
    )
    assert schema.tasks["g"].fetch().config == {"source": "orders"}
    (planned,) = operation.get_current_dag_runs(graph)
    assert (planned.state, planned.dag_name) == ("SCHEDULED", "G")

    operation.run(graph)
    assert history("G") == {
        "G": ("SUCCEEDED", None),
        "G$LOAD": ("SUCCEEDED", "orders"),
        "G$SPLIT": ("SUCCEEDED", "orders!"),
        "G$REPORT": ("SUCCEEDED", "done"),
    }
    (run,) = operation.get_complete_dag_runs(graph, error_only=False)
    assert (run.state, run.graph_version, run.first_error_code) == ("SUCCEEDED", 1, None)
    assert run.next_scheduled_time == planned.scheduled_time
    assert operation.get_complete_dag_runs("g") == []

    operation.drop(graph, drop_finalizer=True)
    assert list(schema.tasks.iter()) == []
    operation.drop(graph, drop_finalizer=True)


def test_while_it_runs_it_is_the_one_current_run(operation, sql):
    with dag(schedule=HOUR) as graph:
        step("wait", "call system$wait(20)")
    operation.deploy(graph)
    (planned,) = operation.get_current_dag_runs(graph)
    operation.run(graph)
    (running,) = operation.get_current_dag_runs(graph)
    assert (running.state, running.scheduled_time < planned.scheduled_time) == ("EXECUTING", True)
    sql("USE SCHEMA D." + operation.schema.name)
    sql("SELECT SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS('G$WAIT')")


def test_deploy_again(operation, schema):
    from snowflake.core.exceptions import ConflictError

    with dag(schedule=HOUR) as first:
        step("old", "select 1")
    operation.deploy(first)
    with pytest.raises(ConflictError):
        operation.deploy(first)
    with dag(schedule=HOUR) as second:
        step("new", "select 2")
    with pytest.warns(DeprecationWarning, match="drop_finalizer"):  # snowflake.core's, of itself
        operation.deploy(second, mode="orReplace")
    assert [task.name for task in schema.tasks.iter()] == ["G", "G$NEW"]


def test_deploy_if_not_exists_meets_the_root_that_is_there(operation, schema):
    """snowflake.core makes the root with a plain create whatever the mode; the children keep it."""
    from snowflake.core.exceptions import ConflictError

    with dag(schedule=HOUR) as graph:
        step("a", "select 1")
    operation.deploy(graph, mode="ifNotExists")
    with pytest.raises(ConflictError):
        operation.deploy(graph, mode="ifNotExists")
    assert {task.name: task.state for task in schema.tasks.iter()} == {"G": "started", "G$A": "started"}


def test_a_cycle_is_found_when_the_root_is_there_already(operation, schema):
    with dag() as graph:
        a, b = step("a", "select 1"), step("b", "select 1")
        a >> b
        b >> a
    with pytest.raises(ValueError, match="cycle"):
        operation.deploy(graph)
    assert [task.name for task in schema.tasks.iter()] == ["G"]


def test_running_a_scheduled_graph_resumes_it(operation, schema, history):
    with dag(schedule=HOUR) as graph:
        step("a", "select 1")
    operation.deploy(graph)
    schema.tasks["g"].suspend()
    operation.run(graph)
    assert schema.tasks["g"].fetch().state == "started"
    assert history("G")["G$A"] == ("SUCCEEDED", None)


def test_a_started_graph_is_replaced_and_dropped(operation, schema):
    for body in ("select 1", "select 2"):
        with dag(schedule=HOUR) as graph:
            step("a", body)
            step("f", body, is_finalizer=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # snowflake.core's, of itself
            operation.drop(graph, drop_finalizer=True)
            operation.deploy(graph, mode="orReplace")
        assert {task.definition for task in schema.tasks.iter()} == {"select 'dag dummy root'", body}
    operation.drop(graph, drop_finalizer=True)
    assert list(schema.tasks.iter()) == []


@pytest.mark.parametrize("drops", [True, False])
def test_a_finalizer_that_is_kept_stands_alone(operation, schema, drops):
    with dag(schedule=HOUR) as graph:
        step("a", "select 1")
        step("f", "select 2", is_finalizer=True)
    operation.deploy(graph)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # to keep it
        operation.drop("g", drop_finalizer=drops)
    assert [task.name for task in schema.tasks.iter()] == ([] if drops else ["G$F"])


def test_failure_is_told_and_retried(operation, sql, schema, history):
    with dag() as graph:
        step("fine", "select 1") >> step("breaks", f"select * from D.{schema.name}.missing")
    operation.deploy(graph)
    operation.run(graph)
    assert history("G")["G$BREAKS"] == ("FAILED", None)
    (failed,) = operation.get_complete_dag_runs(graph)
    assert (failed.state, failed.first_error_task_name, failed.first_error_code) == ("FAILED", "G$BREAKS", 2003)
    assert "does not exist or not authorized" in failed.first_error_message
    sql(f"CREATE TABLE D.{schema.name}.missing (x int)")
    operation.run("g", retry_last=True)
    assert history("G")["G$BREAKS"] == ("SUCCEEDED", None)
    assert {run.state for run in operation.get_complete_dag_runs(graph, error_only=False)} == {"SUCCEEDED", "FAILED"}


def test_nothing_to_retry(operation):
    from snowflake.core.exceptions import APIError

    with dag() as graph:
        step("a", "select 1")
    operation.deploy(graph)
    with pytest.raises(APIError, match="Cannot perform retry") as caught:
        operation.run(graph, retry_last=True)
    assert caught.value.status == 400


def test_graphs_are_found_by_name(operation):
    for name in ("daily_a", "daily_b", "weekly"):
        with dag(name) as graph:
            step("a", "select 1")
        operation.deploy(graph)
    assert operation.iter_dags(like="daily%") == ["DAILY_A", "DAILY_B"]


def test_options_of_root_and_tasks(operation, schema):
    from snowflake.core.task import Cron, OverlapPolicy

    options = {
        "task_auto_retry_attempts": 1,
        "overlap_policy": OverlapPolicy.ALLOW_CHILD_OVERLAP,
        "user_task_timeout_ms": 60_000,
        "suspend_task_after_num_failures": 3,
        "session_parameters": {"TIMEZONE": "UTC"},
        "warehouse": "WH",
        "condition": "1=1",
    }
    with dag(schedule=Cron("0 5 * * *", "Europe/Berlin"), **options) as graph:
        step("a", "select 1", condition="2=2", comment="one", user_task_timeout_ms=1000)
        step("b", "select 1", is_serverless=True, user_task_managed_initial_warehouse_size="SMALL")
    operation.deploy(graph)
    root, a, b = (schema.tasks[name].fetch() for name in ("g", "g$a", "g$b"))
    assert {key: getattr(root, key) for key in options} == options
    assert (a.condition, a.comment, a.user_task_timeout_ms, a.warehouse) == ("2=2", "one", 1000, "WH")
    assert (b.warehouse, b.user_task_managed_initial_warehouse_size) == (None, "SMALL")


def test_callables_branches_and_their_return_values(operation, stage, history):
    from snowflake.core.task import StoredProcedureCall
    from snowflake.core.task.dagv1 import DAGTaskBranch
    from snowflake.snowpark import Session

    def prepare(session: Session) -> str:
        session.create_dataframe([[1], [2]], schema=["X"]).write.save_as_table("D.PUBLIC.NUMBERS", mode="overwrite")
        return "two"

    def choose(session: Session) -> str:
        return "left" if session.table("D.PUBLIC.NUMBERS").count() == 2 else "right"

    def left(session: Session) -> str:
        from snowflake.core.task.context import TaskContext

        context = TaskContext(session)
        return context.get_task_graph_config_property("prefix") + context.get_predecessor_return_value("G$PREPARE")

    def right(session: Session) -> None:
        raise AssertionError(session)

    packages = ["snowflake-snowpark-python", "snowflake.core"]
    with dag(stage_location=stage, packages=packages, use_func_return_value=True, config={"prefix": ">"}) as graph:
        start = step("prepare", StoredProcedureCall(prepare, stage_location=stage, packages=packages))
        start >> DAGTaskBranch("choose", choose) >> [left, right]
    operation.deploy(graph)
    operation.run(graph)
    assert history("G") == {
        "G": ("SUCCEEDED", None),
        "G$PREPARE": ("SUCCEEDED", "two"),
        "G$CHOOSE": ("SUCCEEDED", "left"),
        "G$LEFT": ("SUCCEEDED", ">two"),
        "G$RIGHT": ("SKIPPED", None),
    }
    assert "prepare" in operation.schema.tasks["g$prepare"].fetch().definition
