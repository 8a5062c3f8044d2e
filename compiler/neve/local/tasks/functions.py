"""The SYSTEM$ functions of tasks (fact sheet 2.6, 3.3, 4.2 to 4.5)."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from neve.local.errors import unsupported
from neve.local.sqltext import parse_name, quote_string, resolve
from neve.local.tasks import graph, graph_config, run_errors
from neve.local.tasks.access import service_of
from neve.local.tasks.active import Stop, TaskRun, running_tasks
from neve.local.tasks.records import from_ms
from neve.local.tasks.states import CONDITIONS, UNFINISHED, State
from neve.local.tasks.unconfirmed import DEPENDENTS_ENABLE_RESULT, SET_RETURN_VALUE_RESULT, UNSET_RETURN_VALUE

if TYPE_CHECKING:
    from neve.local.session import Session

MOST_BYTES = 10_240

SET_RETURN_VALUE = "SYSTEM$SET_RETURN_VALUE"
GET_RETURN_VALUE = "SYSTEM$GET_PREDECESSOR_RETURN_VALUE"
GET_CONFIG = "SYSTEM$GET_TASK_GRAPH_CONFIG"
RUNTIME_INFO = "SYSTEM$TASK_RUNTIME_INFO"
CURRENT_NAME = "SYSTEM$CURRENT_USER_TASK_NAME"
DEPENDENTS_ENABLE = "SYSTEM$TASK_DEPENDENTS_ENABLE"
CANCEL_QUERY = "SYSTEM$CANCEL_QUERY"
CANCEL = "SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS"


def set_return_value(session: "Session", *arguments: object) -> str:
    """Keeps a text for the tasks that follow; the last call wins. Not in a procedure in SQL or with owner's rights."""
    if session.in_procedure:
        raise run_errors.side_effects(SET_RETURN_VALUE)
    (value,) = _take(SET_RETURN_VALUE, arguments, 1, 1)
    run = _task_run(session, SET_RETURN_VALUE)
    if value is not None and not isinstance(value, str):
        raise run_errors.bad_argument(SET_RETURN_VALUE, str(value), "a string")
    if value is not None and len(value.encode()) > MOST_BYTES:
        raise run_errors.return_value_too_long()
    run.return_value = value
    return SET_RETURN_VALUE_RESULT


def get_predecessor_return_value(session: "Session", *arguments: object) -> str | None:
    """What a resumed task that this one directly or indirectly follows has set; None when it set nothing."""
    _take(GET_RETURN_VALUE, arguments, 0, 1)
    run = _task_run(session, GET_RETURN_VALUE)
    if arguments:
        name = str(arguments[0])
        if name not in run.graph.ancestors(run.task.name):
            raise run_errors.not_a_predecessor(name, run.task.full_name)
    else:
        predecessors = run.graph.shape.predecessors.get(run.task.name, ())
        if len(predecessors) != 1:
            raise run_errors.predecessor_not_named(run.task.full_name)
        name = predecessors[0]
    return run.graph.values.get(name, UNSET_RETURN_VALUE)


def get_task_graph_config(session: "Session", *arguments: object) -> str | None:
    """The run's config as compact JSON, or what stands at a path in it."""
    _take(GET_CONFIG, arguments, 0, 1)
    run = _task_run(session, GET_CONFIG)
    return graph_config.read_path(run.graph.run.config, str(arguments[0]) if arguments else None)


def task_runtime_info(session: "Session", *arguments: object) -> str | None:
    """One of INFO, as text; None when there is none."""
    (name,) = _take(RUNTIME_INFO, arguments, 1, 1)
    run = _task_run(session, RUNTIME_INFO)
    info = INFO.get(str(name).upper())
    if info is None:
        raise run_errors.bad_argument(RUNTIME_INFO, str(name), "one of " + ", ".join(INFO))
    return info(run)


def current_user_task_name(session: "Session", *arguments: object) -> str:
    _take(CURRENT_NAME, arguments, 0, 0)
    return _task_run(session, CURRENT_NAME).task.full_name


def task_dependents_enable(session: "Session", *arguments: object) -> str:
    """Resumes a task and everything below it, in a legal order: the finalizer and children first, a root last."""
    (name,) = _take(DEPENDENTS_ENABLE, arguments, 1, 1)
    tasks = service_of(session)
    with tasks.lock:
        task = tasks.find(resolve(session, parse_name(str(name))))
        beside = tasks.catalog.beside(task.database, task.schema)
        names = graph.below(beside, task.name) - {task.name}
        finalizer = graph.finalizer_of(beside, task.name)
        for other in (*sorted(names), *([finalizer.name] if finalizer else [])):
            if not beside[other].is_started:
                tasks.resume(beside[other])
        tasks.resume(beside[task.name])
    return DEPENDENTS_ENABLE_RESULT


