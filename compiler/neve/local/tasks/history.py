"""TASK_HISTORY, CURRENT_TASK_GRAPHS, COMPLETE_TASK_GRAPHS (fact sheet 3.7, 3.8)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from neve.local.hidden import masked
from neve.local.result import Column, Result, from_rows
from neve.local.tasks.access import service_of
from neve.local.tasks.arguments import Arguments, check_names, flag, instant, result_limit, text
from neve.local.tasks.model import Task
from neve.local.tasks.records import GraphRun, TaskRow, from_ms, to_ms
from neve.local.tasks.states import State
from neve.local.types import NUMBER, TIMESTAMP_LTZ

if TYPE_CHECKING:
    from neve.local.session import Session
    from neve.local.tasks.service import TaskService

Ticks = Mapping[str, datetime]
"""When each started root runs next, by its id."""

BACK = timedelta(days=7)
AHEAD = timedelta(days=8)
COMPLETE_BACK = timedelta(minutes=60)

TASK_ARGUMENTS = [
    "SCHEDULED_TIME_RANGE_START",
    "SCHEDULED_TIME_RANGE_END",
    "RESULT_LIMIT",
    "TASK_NAME",
    "DATABASE_NAME",
    "SCHEMA_NAME",
    "ERROR_ONLY",
    "ROOT_TASK_ID",
]
TASK_COLUMNS = [
    "QUERY_ID",
    "NAME",
    "DATABASE_NAME",
    "SCHEMA_NAME",
    "QUERY_TEXT",
    "CONDITION_TEXT",
    "STATE",
    "ERROR_CODE",
    "ERROR_MESSAGE",
    "SCHEDULED_TIME",
    "QUERY_START_TIME",
    "NEXT_SCHEDULED_TIME",
    "COMPLETED_TIME",
    "ROOT_TASK_ID",
    "GRAPH_VERSION",
    "RUN_ID",
    "RETURN_VALUE",
    "SCHEDULED_FROM",
    "ATTEMPT_NUMBER",
    "CONFIG",
    "QUERY_HASH",
    "QUERY_HASH_VERSION",
    "QUERY_PARAMETERIZED_HASH",
    "QUERY_PARAMETERIZED_HASH_VERSION",
    "GRAPH_RUN_GROUP_ID",
    "BACKFILL_INFO",
    "SPCS_JOB_ID",
]
COMPLETE_COLUMNS = [
    "ROOT_TASK_NAME",
    "DATABASE_NAME",
    "SCHEMA_NAME",
    "STATE",
    "FIRST_ERROR_TASK_NAME",
    "FIRST_ERROR_CODE",
    "FIRST_ERROR_MESSAGE",
    "SCHEDULED_TIME",
    "QUERY_START_TIME",
    "NEXT_SCHEDULED_TIME",
    "COMPLETED_TIME",
    "ROOT_TASK_ID",
    "GRAPH_VERSION",
    "RUN_ID",
    "ATTEMPT_NUMBER",
    "SCHEDULED_FROM",
    "CONFIG",
    "GRAPH_RUN_GROUP_ID",
    "BACKFILL_INFO",
    "SCHEDULED_BY_USER",
]
CURRENT_COLUMNS = [name for name in COMPLETE_COLUMNS if name != "COMPLETED_TIME"]
NUMBERS = frozenset(
    [
        "GRAPH_VERSION",
        "RUN_ID",
        "ATTEMPT_NUMBER",
        "GRAPH_RUN_GROUP_ID",
        "QUERY_HASH_VERSION",
        "QUERY_PARAMETERIZED_HASH_VERSION",
    ]
)


def task_history(session: "Session", arguments: Arguments) -> Result:
    """Task runs and the next ones, newest scheduled time first."""
    check_names("TASK_HISTORY", arguments, TASK_ARGUMENTS)
    tasks = service_of(session)
    now = tasks.clock.now()
    start = instant(arguments, "SCHEDULED_TIME_RANGE_START", now - BACK)
    end = instant(arguments, "SCHEDULED_TIME_RANGE_END", now + AHEAD)
    limit = result_limit(arguments, 100)
    where = {
        "t.scheduled_time >= ?": to_ms(max(start, now - BACK)),
        "t.scheduled_time <= ?": to_ms(end),
        "t.name = ? COLLATE NOCASE": text(arguments, "TASK_NAME"),
        "g.database = ? COLLATE NOCASE": text(arguments, "DATABASE_NAME"),
        "g.schema = ? COLLATE NOCASE": text(arguments, "SCHEMA_NAME"),
        "g.root_id = ?": text(arguments, "ROOT_TASK_ID"),
        "t.state IN ('FAILED', 'FAILED_AND_AUTO_SUSPENDED', 'CANCELLED') AND ?": flag(arguments, "ERROR_ONLY") or None,
    }
    with tasks.lock:
        runs = tasks.records.history({key: value for key, value in where.items() if value is not None}, limit)
        ahead = [(_ahead(run, root), run) for run, root in _scheduled(tasks) if _is_wanted(run, arguments, start, end)]
        ticks = tasks.scheduler.next_ticks()
    rows = [_task_row(row, run, ticks) for row, run in (*ahead, *runs)]
    rows.sort(key=lambda row: row["SCHEDULED_TIME"], reverse=True)
    return _result(TASK_COLUMNS, rows[:limit])


def _is_wanted(run: GraphRun, arguments: Arguments, start: datetime, end: datetime) -> bool:
    """The filters of TASK_HISTORY on a run that is still to come."""
    wanted = {
        "TASK_NAME": run.root,
        "DATABASE_NAME": run.database,
        "SCHEMA_NAME": run.schema,
        "ROOT_TASK_ID": run.root_id,
    }
    return (
        not flag(arguments, "ERROR_ONLY")
        and to_ms(start) <= run.scheduled_time <= to_ms(end)
        and all((text(arguments, key) or value).upper() == value.upper() for key, value in wanted.items())
    )


def _scheduled(tasks: "TaskService") -> list[tuple[GraphRun, Task]]:
    """Runs to come: those queued, and the next tick of every started root, unless that must wait for a run's end."""
    busy = {run.root_id for run in tasks.records.unfinished_graphs()}
    queued = tasks.records.graphs("state = 'SCHEDULED'")
    found = [(run, tasks.catalog.version(run.root_id, run.version).tasks[0]) for run in queued]
    ticks = tasks.scheduler.next_ticks()
    found += [
        (_tick(tasks, root, to_ms(ticks[root.id])), root)
        for root in tasks.catalog
        if root.id in ticks and not (root.id in busy and _is_alone(root))
    ]
    return found


