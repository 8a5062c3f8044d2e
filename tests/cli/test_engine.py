"""From the files to a finished run, on the local engine."""

import json
import os
import signal
import subprocess
import sys
from multiprocessing import get_context

import pytest
from click.testing import CliRunner

from neve.cli.main import main
from neve.deploy import connect

pytestmark = pytest.mark.engine

TASK_KEYS = ["name", "state", "attempt", "return_value", "error_code", "error_message", "scheduled_time", "started_at",
             "completed_at"]  # fmt: skip


def states(run):
    return {task["name"]: (task["state"], task["attempt"]) for task in run["tasks"]}


def test_a_run_as_json(shop):
    run = shop.json("run", "daily_orders", "--config", "a.b=1", "--as-of", "2024-03-11")
    assert {key: run[key] for key in ("graph", "attempt", "state", "scheduled_from", "config")} == {
        "graph": "daily_orders",
        "attempt": 1,
        "state": "SUCCEEDED",
        "scheduled_from": "EXECUTE TASK",
        "config": {"a": {"b": 1}, "as_of": "2024-03-11 00:00:00"},
    }
    assert states(run) == dict.fromkeys(("daily_orders", "revenue", "best_customer"), ("SUCCEEDED", 1))
    assert all(list(task) == TASK_KEYS for task in run["tasks"])
    returned = {task["name"]: task["return_value"] for task in run["tasks"]}
    assert json.loads(returned["best_customer"]) == {"customer": "Grace", "revenue": 99.0}
    (newest, *_) = shop.json("runs", "daily_orders")["runs"]
    assert newest == run


def test_a_run_as_text(shop):
    lines = shop("run", "daily_orders").splitlines()
    assert [line.split()[:2] for line in lines if " SUCCEEDED " in line][:3] == [
        ["daily_orders", "SUCCEEDED"],
        ["revenue", "SUCCEEDED"],
        ["best_customer", "SUCCEEDED"],
    ]
    assert lines[-1].startswith("daily_orders SUCCEEDED in ")
    assert lines[-1].endswith(": 3 tasks succeeded")


def test_a_run_that_nobody_waits_for(shop):
    run = shop.json("run", "daily_orders", "--no-wait")
    assert run["graph"] == "daily_orders"
    assert run["run_id"] in [listed["run_id"] for listed in shop.json("runs")["runs"]]


def test_an_unknown_graph(shop):
    shop("run", "dayly_orders", code=64)
    assert "try: neve run daily_orders" in shop.stderr


def test_a_second_plan_is_empty(shop):
    assert shop("plan").startswith("Nothing to do: 4 objects are as in the files.")
    shop("plan", "--detailed-exitcode")


def test_a_failed_run_is_explained_and_retried(engine):
    neve = engine
    neve.edit("python_tasks/best_customer.py", 'best["CUSTOMER"]', 'best["CUSTOMR"]')
    neve("seed")
    neve("apply")
    failed = neve.json("run", "daily_orders", code=1)
    assert states(failed)["best_customer"] == ("FAILED", 1)
    why = neve("why")
    assert "best_customer failed in python_tasks/best_customer.py:9" in why
    assert "KeyError: 'CUSTOMR'" in why
    (cause,) = neve.json("why", "daily_orders")["causes"]
    assert (cause["path"], cause["line"]) == ("python_tasks/best_customer.py", 9)

    neve.edit("python_tasks/best_customer.py", 'best["CUSTOMR"]', 'best["CUSTOMER"]')
    neve("apply")
    run = neve.json("retry", "daily_orders")
    assert (run["state"], run["attempt"], run["scheduled_from"]) == ("SUCCEEDED", 2, "MANUAL RETRY")
    assert run["run_group_id"] == failed["run_group_id"]
    assert states(run) == {
        "daily_orders": ("SUCCEEDED", 1), "revenue": ("SUCCEEDED", 1), "best_customer": ("SUCCEEDED", 2),
    }  # fmt: skip
    assert "nothing to explain" in neve("why")
    neve("retry", "daily_orders", code=5)
    assert "had no failures" in neve.stderr


def test_before_the_first_apply_there_is_nothing_to_look_at(engine):
    assert engine("runs").startswith("no runs in the last seven days")
    assert engine.json("runs") == {"runs": []}
    engine("why", code=1)
    engine("run", "daily_orders", code=1)
    assert "is not deployed" in engine.stderr
    engine("retry", "daily_orders", code=1)
    assert engine("deployments") == "nothing has been applied yet\n"


def test_what_a_failed_task_blocked_is_told(engine):
    neve = engine
    neve("apply")
    neve("run", "daily_orders", code=1)
    why = neve("why", "daily_orders")
    assert "revenue failed in models/revenue.sql" in why
    assert "It blocked: best_customer." in why


