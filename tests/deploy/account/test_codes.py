"""The exit code of each end, and how much of the account's time a verb takes."""

import json
import socket

import pytest

pytestmark = pytest.mark.engine

LOCK = "SHOP.JOBS.NEVE_LOCK$SHOP$PROD"


@pytest.fixture
def held(shop):
    """The lock, in the hands of a live process of somebody else's."""
    now = shop.sql("SELECT CURRENT_TIMESTAMP() AS now")[0]["NOW"]
    holder = {
        "id": "abcd1234", "who": "ann", "host": "elsewhere", "pid": 1, "machine": "", "since": now.isoformat(),
        "expires": now.replace(year=now.year + 1).isoformat(), "plan": "x",
    }  # fmt: skip
    shop.sql(f"CREATE TABLE {LOCK} (holder VARCHAR) COMMENT = '{json.dumps(holder)}'")
    yield holder
    shop.sql(f"DROP TABLE IF EXISTS {LOCK}")


@pytest.fixture
def edited(shop):
    """The project with one task edited."""
    shop.edit("tasks/tell.sql", "select 1", "select 2")
    yield shop
    shop.edit("tasks/tell.sql", "select 2", "select 1")
    shop.apply()


@pytest.fixture(autouse=True)
def unreviewed(shop):
    """Without a committed script nothing has to be compiled after an edit."""
    (shop.root / "deploy/prod.sql").unlink(missing_ok=True)


def test_0_nothing_to_do_after_three_statements(shop):
    shop("plan", "--detailed-exitcode")
    assert [sql.split(" IN ")[0] for sql in shop.sent] == ["SHOW OBJECTS", "SHOW TASKS", "SHOW PROCEDURES"]
    assert shop("apply").startswith("Nothing to do")
    assert len(shop.sent) == 3


def test_1_errors_in_the_project(shop):
    shop.write("tasks/wrong.sql", "/*---\ngraph: hourly\nafter: nobody\n---\nWrong.\n*/\nselect 1\n")
    shop("plan", code=1)
    shop("apply", code=1)
    (shop.root / "tasks/wrong.sql").unlink()
    assert shop.sent == []


def test_2_changes(edited):
    edited("plan", code=0)
    edited("plan", "--detailed-exitcode", code=2)


def test_3_locked_and_by_whom(edited, held):
    edited.apply(code=3)
    assert "another apply is at work: ann on elsewhere (process 1)" in edited.stderr
    assert "neve unlock abcd1234" in edited.stderr
    assert not [sql for sql in edited.changes() if "TASK" in sql]
    assert edited("unlock", "abcd1234", "--auto-approve").startswith("took the lock of ann on elsewhere")
    edited.apply()


def test_3_a_lock_that_another_holds_by_now(shop, held):
    shop("unlock", "other", "--auto-approve", code=3)
    assert "abcd1234 is, by ann" in shop.stderr


def test_4_the_reviewed_script_is_another_one(edited):
    edited.write("deploy/prod.sql", "-- what was reviewed\n")
    edited.apply(code=4)
    assert edited.sent == []
    (edited.root / "deploy/prod.sql").unlink()


def test_5_a_statement_fails(shop):
    shop.break_view()
    shop.apply(code=5)
    assert "view SHOP.JOBS.LATEST from models/latest.sql" in shop.stderr
    shop.mend_view()
    assert shop("plan").startswith("Nothing to do")
    newest = shop.json("deployments")["deployments"][0]
    assert (newest["outcome"], newest["sent"]) == ("failed", 1)
    assert "statement 2 of 2 failed: view SHOP.JOBS.LATEST from models/latest.sql" in newest["message"]


def test_64_what_cannot_be_meant(shop, tmp_path):
    shop("plan", "--no-such-option", code=64)
    shop("plan", "-t", "nowhere", code=1)
    (tmp_path / "plan.json").write_text("{}")
    shop("apply", "--plan", str(tmp_path / "plan.json"), code=64)


def test_64_nobody_is_there_to_approve(edited):
    edited("apply", code=64)
    assert edited.changes() == []


def test_69_nobody_answers(shop):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = str(closed.getsockname()[1])
    shop("plan", code=69, SNOWFLAKE_CONNECTIONS_PROD_PORT=port, SNOWFLAKE_CONNECTIONS_PROD_LOGIN_TIMEOUT="1")


def test_69_another_role_than_the_target_wants(shop):
    """As Snowflake gives it to a user who has a default role and not this one."""
    shop.edit("project.yml", "prod: {connection: prod,", "prod: {connection: prod, role: DEPLOYER,")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("snowflake.connector.SnowflakeConnection.role", "PUBLIC")
        shop("plan", code=69)
    assert "target 'prod' is for role DEPLOYER, but connection 'prod' of target 'prod' logs in as PUBLIC" in shop.stderr
    assert shop.sent == []
    shop.edit("project.yml", " role: DEPLOYER,", "")


def test_debug_goes_step_by_step_to_the_first_that_fails(shop):
    steps = [step["step"] for step in shop.json("debug")]
    assert steps == ["connection", "login", "role", "warehouse", "schema", "task history"]
    assert [line.split(":")[0] for line in shop("debug").splitlines()] == [f"ok  {step}" for step in steps]
    step, failed = shop.json("debug", code=69, SNOWFLAKE_CONNECTIONS_PROD_PASSWORD="wrong")
    assert (step["step"], step["ok"]) == ("connection", True)
    assert (failed["step"], failed["ok"]) == ("login", False)
    assert "connections.toml" in failed["hint"]