def _is_alone(root: Task) -> bool:
    """Whether its next run is scheduled only after every task of a run finished (fact sheet 3.6)."""
    return root.settings.get("OVERLAP_POLICY", "NO_OVERLAP") == "NO_OVERLAP"


def _tick(tasks: "TaskService", root: Task, time: int) -> GraphRun:
    return GraphRun(
        group_id=0,
        attempt=1,
        root_id=root.id,
        database=root.database,
        schema=root.schema,
        root=root.name,
        version=tasks.catalog.latest_number(root.id),
        scheduled_from="SCHEDULE",
        config=root.settings.get("CONFIG"),
        scheduled_by=None,
        original_time=time,
        scheduled_time=time,
    )


def _ahead(run: GraphRun, root: Task) -> TaskRow:
    return TaskRow(
        id=0,
        group_id=run.group_id,
        attempt=1,
        name=root.name,
        scheduled_time=run.scheduled_time,
        query_text=root.definition,
        condition_text=root.condition,
        state=State.SCHEDULED,
    )


def current_task_graphs(session: "Session", arguments: Arguments) -> Result:
    """Graph runs that execute, are queued, or come within the next 8 days."""
    check_names("CURRENT_TASK_GRAPHS", arguments, ("RESULT_LIMIT", "ROOT_TASK_NAME"))
    tasks = service_of(session)
    with tasks.lock:
        last = to_ms(tasks.clock.now() + AHEAD)
        ahead = [run for run, _ in _scheduled(tasks) if run.scheduled_time <= last]
        runs = tasks.records.graphs("state = 'EXECUTING'") + ahead
        return _graphs(tasks, runs, arguments, CURRENT_COLUMNS)


