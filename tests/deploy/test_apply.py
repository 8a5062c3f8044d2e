import pytest

from neve.deploy.apply import apply, what_stands
from neve.deploy.errors import StatementFailed
from neve.deploy.live import read_live
from neve.deploy.plan import make_plan


@pytest.fixture
def planned(account, project):
    def plan(script):
        return make_plan(script, read_live(account, project.target, script.statements), project)

    return plan


def test_a_failure_names_the_statement_its_file_the_message_and_what_stands(account, planned, script, task):
    apply(planned(script({"R": {"A": task()}})), account, lambda *_: None)
    plan = planned(script({"R": {"A": task(body="select 2")}}))
    account.broken = "select 2"
    with pytest.raises(StatementFailed) as failure:
        apply(plan, account, lambda *_: None)
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
        apply(planned(made), account, lambda *_: None)
    account.broken = ""
    apply(planned(made), account, lambda *_: None)
    assert {task.state for task in account.tasks.values()} == {"started"}
    assert planned(made).steps == ()


def test_progress_is_told_after_each_statement(account, planned, script, task):
    told = []
    plan = planned(script({"R": {}}))
    apply(plan, account, lambda number, step, _seconds: told.append((number, step.kind)))
    assert told == [(1, "context"), (2, "task"), (3, "resume")]


def test_a_stop_comes_between_two_statements(account, planned, script, task):
    plan = planned(script({"R": {"A": task()}}))
    assert apply(plan, account, lambda *_: None, stop=lambda: len(account.sent) == 2) == 2
    assert len(account.sent) == 2


def test_what_stands_does_not_name_a_graph_that_was_resumed(account, planned, script, task):
    apply(planned(script({"R": {"A": task()}})), account, lambda *_: None)
    plan = planned(script({"R": {"A": task(body="select 2")}}))
    assert "Suspended" in what_stands(plan.steps, 2)
    assert "Suspended" not in what_stands(plan.steps, len(plan.steps))
