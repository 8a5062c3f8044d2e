"""What the engine takes from this area: statements, functions, tables of the store, the service."""

import itertools
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import unsupported
from neve.local.result import Result
from neve.local.sqltext import Statement
from neve.local.tasks import catalog, functions, messages, records, service
from neve.local.tasks.alter import alter_task
from neve.local.tasks.create import create_task
from neve.local.tasks.dependents import task_dependents
from neve.local.tasks.drop import drop_task
from neve.local.tasks.execute import execute_task
from neve.local.tasks.history import complete_task_graphs, current_task_graphs, task_history
from neve.local.tasks.model import Task
from neve.local.tasks.ownership import grant_ownership
from neve.local.tasks.show import describe_task, show_parameters, show_tasks

if TYPE_CHECKING:
    from neve.local.engine import Engine
    from neve.local.session import Session


def refuse_task_graph(_session: "Session", _statement: Statement) -> Result:
    """The first-class TASK GRAPH object (fact sheet 2.7)."""
    raise unsupported("The TASK GRAPH object")


def _is_in_task(statement: Statement) -> bool:
    words = [token.text.upper() for token in statement.tokens]
    return any(pair == ("IN", "TASK") for pair in itertools.pairwise(words))


def drop_schema(engine: "Engine", database: str, schema: str) -> None:
    """The tasks of a schema that is gone."""
    tasks: service.TaskService = engine.services["tasks"]
    with tasks.lock:
        tasks.catalog.drop_schema(database, schema)


def cloned(session: "Session", places: Mapping[tuple[str, str], tuple[str, str]]) -> None:
    """The tasks of schemas that are copied, suspended, with their links among themselves (fact sheet 1.5)."""
    tasks: service.TaskService = session.engine.services["tasks"]
    with tasks.lock:
        for task in list(tasks.catalog):
            target = places.get((task.database, task.schema))
            if target is not None:
                tasks.catalog.change(_copied(task, session, target))


def _copied(task: Task, session: "Session", target: tuple[str, str]) -> Task:
    return Task(
        str(uuid.uuid4()), *target, task.name, session.role, session.user, session.engine.clock.now(), task.definition,
        task.condition, task.predecessors, task.finalizes, task.execute_as, task.settings, task.tags, task.contacts,
    )  # fmt: skip


CLONED_SCHEMAS = cloned
ROUTES: tuple[tuple[Any, ...], ...] = (
    (("CREATE", "TASK"), create_task, True),
    (("ALTER", "TASK"), alter_task, True),
    (("DROP", "TASK"), drop_task),
    (("EXECUTE", "TASK"), execute_task),
    (("GRANT", "OWNERSHIP", "ON", "TASK"), grant_ownership),
    (("GRANT", "OWNERSHIP", "ON", "ALL", "TASKS"), grant_ownership),
    (("SHOW", "TASKS"), show_tasks),
    (("SHOW", "TERSE", "TASKS"), show_tasks),
    (("DESCRIBE", "TASK"), describe_task),
    (("DESC", "TASK"), describe_task),
    (("SHOW", "PARAMETERS"), show_parameters, False, _is_in_task),
    *(((verb, "TASK", "GRAPH"), refuse_task_graph) for verb in ("CREATE", "ALTER", "DROP", "EXECUTE", "DESC")),
    (("SHOW", "TASK", "GRAPHS"), refuse_task_graph),
)
FUNCTIONS: Mapping[str, Callable[..., Any]] = {**functions.FUNCTIONS, **messages.FUNCTIONS}
TABLE_FUNCTIONS: Mapping[str, Callable[..., Result]] = {
    "TASK_HISTORY": task_history,
    "CURRENT_TASK_GRAPHS": current_task_graphs,
    "COMPLETE_TASK_GRAPHS": complete_task_graphs,
    "TASK_DEPENDENTS": task_dependents,
}
SCHEMA = catalog.SCHEMA + records.SCHEMA
SERVICE = service.start
DROPPED_SCHEMA = drop_schema
