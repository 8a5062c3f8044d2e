"""Attempts of graph runs as they stand in the records: what one begins with, and how it ends (fact sheet 3.4, 3.9)."""

from collections.abc import Callable, Collection
from dataclasses import replace

from neve.local.tasks import run_errors
from neve.local.tasks.decide import Shape, decide, kept_for_retry
from neve.local.tasks.records import GraphRun, Records, TaskRow
from neve.local.tasks.states import FAILURES, State


def kept(records: Records, shape: Shape, run: GraphRun) -> tuple[dict[str, State], dict[str, str | None]]:
    """The states and return values that an attempt begins with: what the ones before it left."""
    states: dict[str, State] = {}
    values: dict[str, str | None] = {}
    for attempt in range(1, run.attempt):
        states = kept_for_retry(shape, states)
        rows = records.tasks_of(run.group_id, attempt)
        states.update({row.name: State(row.state) for row in rows})
        values.update({row.name: row.return_value for row in rows})
    states = kept_for_retry(shape, states)
    return states, {name: value for name, value in values.items() if name in states}


def following(run: GraphRun, cause: str, now: int) -> GraphRun:
    """The next attempt of a run."""
    return replace(
        run,
        attempt=run.attempt + 1,
        scheduled_from=cause,
        scheduled_time=now,
        state=State.EXECUTING,
        query_start_time=now,
        completed_time=None,
        first_error_task=None,
        first_error_code=None,
        first_error_message=None,
    )


def automatic(records: Records, run: GraphRun) -> int:
    """How many attempts in a row, up to this one, were automatic."""
    attempts = records.graphs("group_id = ? ORDER BY attempt DESC", run.group_id)
    return next(i for i, attempt in enumerate(attempts) if attempt.scheduled_from != "AUTOMATIC RETRY")


def failures(records: Records, run: GraphRun) -> list[TaskRow]:
    return [row for row in records.tasks_of(run.group_id, run.attempt) if row.state in FAILURES]


def ended(records: Records, run: GraphRun, outcome: State, now: int) -> GraphRun:
    """The attempt at its end, with the failure that came first."""
    first = min(failures(records, run), key=lambda row: (row.completed_time or 0, row.id), default=None)
    return replace(
        run,
        state=outcome,
        completed_time=now,
        first_error_task=first.name if first else None,
        first_error_code=first.error_code if first else None,
        first_error_message=first.error_message if first else None,
    )


def close(records: Records, run: GraphRun, now: int, done: Callable[[], Collection[str | None]]) -> None:
    """Ends the task runs of an attempt that nobody runs any more: as FAILED, unless their queries are `done`."""
    error = run_errors.interrupted()
    for row in records.tasks_of(run.group_id, run.attempt):
        if row.state == State.EXECUTING:
            ended = replace(row, state=State.SUCCEEDED, completed_time=now)
            if row.query_id not in done():
                failed = replace(ended, state=State.FAILED, error_code=f"{error.code:06d}")
                ended = replace(failed, error_message=error.message)
            records.save_task(ended)


def interrupt(
    records: Records, shape: Shape, run: GraphRun, now: int, done: Callable[[], Collection[str | None]]
) -> None:
    """Ends an attempt whose conductor is gone: FAILED when anything was left to do, so that RETRY LAST goes on from
    there.
    """
    close(records, run, now, done)
    states, _ = kept(records, shape, run)
    rows = records.tasks_of(run.group_id, run.attempt)
    step = decide(shape, {**states, **{row.name: State(row.state) for row in rows}})
    records.save_graph(ended(records, run, step.outcome or State.FAILED, now))
