"""GRANT OWNERSHIP of tasks: it cuts the links of a single task, and suspends whatever gets another owner (fact sheet
2.5, 8).
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from neve.local.access import grants
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.sqltext import Statement, resolve
from neve.local.tasks.access import service_of
from neve.local.tasks.drop import left_behind
from neve.local.tasks.model import Task, suspended
from neve.local.tasks.reading import Name, dotted

if TYPE_CHECKING:
    from neve.local.session import Session
    from neve.local.tasks.service import TaskService

REASON = "GRANT_OWNERSHIP"


def grant_ownership(session: "Session", statement: Statement) -> Result:
    """GRANT OWNERSHIP ON TASK t TO ROLE r, or ON ALL TASKS IN SCHEMA s: then the links stay."""
    reader = Reader.of(statement.text)
    reader.expect("GRANT", "OWNERSHIP", "ON")
    takes_all = reader.take("ALL", "TASKS", "IN")
    kind = reader.take_any("SCHEMA", "DATABASE", "TASK")
    name = dotted(reader)
    reader.expect("TO", "ROLE")
    role = reader.name()
    tasks = service_of(session)
    with tasks.lock:
        if takes_all:
            for task in [task for task in tasks.catalog if _is_in(session, task, kind, name)]:
                _hand_over(tasks, task, role)
        else:
            _hand_over_alone(tasks, tasks.find(resolve(session, name)), role)
    return grants.change(session, statement)


def _is_in(session: "Session", task: Task, kind: str, name: Name) -> bool:
    if kind == "DATABASE":
        return (task.database,) == name
    return (task.database, task.schema) == (name if len(name) > 1 else (session.database, *name))


def _hand_over_alone(tasks: "TaskService", task: Task, role: str) -> None:
    if task.owner == role:
        return
    for other in left_behind(tasks, task):
        tasks.catalog.change(other)
    _hand_over(tasks, replace(task, predecessors=(), finalizes=None), role)


def _hand_over(tasks: "TaskService", task: Task, role: str) -> None:
    if task.owner != role:
        tasks.catalog.change(suspended(replace(task, owner=role), REASON, tasks.clock.now()))
