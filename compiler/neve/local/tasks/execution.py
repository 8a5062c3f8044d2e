"""Runs one task: its WHEN, then its body in a session of its own (fact sheet 3.2, 3.4)."""

import logging
import threading
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from neve.local.errors import SqlError, internal_error
from neve.local.tasks import run_errors
from neve.local.tasks.active import ActiveGraph, Stop, TaskRun
from neve.local.tasks.condition import parse_condition
from neve.local.tasks.evaluate import holds
from neve.local.tasks.functions import call_in_condition
from neve.local.tasks.model import Task
from neve.local.tasks.notifications import task_failed
from neve.local.tasks.options import OPTIONS
from neve.local.tasks.records import TaskRow, to_ms
from neve.local.tasks.states import State

if TYPE_CHECKING:
    from neve.local.session import Session
    from neve.local.tasks.service import TaskService

log = logging.getLogger("neve.local")

CANCELLED_CODE = 604


def execute(service: "TaskService", active: ActiveGraph, task: Task) -> State:
    """Considers a task whose predecessors are done; its row is written before and after. Gives how it ended."""
    run = TaskRun(active, task, str(uuid.uuid4()))
    row = _row(service, run)
    session = _open_session(service, run)
    active.running[task.name] = run
    try:
        if not _is_wanted(session, task):
            return _end(service, run, row, State.SKIPPED, run_errors.CONDITION_FALSE)
        row = _begin(service, run, row)
        _run_body(run, session)
    except Exception as error:  # noqa: BLE001 - whatever a task does ends its own run only
        state, shown = _outcome(run, error)
        return _end(service, run, row, state, (f"{shown.code:06d}", shown.message))
    else:
        return _end(service, run, row, State.SUCCEEDED)
    finally:
        session.close()
        del active.running[task.name]


def _row(service: "TaskService", run: TaskRun) -> TaskRow:
    graph, task = run.graph.run, run.task
    time = graph.scheduled_time if task.is_root else to_ms(service.clock.now())
    return TaskRow(0, graph.group_id, graph.attempt, task.name, time, task.definition, task.condition, State.SCHEDULED)


def _open_session(service: "TaskService", run: TaskRun) -> "Session":
    task = run.task
    warehouse = task.settings.get("WAREHOUSE")
    session = service.engine.open_session(task.database, task.schema, task.owner, warehouse, run)
    session.parameters.update({name: value for name, value in task.settings.items() if name not in OPTIONS})
    run.session = session
    return session


def _is_wanted(session: "Session", task: Task) -> bool:
    if task.condition is None:
        return True
    return holds(parse_condition(task.condition), lambda name, arguments: call_in_condition(session, name, arguments))


def _begin(service: "TaskService", run: TaskRun, row: TaskRow) -> TaskRow:
    now = to_ms(service.clock.now())
    row = replace(row, state=State.EXECUTING, query_start_time=now, query_id=run.query_id)
    return replace(row, id=service.records.save_task(row))


def _run_body(run: TaskRun, session: "Session") -> None:
    run.limit = run.graph.limit_of(run.task)
    watch = threading.Timer(run.limit.left, run.stop, (Stop.TIMED_OUT,))
    watch.daemon = True
    watch.start()
    session.mark = run.query_id
    try:
        session.execute(run.task.definition, query_id=run.query_id)
    finally:
        watch.cancel()


def _outcome(run: TaskRun, error: Exception) -> tuple[State, SqlError]:
    match run.stopped:
        case Stop.TIMED_OUT:
            return State.FAILED, run_errors.timed_out(run.limit.seconds)
        case Stop.ENGINE_CLOSED:
            return State.FAILED, run_errors.interrupted()
    if not isinstance(error, SqlError):
        log.error("the run of %s broke off", run.task.full_name, exc_info=error)
        return State.FAILED, internal_error(error)
    is_cancelled = run.stopped is Stop.CANCELLED or error.code == CANCELLED_CODE
    return State.CANCELLED if is_cancelled else State.FAILED, error


def _end(
    service: "TaskService", run: TaskRun, row: TaskRow, state: State, error: tuple[str, str] | None = None
) -> State:
    code, message = error or (None, None)
    now = to_ms(service.clock.now())
    row = replace(
        row, state=state, completed_time=now, return_value=run.return_value, error_code=code, error_message=message
    )
    service.records.save_task(row)
    run.graph.values[run.task.name] = run.return_value
    if state is State.FAILED:
        task_failed(service, run.graph, run.task, row)
    return state