def test_plan_and_apply_in_steps(engine, tmp_path):
    neve = engine
    neve("plan", "--detailed-exitcode", code=2)
    neve("apply")
    neve.edit("models/revenue.sql", "group by customer", "group by customer having count(*) > 1")
    text = neve("plan", "--out", str(tmp_path / "plan.json"))
    assert "~ task SHOP.PIPELINE.DAILY_ORDERS$REVENUE  (edited)" in text
    assert "+group by customer having count(*) > 1" in text
    assert "Stands still meanwhile: SHOP.PIPELINE.DAILY_ORDERS." in text
    markdown = neve("plan", "--output", "markdown")
    assert "### neve plan: shop → local" in markdown
    assert "```mermaid\nflowchart LR" in markdown

    neve("apply", "--plan", str(tmp_path / "plan.json"))
    neve("apply", "--plan", str(tmp_path / "plan.json"), code=4)
    assert "the account has changed since the plan was made" in neve.stderr
    assert [d["outcome"] for d in neve.json("deployments")["deployments"]] == ["done", "done"]


def test_rollback_and_destroy(engine):
    neve = engine
    neve("apply")
    neve.edit("models/revenue.sql", "group by customer", "group by customer having count(*) > 1")
    neve("apply")
    (_, first) = neve.json("deployments")["deployments"]
    neve("rollback", first["id"], "--auto-approve")
    assert "having count(*) > 1" in neve("plan")
    neve("destroy", "--auto-approve")
    assert neve("plan").count("(new)") == 4
    neve("destroy", code=1)


def test_two_targets_beside_each_other(engine):
    neve = engine
    text = (neve.root / "project.yml").read_text()
    line = "  local: {engine: local, database: shop, schema: PIPELINE}\n"
    neve.edit("project.yml", line, line + line.replace("local: {", "dev: {", 1).replace("PIPELINE", "DEV"))
    assert text != (neve.root / "project.yml").read_text()
    neve("apply")
    neve("apply", "-t", "dev")
    assert neve("plan").startswith("Nothing to do")
    assert neve("plan", "-t", "dev").startswith("Nothing to do")
    neve("destroy", "-t", "dev", "--auto-approve")
    assert neve("plan").startswith("Nothing to do")


def test_seeds_replace_what_was_there_in_the_declared_types(shop):
    shop("seed")
    assert shop.json("seed") == {"tables": [{"table": "SHOP.RAW.ORDERS", "seed": "seeds/orders.csv", "rows": 4}]}


def test_seeds_in_python(engine):
    neve = engine
    (neve.root / "seeds" / "orders.csv").unlink()
    (neve.root / "seeds" / "more.py").write_text(
        "import pandas as pd\n"
        "def tables():\n"
        "    print('making it up')\n"
        "    times = pd.to_datetime(['2024-03-01 10:00:00'] * 3)\n"
        "    return {'orders': pd.DataFrame(\n"
        "        {'order_id': [1, 2, 3], 'customer': list('abc'), 'amount': [1.5, 2, 3], 'ordered_at': times})}\n"
    )
    assert neve.json("seed")["tables"][0]["rows"] == 3


def test_debug_goes_the_way_step_by_step(shop):
    assert [step["step"] for step in shop.json("debug") if step["ok"]] == [
        "connection", "login", "role", "warehouse", "schema", "task history",
    ]  # fmt: skip
    assert shop.json("engine", "connection")["password"] not in shop("debug")


def test_an_engine_that_cannot_start_is_an_error_without_traceback(neve):
    (neve.root / ".neve").write_text("in the way")
    neve("plan", code=69)
    assert "the local engine does not start" in neve.stderr
    assert "Traceback" not in neve.stderr


def test_an_account_that_cannot_be_reached_is_an_error_without_traceback(neve, monkeypatch):
    line = "  local: {engine: local, database: shop, schema: PIPELINE}\n"
    neve.edit("project.yml", line, line + "  prod: {connection: nowhere, database: shop, schema: PIPELINE}\n")
    for key, value in {"ACCOUNT": "a", "USER": "u", "PASSWORD": "c4n4ry", "HOST": "127.0.0.1", "PORT": "9"}.items():
        monkeypatch.setenv(f"SNOWFLAKE_CONNECTIONS_NOWHERE_{key}", value)
    monkeypatch.setattr("neve.deploy.connect._LOGIN_SECONDS", 1)
    neve("plan", "-t", "prod", code=69)
    assert "cannot connect to connection 'nowhere' of target 'prod'" in neve.stderr
    assert "c4n4ry" not in neve.stderr
    assert "Traceback" not in neve.stderr


def test_a_target_on_snowflake_is_not_applied_to_unasked(engine, monkeypatch):
    """The engine stands in for an account: what counts is that the target is not called a local one."""
    line = "  local: {engine: local, database: shop, schema: PIPELINE}\n"
    engine.edit("project.yml", line, line + "  prod: {connection: there, database: shop, schema: PROD}\n")
    for key, value in engine.json("engine", "connection").items():
        monkeypatch.setenv(f"SNOWFLAKE_CONNECTIONS_THERE_{key.upper()}", str(value))
    engine("apply")
    engine("apply", "-t", "prod", code=64)
    assert "nobody is here to approve this" in engine.stderr
    engine("apply", "-t", "prod", "--auto-approve")
    assert engine("plan", "-t", "prod").startswith("Nothing to do")
    engine("seed", "-t", "prod", code=64)


