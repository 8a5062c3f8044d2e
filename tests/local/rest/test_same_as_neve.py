"""One graph built twice, by neve and by DAGOperation: the same tasks, and the same history."""

import re
from datetime import timedelta

import pytest

pytestmark = pytest.mark.engine

CONFIG = {"table": "orders", "rows": 3}
DEFINITIONS = {
    "load": "call system$set_return_value(system$get_task_graph_config('table'))",
    "accept": "insert into D.PUBLIC.SEEN select system$get_predecessor_return_value('G$LOAD')",
    "reject": "select 1 / 0",
    "report": "call system$set_return_value('reported')",
}
BRANCH = "accept"
PROJECT = f"""
name: twice
graphs:
  g:
    schedule: 60 minutes
    config: {CONFIG}
    task_auto_retry_attempts: 1
    user_task_timeout_ms: 600000
    overlap_policy: ALLOW_CHILD_OVERLAP
    description: Loads and branches
targets:
  local: {{engine: local, database: D, schema: NEVE}}
"""
FILES = {
    "project.yml": PROJECT,
    "tasks/load.sql": f"/*---\n---\nLoads.\n*/\n{DEFINITIONS['load']}",
    "python_tasks/choose.py": f'"""---\nafter: load\n---\n"""\ndef main(session, run):\n    return "{BRANCH}"\n',
    "tasks/accept.sql": f"/*---\nwhen: return_value('choose') = 'accept'\n---\n*/\n{DEFINITIONS['accept']}",
    "tasks/reject.sql": f"/*---\nwhen: return_value('choose') = 'reject'\n---\n*/\n{DEFINITIONS['reject']}",
    "tasks/report.sql": f"/*---\nfinalize: g\n---\n*/\n{DEFINITIONS['report']}",
}
OWN = {"id", "created_on", "last_committed_on", "last_suspended_on", "schema_name"}
"""What no two tasks share."""


@pytest.fixture(scope="module")
def by_neve(connection, tmp_path_factory):
    from neve.compile import compile_project
    from neve.deploy.apply import apply, read_plan
    from neve.deploy.connect import Account

    root = tmp_path_factory.mktemp("twice")
    for path, text in FILES.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    compiled, findings = compile_project(root)
    assert not findings.errors, list(findings)
    account = Account(connection)
    apply(read_plan(compiled.script, account, compiled.project), account)
    return "NEVE"


@pytest.fixture(scope="module")
def by_dag(connection):
    from snowflake.core import Root
    from snowflake.core.task import OverlapPolicy
    from snowflake.core.task.dagv1 import DAG, DAGOperation, DAGTask, DAGTaskBranch
    from snowflake.snowpark import Session

    def choose(session: Session) -> str:
        return BRANCH

    connection.cursor().execute("CREATE SCHEMA D.DAG")
    connection.cursor().execute("CREATE STAGE D.DAG.CODE")
    with DAG(
        "g",
        schedule=timedelta(hours=1),
        config=CONFIG,
        task_auto_retry_attempts=1,
        user_task_timeout_ms=600_000,
        overlap_policy=OverlapPolicy.ALLOW_CHILD_OVERLAP,
        comment="Loads and branches",
        stage_location="@D.DAG.CODE",
        packages=["snowflake-snowpark-python"],
        use_func_return_value=True,
    ) as graph:
        branch = DAGTaskBranch("choose", choose)
        DAGTask("load", DEFINITIONS["load"], comment="Loads.") >> branch
        branch >> [DAGTask(name, DEFINITIONS[name]) for name in ("accept", "reject")]
        DAGTask("report", DEFINITIONS["report"], is_finalizer=True)
    DAGOperation(Root(connection).databases["D"].schemas["DAG"]).deploy(graph)
    return "DAG"


def shown(sql, schema):
    """SHOW TASKS by name; where the schema is told it becomes S, neve's fingerprint goes."""
    rows = sql(f"SHOW TASKS IN SCHEMA D.{schema}")
    return {
        row["name"]: {
            key: re.sub(r" ?\[neve:.*\]", "", value.replace(f"D.{schema}.", "D.S."))
            if isinstance(value, str)
            else value
            for key, value in row.items()
            if key not in OWN
        }
        for row in rows
    }


def test_show_tasks_agrees(by_neve, by_dag, sql):
    neve, dag = shown(sql, by_neve), shown(sql, by_dag)
    assert neve.keys() == dag.keys() == {"G", "G$LOAD", "G$CHOOSE", "G$ACCEPT", "G$REJECT", "G$REPORT"}
    for task in ("G", "G$CHOOSE"):  # a root of neve's own; a named procedure there, an anonymous one here
        assert neve[task].pop("definition") != dag[task].pop("definition")
    assert neve == dag


def test_parameters_agree(by_neve, by_dag, sql):
    for task in ("G", "G$LOAD"):
        assert sql(f"SHOW PARAMETERS IN TASK D.{by_neve}.{task}") == sql(f"SHOW PARAMETERS IN TASK D.{by_dag}.{task}")


def test_both_runs_give_the_same_history(by_neve, by_dag, sql):
    sql("CREATE TABLE D.PUBLIC.SEEN (name varchar)")
    told = []
    for schema in (by_neve, by_dag):
        sql(f"EXECUTE TASK D.{schema}.G AWAIT")
        rows = sql(f"SELECT * FROM TABLE(D.INFORMATION_SCHEMA.TASK_HISTORY()) WHERE SCHEMA_NAME = '{schema}'")
        facts = ("STATE", "RETURN_VALUE", "ERROR_CODE", "CONDITION_TEXT", "ATTEMPT_NUMBER", "CONFIG", "SCHEDULED_FROM")
        told.append({row["NAME"]: [row[fact] for fact in facts] for row in rows if row["STATE"] != "SCHEDULED"})
    assert told[0] == told[1]
    assert {name: facts[:2] for name, facts in told[0].items()} == {
        "G": ["SUCCEEDED", None],
        "G$LOAD": ["SUCCEEDED", "orders"],
        "G$CHOOSE": ["SUCCEEDED", "accept"],
        "G$ACCEPT": ["SUCCEEDED", None],
        "G$REJECT": ["SKIPPED", None],
        "G$REPORT": ["SUCCEEDED", "reported"],
    }
    assert sql("SELECT * FROM D.PUBLIC.SEEN") == [{"NAME": "orders"}, {"NAME": "orders"}]
