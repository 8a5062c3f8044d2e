from dataclasses import replace

import pytest

from neve.deploy.apply import apply, read_plan
from neve.deploy.deployments import Journal
from neve.deploy.errors import Stale, StatementFailed
from neve.deploy.live import read_live
from neve.deploy.note import Note
from neve.deploy.send import what_stands

REPLACED = "CREATE OR REPLACE PROCEDURE DB.S.R$A() COMMENT = '{}'\nAS select 'by hand'"


@pytest.fixture
def planned(account, project):
    return lambda script: read_plan(script, account, project)


def test_a_failure_names_the_statement_its_file_the_message_and_what_stands(account, planned, script, task):
    apply(planned(script({"R": {"A": task()}})), account)
    plan = planned(script({"R": {"A": task(body="select 2")}}))
    account.broken = "select 2"
    with pytest.raises(StatementFailed) as failure:
        apply(plan, account)
    assert failure.value.message == (
        "statement 3 of 5 failed: task DB.S.R$A from tasks/r$a.sql\n"
        "  SQL compilation error:\n"
        "  broken on purpose [001003]\n"
        "\n"
        "2 of 5 statements were done; the others were not sent.\n"
        "Suspended, and so not started by their schedule until the next apply: DB.S.R."
    )
    assert "neve apply" in failure.value.hint


def test_after_a_failure_the_next_apply_goes_on(account, planned, script, task):
    made = script({"R": {"A": task(), "B": task(("A",))}})
    account.broken = "CREATE OR ALTER TASK DB.S.R$B"
    with pytest.raises(StatementFailed):
        apply(planned(made), account)
    account.broken = ""
    apply(planned(made), account)
    assert {task.state for task in account.tasks.values()} == {"started"}
    assert planned(made).steps == ()


def test_progress_is_told_after_each_statement(account, planned, script):
    told = []
    apply(planned(script({"R": {}})), account, tell=lambda number, step, _seconds: told.append((number, step.kind)))
    assert told == [(1, "context"), (2, "task"), (3, "resume")]


def test_a_stop_comes_between_two_statements(account, planned, script, task):
    plan = planned(script({"R": {"A": task()}}))
    assert apply(plan, account, stop=lambda: len(account.sent) == 2) == 2
    assert len(account.sent) == 2


def test_what_stands_does_not_name_a_graph_that_was_resumed(account, planned, script, task):
    apply(planned(script({"R": {"A": task()}})), account)
    plan = planned(script({"R": {"A": task(body="select 2")}}))
    assert "Suspended" in what_stands(plan.steps, 2)
    assert "Suspended" not in what_stands(plan.steps, len(plan.steps))


def test_a_plan_is_not_applied_to_an_account_that_has_moved(account, planned, script, task):
    apply(planned(script({"R": {"A": task()}})), account)
    plan = planned(script({"R": {"A": task(body="select 2")}}))
    account.tasks["R$A"].body = "select 3"
    account.sent.clear()
    with pytest.raises(Stale):
        apply(plan, account)
    assert [sql for sql in account.sent if not sql.startswith("USE")] == []
    assert not [name for name in account.tables if name.startswith("NEVE_LOCK")]


def test_each_apply_is_written_down(account, planned, project, script, task):
    apply(planned(script({"R": {}})), account, revision="abc123")
    account.broken = "R$A"
    with pytest.raises(StatementFailed):
        apply(planned(script({"R": {"A": task()}})), account)
    failed, done = Journal(account, project).read()
    assert (done.outcome, done.revision, done.sent, done.statements) == ("done", "abc123", 3, 3)
    assert (failed.outcome, failed.sent) == ("failed", 2)
    assert "broken on purpose" in failed.message


def test_what_a_person_suspended_stays_suspended(account, planned, script, task):
    apply(planned(script({"R": {"A": task()}})), account)
    account.execute("ALTER TASK DB.S.R SUSPEND")
    plan = planned(script({"R": {"A": task()}}))
    assert plan.steps == ()
    assert [change.why for change in plan.changes if change.drift] == [
        "suspended by hand, and stays so until somebody resumes it"
    ]
    apply(planned(script({"R": {"A": task(body="select 2")}})), account)
    assert account.tasks["R"].state == "suspended"
    assert account.tasks["R$A"].state == "started"


def test_what_an_apply_left_suspended_is_resumed_by_the_next(account, planned, script, task):
    first, second = script({"R": {"A": task()}}), script({"R": {"A": task(body="select 2")}})
    apply(planned(first), account)
    apply(planned(second), account, stop=lambda: "SUSPEND" in account.sent[-1])
    assert account.tasks["R"].state == "suspended"
    apply(planned(second), account)
    assert {task.state for task in account.tasks.values()} == {"started"}


