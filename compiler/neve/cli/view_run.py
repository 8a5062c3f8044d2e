"""How a run is shown: as JSON, as a table, as lines or a live table while it goes on."""

import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click

from neve.cli import look
from neve.cli.names import Names
from neve.deploy.redact import redact
from neve.runs.model import BAD, Run, TaskRun

_HEAD = ("task", "state", "took", "returned")


def as_json(run: Run, names: Names) -> dict[str, Any]:
    """A run as `--output json` gives it. Times are ISO 8601 in UTC; `return_value` is the text that the task set."""
    return {
        "graph": names.graph(run.root),
        "run_id": run.run_id,
        "run_group_id": run.run_group_id,
        "attempt": run.attempt,
        "state": run.state,
        "scheduled_from": run.scheduled_from,
        "scheduled_time": _iso(run.scheduled_time),
        "completed_at": _iso(run.completed_at),
        "config": run.config,
        "tasks": [_task_json(task, names) for task in run.tasks],
    }


def _task_json(task: TaskRun, names: Names) -> dict[str, Any]:
    return {
        "name": names.task(task.name),
        "state": task.state,
        "attempt": task.attempt,
        "return_value": task.return_value,
        "error_code": task.error_code,
        "error_message": redact(task.error_message) if task.error_message else None,
        "scheduled_time": _iso(task.scheduled_time),
        "started_at": _iso(task.started_at),
        "completed_at": _iso(task.completed_at),
    }


def _iso(time: datetime | None) -> str | None:
    return time.isoformat(timespec="milliseconds") if time else None


def task_table(run: Run, names: Names, order: Sequence[str], now: datetime | None = None) -> list[str]:
    """The tasks of a run as a table, in the graph's order; those that have not run are dim. `now`: it goes on."""
    by_name = {task.name: task for task in run.tasks}
    listed = [*order, *(task.name for task in run.tasks if task.name not in set(order))]
    rows = [_task_row(name, by_name.get(name), run, names, now) for name in listed]
    return look.table(_HEAD, rows, shutil.get_terminal_size((120, 24)).columns)


def _task_row(name: str, task: TaskRun | None, run: Run, names: Names, now: datetime | None) -> tuple[str, ...]:
    if task is None:
        waiting = "waiting" if now else "did not run"
        return click.style(names.task(name), dim=True), click.style(waiting, dim=True), "", ""
    seconds = task.seconds
    if seconds is None and task.started_at and now:
        seconds = (now - task.started_at).total_seconds()
    attempt = f" (attempt {task.attempt})" if task.attempt > 1 else ""
    return names.task(name), look.state(task.state) + attempt, look.duration(seconds), _outcome(task, run)


def _outcome(task: TaskRun, run: Run) -> str:
    """What a task returned, or why it did not."""
    if task.state in BAD:
        return last_line(task.error_message)
    if task.name == run.root and task.return_value is None:
        return ""
    return look.one_line(task.return_value)


def last_line(message: str | None) -> str:
    """The line of an error that says what is wrong: of a Python traceback its last one."""
    lines = [line.strip() for line in redact(message or "").splitlines() if line.strip()]
    return next((line for line in reversed(lines) if not line.startswith("in function ")), "")


def summary(run: Run, names: Names) -> str:
    """One line on a finished run."""
    ran = [task for task in run.tasks if task.state == "SUCCEEDED"]
    took = f" in {look.duration(run.seconds)}" if run.seconds is not None else ""
    attempt = f", attempt {run.attempt}" if run.attempt > 1 else ""
    text = f"{names.graph(run.root)} {look.state(run.state)}{took}{attempt}: {look.plural(len(ran), 'task')} succeeded"
    others = {s: sum(t.state == s for t in run.tasks) for s in ("FAILED", "CANCELLED", "SKIPPED")}
    return text + "".join(f", {count} {state.lower()}" for state, count in others.items() if count)


class Live:
    """The table of tasks while a run goes on: redrawn in place on a terminal, one line a change elsewhere."""

    def __init__(self, names: Names, order: Sequence[str]) -> None:
        self.names, self.order = names, order
        self.terminal = sys.stdout.isatty()
        self.drawn = 0
        self.said: dict[str, tuple[str, int]] = {}

    def show(self, run: Run, *, last: bool = False) -> None:
        if self.terminal:
            self._redraw(task_table(run, self.names, self.order, None if last else datetime.now(UTC)))
        else:
            self._say(run)

    def _redraw(self, lines: list[str]) -> None:
        rows = shutil.get_terminal_size((120, 24)).lines - 1
        shown = lines if len(lines) <= rows else [*lines[: rows - 1], f"… and {len(lines) - rows + 1} more"]
        if self.drawn:
            sys.stdout.write(f"\x1b[{self.drawn}F\x1b[J")  # click would take it for a colour
        click.echo("\n".join(shown))
        self.drawn = len(shown)

    def _say(self, run: Run) -> None:
        """A line for each task whose state is another one than before; what an earlier attempt did is said at once."""
        kept = [task for task in run.tasks if task.attempt < run.attempt]
        good = [self.names.task(task.name) for task in kept if task.state not in BAD]
        if good and not self.said:
            click.echo(f"kept from before: {', '.join(good)}")
        self.said |= {task.name: (task.state, task.attempt) for task in kept}
        for task in run.tasks:
            if self.said.get(task.name) != (task.state, task.attempt):
                self.said[task.name] = (task.state, task.attempt)
                if task.state != "SCHEDULED":
                    self._line(task)

    def _line(self, task: TaskRun) -> None:
        outcome = last_line(task.error_message) if task.error_message else look.one_line(task.return_value)
        took = look.duration(task.seconds)
        line = f"{self.names.task(task.name):<24} {task.state:<10} {took:>7}  {outcome}".rstrip()
        click.echo(line)


def runs_table(runs: Sequence[Run], names: Names) -> list[str]:
    """A line a run, newest first."""
    head = ("graph", "run", "state", "started by", "scheduled (UTC)", "took", "attempt", "what failed")
    rows = [
        (
            names.graph(run.root),
            str(run.run_id),
            look.state(run.state),
            run.scheduled_from.lower(),
            look.moment(run.scheduled_time),
            look.duration(run.seconds),
            str(run.attempt),
            ", ".join(names.task(task.name) for task in run.failed()),
        )
        for run in runs
    ]
    return look.table(head, rows)
