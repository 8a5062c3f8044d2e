"""SYSTEM$LOCAL_ENGINE_CLOCK: the engine's own function for its clock, which no account has.

`()` tells the time, `('ADVANCE', seconds)` lets time pass at once and tells what ran, `('RESET')` goes back to real
time. What is told is JSON: `now`, `ahead_seconds`, and after an advance `ran` and `refreshed`, in order.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from neve.local.dynamic.catalog import SCHEDULED, Refresh, Tables
from neve.local.errors import cancelled
from neve.local.tasks import run_errors
from neve.local.tasks.access import service_of
from neve.local.tasks.records import GraphRun, from_ms

if TYPE_CHECKING:
    from neve.local.session import Session
    from neve.local.tasks.service import TaskService

CLOCK = "SYSTEM$LOCAL_ENGINE_CLOCK"
LONGEST = timedelta(days=3660)

_BY_ITSELF = frozenset({"SCHEDULE", "TRIGGER"})


def clock(session: "Session", *arguments: object) -> str:
    """Raises SqlError for other arguments than these, and when the statement is cancelled."""
    tasks = service_of(session)
    told: dict[str, Any] = {}
    match [str(argument).upper() for argument in arguments]:
        case []:
            pass
        case ["RESET"]:
            tasks.scheduler.reset()
        case ["ADVANCE", seconds]:
            told = _advance(session, tasks, _span(seconds))
        case [first, *_]:
            raise run_errors.bad_argument(CLOCK, first, "nothing, 'RESET', or 'ADVANCE' and a number of seconds")
    now, ahead = tasks.clock.now(), tasks.clock.ahead
    return json.dumps({"now": _text(now), "ahead_seconds": round(ahead.total_seconds(), 3), **told})


def _span(seconds: str) -> timedelta:
    try:
        span = timedelta(seconds=float(seconds))
    except (ValueError, OverflowError):
        span = timedelta(-1)
    if not timedelta() <= span <= LONGEST:
        raise run_errors.bad_argument(CLOCK, seconds, "a number of seconds, up to ten years")
    return span


def _advance(session: "Session", tasks: "TaskService", span: timedelta) -> dict[str, Any]:
    def go_on() -> None:
        if session.cancelled.is_set():
            raise cancelled()

    dynamic: Tables = session.engine.services["dynamic"].tables
    since, refreshed = _latest_group(tasks), max((refresh.id for refresh in dynamic.refreshes()), default=0)
    tasks.scheduler.advance(span, go_on)
    attempts = tasks.records.graphs("group_id > ? ORDER BY group_id, attempt", since)
    last = {run.group_id: run for run in attempts}
    started = [run for run in attempts if run.attempt == 1 and run.scheduled_from in _BY_ITSELF]
    due = [refresh for refresh in dynamic.refreshes(refreshed) if refresh.cause == SCHEDULED]
    return {"ran": [_run(run, last[run.group_id]) for run in started], "refreshed": list(map(_refresh, due))}


def _latest_group(tasks: "TaskService") -> int:
    latest = tasks.records.graphs("TRUE ORDER BY group_id DESC LIMIT 1")
    return latest[0].group_id if latest else 0


def _run(first: GraphRun, last: GraphRun) -> dict[str, Any]:
    return {
        "database": first.database,
        "schema": first.schema,
        "root": first.root,
        "scheduled": _text(from_ms(first.original_time)),
        "from": first.scheduled_from,
        "attempts": last.attempt,
        "state": last.state,
        "error": last.first_error_message,
    }


def _refresh(refresh: Refresh) -> dict[str, Any]:
    return {
        "name": f"{refresh.database}.{refresh.schema}.{refresh.name}",
        "time": _text(datetime.fromisoformat(refresh.data_timestamp)),
        "state": refresh.state,
        "error": refresh.message,
    }


def _text(instant: datetime) -> str:
    return instant.isoformat(" ", "milliseconds")


FUNCTIONS: Mapping[str, Callable[..., Any]] = {CLOCK: clock}