def complete_task_graphs(session: "Session", arguments: Arguments) -> Result:
    """Graph runs that ended within the last 60 minutes."""
    check_names("COMPLETE_TASK_GRAPHS", arguments, ("RESULT_LIMIT", "ROOT_TASK_NAME", "ERROR_ONLY"))
    tasks = service_of(session)
    states = "('FAILED', 'CANCELLED')" if flag(arguments, "ERROR_ONLY") else "('SUCCEEDED', 'FAILED', 'CANCELLED')"
    since = to_ms(tasks.clock.now() - COMPLETE_BACK)
    with tasks.lock:
        runs = tasks.records.graphs(f"completed_time >= ? AND state IN {states}", since)
        return _graphs(tasks, runs, arguments, COMPLETE_COLUMNS)


def _graphs(tasks: "TaskService", runs: list[GraphRun], arguments: Arguments, columns: Sequence[str]) -> Result:
    root = text(arguments, "ROOT_TASK_NAME")
    wanted = [run for run in runs if root is None or run.root.upper() == root.upper()]
    wanted.sort(key=lambda run: (run.scheduled_time, run.attempt), reverse=True)
    ticks = tasks.scheduler.next_ticks()
    return _result(columns, [_graph_row(run, ticks) for run in wanted[: result_limit(arguments, 1000)]])


def _shared(run: GraphRun, ticks: Ticks) -> dict[str, Any]:
    return {
        "DATABASE_NAME": run.database,
        "SCHEMA_NAME": run.schema,
        "NEXT_SCHEDULED_TIME": ticks.get(run.root_id),
        "ROOT_TASK_ID": run.root_id,
        "GRAPH_VERSION": run.version,
        "RUN_ID": run.original_time,
        "ATTEMPT_NUMBER": run.attempt,
        "SCHEDULED_FROM": run.scheduled_from,
        "CONFIG": run.config,
        "GRAPH_RUN_GROUP_ID": run.group_id or None,
    }


def _task_row(row: TaskRow, run: GraphRun, ticks: Ticks) -> dict[str, Any]:
    return {
        **_shared(run, ticks if row.name == run.root else {}),
        "QUERY_ID": row.query_id,
        "NAME": row.name,
        "QUERY_TEXT": masked(row.query_text),
        "CONDITION_TEXT": row.condition_text,
        "STATE": row.state,
        "ERROR_CODE": row.error_code,
        "ERROR_MESSAGE": row.error_message,
        "SCHEDULED_TIME": from_ms(row.scheduled_time),
        "QUERY_START_TIME": _time(row.query_start_time),
        "COMPLETED_TIME": _time(row.completed_time),
        "RETURN_VALUE": row.return_value,
    }


def _graph_row(run: GraphRun, ticks: Ticks) -> dict[str, Any]:
    return {
        **_shared(run, ticks),
        "ROOT_TASK_NAME": run.root,
        "STATE": run.state,
        "FIRST_ERROR_TASK_NAME": run.first_error_task,
        "FIRST_ERROR_CODE": run.first_error_code,
        "FIRST_ERROR_MESSAGE": run.first_error_message,
        "SCHEDULED_TIME": from_ms(run.scheduled_time),
        "QUERY_START_TIME": _time(run.query_start_time),
        "COMPLETED_TIME": _time(run.completed_time),
        "SCHEDULED_BY_USER": run.scheduled_by,
    }


def _time(time: int | None) -> datetime | None:
    return None if time is None else from_ms(time)


def _result(columns: Sequence[str], rows: list[dict[str, Any]]) -> Result:
    """The rows; a column that the engine has nothing for is NULL."""
    heads = [
        Column(name, NUMBER if name in NUMBERS else TIMESTAMP_LTZ if name.endswith("_TIME") else Column("").type)
        for name in columns
    ]
    return from_rows(heads, [tuple(row.get(name) for name in columns) for row in rows])
