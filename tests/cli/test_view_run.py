"""How runs look."""

from datetime import UTC, datetime, timedelta

import pytest

from neve.cli import view_run
from neve.cli.look import plain
from neve.cli.names import Names
from neve.runs.model import Run, TaskRun

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMES = Names({"R": "daily"}, {"TRAIN": "train", "ONE_HOT": "one_hot"})
ORDER = ("R", "R$ONE_HOT", "R$TRAIN", "R$LAST")


def task(name, state, *, attempt=1, after=0, took=1.0, **more):
    begun = NOON + timedelta(seconds=after)
    done = None if state in {"EXECUTING", "SCHEDULED"} else begun + timedelta(seconds=took)
    return TaskRun(name, state, attempt, scheduled_time=begun, started_at=begun, completed_at=done, **more)


def run(*tasks, state="SUCCEEDED", attempt=1):
    ends = [t.completed_at for t in tasks]
    completed = None if None in ends else max(ends)
    return Run("R", "id", 7, "g", attempt, state, "EXECUTE TASK", {"a": 1}, tasks, NOON, completed, complete=True)


FAILED = run(
    task("R", "SUCCEEDED", return_value='{"a": 1}'),
    task("R$ONE_HOT", "SUCCEEDED", after=1, took=65, return_value="two\nlines"),
    task(
        "R$TRAIN", "FAILED", after=66, error_message="Traceback\n  in main\nValueError: no\n in function R$TRAIN with x"
    ),
    state="FAILED",
)


def test_the_table_of_a_finished_run():
    assert [plain(line) for line in view_run.task_table(FAILED, NAMES, ORDER)] == [
        "task     state        took    returned",
        'daily    SUCCEEDED    1.0s    {"a": 1}',
        "one_hot  SUCCEEDED    1m 05s  two lines",
        "train    FAILED       1.0s    ValueError: no",
        "last     did not run",
    ]


def test_the_table_of_a_run_that_goes_on():
    going = run(task("R", "SUCCEEDED"), task("R$ONE_HOT", "EXECUTING", after=1), state="EXECUTING")
    lines = view_run.task_table(going, NAMES, ORDER, NOON + timedelta(seconds=6))
    assert [plain(line).split() for line in lines[2:]] == [
        ["one_hot", "EXECUTING", "5.0s"],
        ["train", "waiting"],
        ["last", "waiting"],
    ]


def test_a_summary_counts():
    assert plain(view_run.summary(FAILED, NAMES)) == "daily FAILED in 1m 07s: 2 tasks succeeded, 1 failed"


def test_lines_off_a_terminal_tell_each_change_once(capsys):
    live = view_run.Live(NAMES, ORDER)
    live.show(run(task("R", "EXECUTING"), state="EXECUTING"))
    live.show(run(task("R", "SUCCEEDED"), state="EXECUTING"))
    live.show(run(task("R", "SUCCEEDED"), state="EXECUTING"))
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["daily", "EXECUTING"],
        ["daily", "SUCCEEDED", "1.0s"],
    ]


def test_a_retry_tells_what_it_keeps(capsys):
    live = view_run.Live(NAMES, ORDER)
    live.show(run(task("R", "SUCCEEDED"), task("R$TRAIN", "FAILED"), state="EXECUTING", attempt=2))
    live.show(run(task("R", "SUCCEEDED"), task("R$TRAIN", "SUCCEEDED", attempt=2), attempt=2))
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["kept", "from", "before:", "daily"],
        ["train", "SUCCEEDED", "1.0s"],
    ]


def test_a_terminal_gets_a_table_that_is_drawn_again(capsys, monkeypatch):
    live = view_run.Live(NAMES, ORDER)
    live.terminal = True
    live.show(FAILED)
    live.show(FAILED, last=True)
    first, again = capsys.readouterr().out.split("\x1b[5F\x1b[J")
    assert first.splitlines()[-1].split() == ["last", "waiting"]
    assert again.splitlines()[-1].split() == ["last", "did", "not", "run"]
    assert len(first.splitlines()) == len(again.splitlines()) == 5


def test_a_long_table_is_cut_at_the_height_of_the_terminal(capsys, monkeypatch):
    monkeypatch.setenv("LINES", "10")
    monkeypatch.setenv("COLUMNS", "40")
    live = view_run.Live(NAMES, [f"R$T{i}" for i in range(50)])
    live.terminal = True
    live.show(run(task("R", "SUCCEEDED")))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 9
    assert lines[-1] == "… and 44 more"


def test_json_has_the_names_people_write():
    told = view_run.as_json(FAILED, NAMES)
    assert " ".join(told) == (
        "graph run_id run_group_id attempt state scheduled_from scheduled_time completed_at config tasks"
    )
    assert told["graph"] == "daily"
    assert told["tasks"][2] == {
        "name": "train",
        "state": "FAILED",
        "attempt": 1,
        "return_value": None,
        "error_code": None,
        "error_message": "Traceback\n  in main\nValueError: no\n in function R$TRAIN with x",
        "scheduled_time": "2026-03-01T12:01:06.000+00:00",
        "started_at": "2026-03-01T12:01:06.000+00:00",
        "completed_at": "2026-03-01T12:01:07.000+00:00",
    }


@pytest.mark.parametrize(
    ("stored", "told"), [("R", "daily"), ("R$ONE_HOT", "one_hot"), ("Q$SETUP", "setup"), ("Q", "q")]
)
def test_names(stored, told):
    assert NAMES.task(stored) == told
