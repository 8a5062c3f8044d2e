from datetime import UTC, datetime, timedelta

import pytest

from neve.deploy.clock import timestamp
from neve.deploy.objects import Key, LiveObject
from neve.runs.history import order_of, runs_of, state_of
from neve.runs.model import RootTask, TaskRun

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def row(name, state, *, group="g1", attempt=1, after=0, took=1, **more):
    """A row of TASK_HISTORY: the task began `after` seconds past noon and took `took`."""
    begun = NOON + timedelta(seconds=after)
    done = state not in {"SCHEDULED", "EXECUTING"}
    return {
        "name": name,
        "database_name": "DB",
        "schema_name": "S",
        "state": state,
        "error_code": None,
        "error_message": None,
        "scheduled_time": begun,
        "query_start_time": None if state in {"SCHEDULED", "SKIPPED"} else begun,
        "completed_time": begun + timedelta(seconds=took) if done else None,
        "root_task_id": "root-id",
        "run_id": 1000,
        "return_value": None,
        "scheduled_from": "EXECUTE TASK",
        "attempt_number": attempt,
        "config": '{"a":1}',
        "graph_run_group_id": group,
        **more,
    }


def graph_row(state, *, root="R", group="g1", attempt=1):
    return {
        "root_task_name": root,
        "database_name": "DB",
        "schema_name": "S",
        "state": state,
        "attempt_number": attempt,
        "graph_run_group_id": group,
    }


def one(tasks, graphs=()):
    (run,) = runs_of(tasks, graphs, ["R"])
    return run


def states(run):
    return {task.name: (task.state, task.attempt) for task in run.tasks}


def test_the_rows_of_a_run_become_one_run_in_order_of_start():
    run = one([row("R$B", "SUCCEEDED", after=2), row("R", "SUCCEEDED"), row("R$A", "SUCCEEDED", after=1)])
    assert [task.name for task in run.tasks] == ["R", "R$A", "R$B"]
    assert (run.run_id, run.run_group_id, run.attempt, run.config) == (1000, "g1", 1, {"a": 1})
    assert (run.state, run.scheduled_from, run.seconds) == ("SUCCEEDED", "EXECUTE TASK", 3)


def test_a_retry_shows_each_task_at_its_newest_attempt():
    run = one(
        [
            row("R", "SUCCEEDED"),
            row("R$A", "SUCCEEDED", after=1),
            row("R$B", "FAILED", after=2),
            row("R$B", "SUCCEEDED", attempt=2, after=50, scheduled_from="MANUAL RETRY"),
            row("R$C", "SUCCEEDED", attempt=2, after=51, scheduled_from="MANUAL RETRY"),
        ],
        [graph_row("FAILED"), graph_row("SUCCEEDED", attempt=2)],
    )
    assert (run.attempt, run.state, run.scheduled_from) == (2, "SUCCEEDED", "MANUAL RETRY")
    assert states(run) == {
        "R": ("SUCCEEDED", 1), "R$A": ("SUCCEEDED", 1), "R$B": ("SUCCEEDED", 2), "R$C": ("SUCCEEDED", 2),
    }  # fmt: skip


def test_the_service_has_the_word_on_the_state_of_a_whole_run():
    between_two_tasks = [row("R", "SUCCEEDED")]
    assert one(between_two_tasks, [graph_row("EXECUTING")]).state == "EXECUTING"
    assert not one(between_two_tasks, [graph_row("EXECUTING")]).complete
    assert one(between_two_tasks, [graph_row("SUCCEEDED")]).complete


def test_a_new_attempt_is_not_taken_for_finished_because_the_old_one_is():
    rows = [row("R", "FAILED"), row("R", "EXECUTING", attempt=2, after=9)]
    run = one(rows, [graph_row("FAILED")])
    assert (run.attempt, run.state, run.complete) == (2, "EXECUTING", False)


def test_a_skipped_root_is_a_finished_run_without_a_graph_row():
    run = one([row("R", "SKIPPED", error_code="0040003")])
    assert (run.state, run.complete) == ("SKIPPED", True)
    assert run.tasks[0].error_code == "0040003"


def test_runs_come_newest_first_and_only_those_of_the_wanted_roots():
    rows = [
        row("R", "SUCCEEDED", group="g1", run_id=1),
        row("R", "SUCCEEDED", group="g2", run_id=2),
        row("Q", "SUCCEEDED", group="g3", run_id=3),
    ]
    assert [run.run_id for run in runs_of(rows, [], ["R"])] == [2, 1]


def test_both_spellings_of_execute_task_are_read():
    assert one([row("R", "SUCCEEDED", scheduled_from="EXECUTE_TASK")]).scheduled_from == "EXECUTE TASK"


def test_times_are_told_in_utc():
    from datetime import timezone

    berlin = timezone(timedelta(hours=1))
    run = one([row("R", "SUCCEEDED", scheduled_time=datetime(2026, 3, 1, 13, tzinfo=berlin))])
    assert run.scheduled_time.isoformat() == "2026-03-01T12:00:00+00:00"
    assert timestamp(run.scheduled_time) == "'2026-03-01T12:00:00.000+00:00'::TIMESTAMP_LTZ"


@pytest.mark.parametrize(
    ("tasks", "state"),
    [
        ([("R", "SUCCEEDED"), ("R$A", "SKIPPED")], "SUCCEEDED"),
        ([("R", "SUCCEEDED"), ("R$A", "FAILED"), ("R$B", "CANCELLED")], "FAILED"),
        ([("R", "SUCCEEDED"), ("R$A", "FAILED_AND_AUTO_SUSPENDED")], "FAILED"),
        ([("R", "SUCCEEDED"), ("R$A", "CANCELLED")], "CANCELLED"),
        ([("R", "SUCCEEDED"), ("R$A", "FAILED"), ("R$B", "EXECUTING")], "EXECUTING"),
        ([("R", "SCHEDULED")], "SCHEDULED"),
        ([("R", "SKIPPED")], "SKIPPED"),
    ],
)
def test_the_state_of_an_old_run_is_concluded_from_its_tasks(tasks, state):
    assert state_of([TaskRun(name, task_state, 1) for name, task_state in tasks], "R") == state


def live_task(name, *follows, finalizes=None):
    names = tuple(("DB", "S", above) for above in follows)
    finalized = ("DB", "S", finalizes) if finalizes else None
    return LiveObject(Key("task", ("DB", "S", name)), "task", None, "started", names, finalized)


def test_the_tasks_of_a_graph_are_told_root_first_and_finalizer_last():
    tasks = [
        live_task("R$END", "R", finalizes="R"),
        live_task("R$B", "R$A"),
        live_task("R$A", "R"),
        live_task("Q"),
        live_task("R"),
        live_task("Q$X", "Q"),
    ]
    assert order_of(tasks, RootTask("DB", "S", "R")) == ("R", "R$A", "R$B", "R$END")
