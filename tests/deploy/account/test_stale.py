"""Whatever changes in the account between `plan --out` and `apply --plan`: nothing is sent."""

import pytest

from neve.compile import compile_project

pytestmark = pytest.mark.engine

DAILY, HOURLY = "SHOP.JOBS.DAILY", "SHOP.JOBS.HOURLY"
PROCEDURE = f"CREATE OR REPLACE PROCEDURE {DAILY}$SCORE() RETURNS VARCHAR LANGUAGE SQL"


def edited(root, *statements):
    """What a person types who edits a graph by hand."""
    return (f"ALTER TASK {root} SUSPEND", *statements, f"ALTER TASK {root} RESUME")


CHANGES = {
    "root suspended": (f"ALTER TASK {DAILY} SUSPEND",),
    "task suspended": edited(DAILY, f"ALTER TASK {DAILY}$SCORE SUSPEND"),
    "suspended and resumed": edited(DAILY),
    "schedule": edited(DAILY, f"ALTER TASK {DAILY} SET SCHEDULE = '2 HOURS'"),
    "config": edited(DAILY, f"ALTER TASK {DAILY} SET CONFIG = '{{\"limit\": 1}}'"),
    "overlap": edited(DAILY, f"ALTER TASK {DAILY} SET OVERLAP_POLICY = 'ALLOW_CHILD_OVERLAP'"),
    "comment": edited(DAILY, f"ALTER TASK {DAILY}$ORDERS SET COMMENT = 'mine'"),
    "body": edited(DAILY, f"ALTER TASK {DAILY}$ORDERS MODIFY AS SELECT 2"),
    "condition": edited(HOURLY, f"ALTER TASK {HOURLY}$TELL MODIFY WHEN TRUE"),
    "no condition": edited(HOURLY, f"ALTER TASK {HOURLY}$TELL REMOVE WHEN"),
    "timeout, which SHOW does not tell": edited(HOURLY, f"ALTER TASK {HOURLY}$LOAD SET USER_TASK_TIMEOUT_MS = 1000"),
    "hung below another": edited(
        HOURLY, f"ALTER TASK {HOURLY}$TELL ADD AFTER {HOURLY}", f"ALTER TASK {HOURLY}$TELL REMOVE AFTER {HOURLY}$LOAD"
    ),
    "dropped": edited(HOURLY, f"DROP TASK {HOURLY}$TELL"),
    "dropped root": (f"ALTER TASK {HOURLY} SUSPEND", f"DROP TASK {HOURLY}"),
    "replaced": edited(HOURLY, f"CREATE OR REPLACE TASK {HOURLY}$TELL AFTER {HOURLY}$LOAD AS SELECT 1"),
    "added below": edited(DAILY, f"CREATE TASK SHOP.JOBS.MINE AFTER {DAILY}$SCORE AS SELECT 1"),
    "finalizer dropped": edited(DAILY, f"DROP TASK {DAILY}$CLEANUP"),
    "procedure dropped": (f"DROP PROCEDURE {DAILY}$SCORE()",),
    "procedure replaced": (f"{PROCEDURE} COMMENT = '{{mark}}' AS $$ BEGIN RETURN 'x'; END $$",),
    "view dropped": ("DROP VIEW SHOP.JOBS.LATEST",),
    "view replaced": ("CREATE OR REPLACE VIEW SHOP.JOBS.LATEST AS SELECT 2 AS id",),
    "schema dropped": ("DROP SCHEMA SHOP.JOBS",),
}


@pytest.fixture(scope="module")
def deployed(empty):
    """The statements of the project as it was before a task was edited."""
    compiled, _ = compile_project(empty.root, "prod", {})
    empty.edit("tasks/tell.sql", "select 1", "select 2")
    return [statement.sql for statement in compiled.script.statements]


@pytest.fixture
def account(empty, deployed):
    empty.sql("DROP SCHEMA IF EXISTS SHOP.JOBS", *deployed)
    return empty


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_sent_to_an_account_that_has_changed(account, tmp_path, change):
    account("plan", "--out", str(tmp_path / "plan.json"))
    (row,) = [row for row in account.sql("SHOW PROCEDURES IN SCHEMA SHOP.JOBS") if row["name"] == "DAILY$SCORE"]
    account.sql(*(statement.replace("{mark}", row["description"]) for statement in CHANGES[change]))
    account("apply", "--plan", str(tmp_path / "plan.json"), code=4)
    assert account.changes() == []
    assert "nothing was sent" in account.stderr


def test_an_account_that_has_not_changed_gets_what_was_planned(account, tmp_path):
    planned = account.json("plan", "--out", str(tmp_path / "plan.json"))
    account.sql("CREATE TASK SHOP.JOBS.MINE AS SELECT 1", "CREATE VIEW SHOP.JOBS.MINE AS SELECT 1 AS x")
    assert account.json("apply", "--plan", str(tmp_path / "plan.json"))["statements"] == planned["statements"]
    assert account("plan").startswith("Nothing to do")