INTERRUPTED = """
import os, signal, sys
from neve.cli.main import main
from neve.deploy import connect
execute = connect.Account._execute
def interrupted(self, sql):
    if sql.startswith("CREATE OR ALTER TASK") and sql.split()[4].endswith("REVENUE"):
        os.kill(os.getpid(), signal.SIGINT)
    return execute(self, sql)
connect.Account._execute = interrupted
main(["apply", "-C", sys.argv[1]])
"""


def test_ctrl_c_ends_an_apply_after_the_statement_at_work(engine):
    engine("engine", "start")
    command = [sys.executable, "-c", INTERRUPTED, str(engine.root)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 130, done.stderr
    assert done.stdout.splitlines()[-1].startswith(" 6/10  task SHOP.PIPELINE.DAILY_ORDERS$REVENUE")
    assert "6 of 10 statements were done; the others were not sent." in done.stderr
    assert [d["outcome"] for d in engine.json("deployments")["deployments"]] == ["interrupted"]
    engine("apply")
    assert engine("plan").startswith("Nothing to do")


def test_the_password_of_a_connection_gets_nowhere(engine, monkeypatch, tmp_path):
    """The engine stands in for an account; its password is looked for in all that neve prints, writes and keeps."""
    engine("apply")
    arguments = engine.json("engine", "connection")
    line = "  local: {engine: local, database: shop, schema: PIPELINE}\n"
    engine.edit("project.yml", line, line + "  prod: {connection: there, database: shop, schema: PROD}\n")
    for key, value in arguments.items():
        monkeypatch.setenv(f"SNOWFLAKE_CONNECTIONS_THERE_{key.upper()}", str(value))
    told = []
    for words in (
        ("compile",), ("debug",), ("plan", "--out", str(tmp_path / "plan.json")), ("apply", "--auto-approve"),
        ("deployments", "--output", "json"), ("runs",), ("plan", "--output", "json"),
    ):  # fmt: skip
        told += [engine(*words, "-t", "prod"), engine.stderr]
    monkeypatch.setenv("SNOWFLAKE_CONNECTIONS_THERE_PASSWORD", "c4n4ry-" + arguments["password"])
    told += [engine("plan", "-t", "prod", code=69), engine.stderr]
    told += [path.read_text() for path in [tmp_path / "plan.json", *(engine.root / "deploy").iterdir()]]
    assert len(told) > 15
    assert not [text for text in told if arguments["password"] in text]


def apply_until(number, root):
    """In a process of its own: apply, and be gone before the statement with this number."""
    count, execute = 0, connect.Account._execute

    def counted(self, sql):
        nonlocal count
        count += not sql.startswith(("SHOW", "SELECT"))
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(self, sql)

    connect.Account._execute = counted
    CliRunner().invoke(main, ["apply", "-C", str(root)], catch_exceptions=False)
    os._exit(0)


@pytest.mark.slow
def test_killed_before_any_statement_the_next_apply_converges(engine):
    """The whole first apply, a process killed at each of its statements; the plan is empty after one more."""
    engine("plan")
    number, code = 0, -signal.SIGKILL
    while code == -signal.SIGKILL:
        number += 1
        process = get_context("fork").Process(target=apply_until, args=(number, engine.root))
        process.start()
        process.join(60)
        code = process.exitcode
        engine("apply")
        assert engine("plan").startswith("Nothing to do")
        engine("destroy", "--auto-approve")
    assert code == 0
    assert number > 12


def test_the_script_sent_as_a_whole_is_what_apply_would_send(engine):
    """Through execute_string, which splits it on this side; and statement by statement afterwards, to no effect."""
    from snowflake.connector import connect

    engine("compile")
    script = (engine.root / "deploy" / "local.sql").read_text()
    with connect(**engine.json("engine", "connection")) as connection:
        connection.execute_string(script)
    assert engine("plan").startswith("Nothing to do: 4 objects are as in the files.")
    engine("apply", "--full")
    assert engine("plan").startswith("Nothing to do: 4 objects are as in the files.")


def test_what_was_not_reviewed_is_not_applied_to_an_account(engine, monkeypatch):
    line = "  local: {engine: local, database: shop, schema: PIPELINE}\n"
    engine.edit("project.yml", line, line + "  prod: {connection: there, database: shop, schema: PROD}\n")
    engine("compile", "-t", "prod")
    engine.edit("models/revenue.sql", "group by customer", "group by customer having count(*) > 1")
    engine("apply", "-t", "prod", "--auto-approve", code=4)
    assert "deploy/prod.sql is not what the files compile to" in engine.stderr