def cancel_ongoing_executions(session: "Session", *arguments: object) -> str:
    """Stops the runs of one task that execute now; its schedule goes on."""
    (name,) = _take(CANCEL, arguments, 1, 1)
    tasks = service_of(session)
    with tasks.lock:
        task = tasks.find(resolve(session, parse_name(str(name))))
        runs = running_tasks(tasks.runner.active(), task.id)
    for run in runs:
        run.stop(Stop.CANCELLED)
    if runs:
        ids = ", ".join(run.query_id for run in runs)
        return f"Marked {len(runs)} task runs for cancellation. Query ids: [{ids}]"
    return (
        f"Task {task.name} has no currently running executions. If the task was dropped or replaced after a previous "
        "execution started, use SYSTEM$CANCEL_QUERY along with the query id to cancel the run."
    )


def cancel_query(session: "Session", *arguments: object) -> str:
    """SYSTEM$CANCEL_QUERY: stops the task run that executes as this query, of a task that was dropped or replaced too
    (fact sheet 1.4, 3.4).
    """
    (query_id,) = _take(CANCEL_QUERY, arguments, 1, 1)
    running = [run for active in service_of(session).runner.active() for run in list(active.running.values())]
    found = [run for run in running if run.query_id == query_id]
    for run in found:
        run.stop(Stop.CANCELLED)
    return f"query [{query_id}] terminated." if found else "Identified SQL statement is not currently executing."


def _predecessors_state(session: "Session", condition: str) -> bool:
    return CONDITIONS[condition.upper()](_task_run(session, "SYSTEM$PREDECESSORS_STATE").predecessor_states())


def _task_completion_state(session: "Session", name: str) -> str:
    run = _task_run(session, "SYSTEM$TASK_COMPLETION_STATE")
    if name not in run.graph.tasks:
        raise run_errors.bad_argument("SYSTEM$TASK_COMPLETION_STATE", name, "the name of a task of the same graph")
    state = run.graph.states.get(name, State.NOT_EXECUTED)
    return str(State.NOT_EXECUTED if state in UNFINISHED else state)


def _stream_has_data(session: "Session", name: str) -> bool | str | None:
    from neve.local.dispatch import FUNCTIONS as OF_ENGINE

    function = OF_ENGINE.get("SYSTEM$STREAM_HAS_DATA")
    if function is None:
        raise unsupported("SYSTEM$STREAM_HAS_DATA")
    answer: bool | str | None = function(session, name)
    return answer


def call_in_condition(session: "Session", name: str, arguments: Sequence[str]) -> str | bool | None:
    """What a function that WHEN may contain gives for this task run."""
    return IN_CONDITION[name](session, *arguments)


def _task_run(session: "Session", function: str) -> TaskRun:
    if session.task is None:
        raise run_errors.outside_task(function)
    run: TaskRun = session.task
    return run


def _take(function: str, arguments: Sequence[object], least: int, most: int) -> Sequence[object]:
    if least <= len(arguments) <= most:
        return arguments
    call = f"{function}({', '.join(quote_string(str(argument)) for argument in arguments)})"
    refuse = run_errors.too_many_arguments if len(arguments) > most else run_errors.not_enough_arguments
    raise refuse(call, most, len(arguments))


def _timestamp(time: int | None) -> str | None:
    """An instant as text that casts to TIMESTAMP_LTZ and TIMESTAMP_NTZ alike."""
    return None if time is None else from_ms(time).isoformat(" ", "milliseconds")


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)


INFO: Mapping[str, Callable[[TaskRun], str | None]] = {
    "CURRENT_TASK_NAME": lambda run: run.task.full_name,
    "CURRENT_ROOT_TASK_NAME": lambda run: run.graph.root.full_name,
    "CURRENT_ROOT_TASK_UUID": lambda run: run.graph.run.root_id,
    "CURRENT_TASK_GRAPH_RUN_GROUP_ID": lambda run: _text(run.graph.run.group_id),
    "CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP": lambda run: _timestamp(run.graph.run.original_time),
    "LAST_SUCCESSFUL_TASK_GRAPH_RUN_GROUP_ID": lambda run: _text(run.graph.run.last_success_group),
    "LAST_SUCCESSFUL_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP": lambda run: _timestamp(run.graph.run.last_success_time),
}

FUNCTIONS: Mapping[str, Callable[..., str | None]] = {
    SET_RETURN_VALUE: set_return_value,
    GET_RETURN_VALUE: get_predecessor_return_value,
    GET_CONFIG: get_task_graph_config,
    RUNTIME_INFO: task_runtime_info,
    CURRENT_NAME: current_user_task_name,
    DEPENDENTS_ENABLE: task_dependents_enable,
    CANCEL: cancel_ongoing_executions,
    CANCEL_QUERY: cancel_query,
}

IN_CONDITION: Mapping[str, Callable[..., str | bool | None]] = {
    GET_RETURN_VALUE: get_predecessor_return_value,
    "SYSTEM$STREAM_HAS_DATA": _stream_has_data,
    "SYSTEM$PREDECESSORS_STATE": _predecessors_state,
    "SYSTEM$TASK_COMPLETION_STATE": _task_completion_state,
}