def test_the_script_of_a_deployment_can_be_had_again(account, planned, project, script, task):
    made = script({"R": {"A": task()}})
    apply(planned(made), account)
    (row,) = Journal(account, project).read()
    kept = Journal(account, project).script(row.id)
    assert kept == made


def hang_something_below(account):
    account.execute("CREATE OR ALTER TASK DB.S.THEIRS COMMENT = 'theirs'\n  AFTER DB.S.R$A\nAS select 1")


@pytest.mark.parametrize(
    "change",
    [
        lambda account: account.execute("ALTER TASK DB.S.R SUSPEND"),
        lambda account: setattr(account.tasks["R$A"], "state", "suspended"),
        lambda account: setattr(account.tasks["R$A"], "body", "select 7"),
        lambda account: setattr(account.tasks["R$A"], "comment", "mine now"),
        lambda account: setattr(account.tasks["R$B"], "after", ("R",)),
        lambda account: account.tasks.pop("R$B"),
        lambda account: account.procedures.pop("R$B"),
        lambda account: account.procedures.update({"R$B": "mine now"}),
        lambda account: account.procedures.update({"R$NEW": "theirs"}),
        lambda account: setattr(account.tasks["R"], "state", "suspended") or hang_something_below(account),
    ],
)
def test_whatever_changes_between_plan_and_apply_nothing_is_sent(account, planned, script, task, change):
    old = {"A": task(), "B": task(("A",), python=True)}
    apply(planned(script({"R": old})), account)
    plan = planned(script({"R": {**old, "NEW": task(python=True)}}))
    change(account)
    account.sent.clear()
    with pytest.raises(Stale):
        apply(plan, account)
    assert [sql for sql in account.sent if not sql.startswith("USE SCHEMA")] == []


def test_a_change_to_something_else_does_not_matter(account, planned, script, task):
    apply(planned(script({"R": {"A": task()}})), account)
    plan = planned(script({"R": {"A": task(body="select 2")}}))
    account.execute("CREATE OR ALTER TASK DB.S.THEIRS COMMENT = 'theirs'\nAS select 1")
    account.procedures["THEIRS"] = "theirs"
    assert apply(plan, account) == len(plan.steps)


def test_a_procedure_replaced_by_hand_under_our_mark_is_put_right(account, planned, script, task):
    made = script({"R": {"A": task(python=True)}}, views={"V": "select 1"})
    apply(planned(made), account)
    account.execute(REPLACED.format(account.procedures["R$A"]))
    plan = planned(made)
    (change,) = [change for change in plan.changes if change.action != "untouched"]
    assert (change.action, change.why, change.drift) == ("replace", "replaced since the last apply", True)
    apply(plan, account)
    assert "by hand" not in account.made["R$A"][0]
    assert planned(made).steps == ()


def test_what_an_apply_that_broke_off_had_replaced_is_not_called_drift(account, planned, script, task):
    apply(planned(script({"R": {"A": task(python=True)}})), account)
    made = script({"R": {"A": task(python=True, body="select 2")}, "Q": {}})
    apply(planned(made), account, stop=lambda: len(account.sent) > 5)
    plan = planned(made)
    assert [change.object for change in plan.changes if change.action == "replace"] == ["DB.S.R$A"]
    assert not [change for change in plan.changes if change.drift]


def test_a_schema_is_looked_at_until_an_apply_has_got_to_its_end(account, project, script, task):
    """A view left an apply ago, which was killed before it could be dropped."""
    left = Note(frozenset({("DB", "OLD")}))
    plan = replace(read_plan(script({"R": {}}), account, project), note=left)
    journal = Journal(account, project)
    journal.begin(plan, "")
    assert read_live(account, project, ()).note == replace(left, partly=True)
    journal.settle(plan)
    settled = read_live(account, project, ()).note
    assert (settled.schemas, settled.partly) == (frozenset(), False)


def test_what_a_person_suspended_after_an_apply_had_failed_stays_suspended(account, planned, script, task):
    first, second = script({"R": {"A": task()}}), script({"R": {"A": task(body="select 2")}})
    apply(planned(first), account)
    account.broken = "ALTER TASK IF EXISTS DB.S.R SUSPEND"
    with pytest.raises(StatementFailed):
        apply(planned(second), account)
    account.broken = ""
    account.execute("ALTER TASK DB.S.R SUSPEND")
    assert planned(first).steps == ()
    apply(planned(second), account)
    assert account.tasks["R"].state == "suspended"
