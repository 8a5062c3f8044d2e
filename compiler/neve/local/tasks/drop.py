"""DROP TASK (fact sheet 2.3)."""

from dataclasses import replace
from typing import TYPE_CHECKING

from neve.local.result import Result, status
from neve.local.sqltext import Statement, resolve
from neve.local.tasks import graph
from neve.local.tasks.access import service_of
from neve.local.tasks.grammar import parse_drop
from neve.local.tasks.model import Task, suspended

if TYPE_CHECKING:
    from neve.local.session import Session
    from neve.local.tasks.service import TaskService


def drop_task(session: "Session", statement: Statement) -> Result:
    drop = parse_drop(statement.text)
    tasks = service_of(session)
    name = resolve(session, drop.name)
    with tasks.lock:
        if drop.if_exists and tasks.catalog.get(name) is None:
            return status("Drop statement executed successfully (" + name.name + " already dropped).")
        _drop(tasks, tasks.find(name))
    return status(f"{name.name} successfully dropped.")


def _drop(tasks: "TaskService", task: Task) -> None:
    beside = tasks.catalog.beside(task.database, task.schema)
    is_standalone = task.is_root and not graph.children(beside, task.name) and not graph.finalizer_of(beside, task.name)
    if not is_standalone:
        tasks.require_suspended(task.database, task.schema, task.name)
    tasks.catalog.drop(task, left_behind(tasks, task))


def left_behind(tasks: "TaskService", task: Task) -> list[Task]:
    """The children and the finalizer of a task as they are without it: who has no link any more is suspended."""
    beside = tasks.catalog.beside(task.database, task.schema)
    left = [_without_predecessor(tasks, child, task.name) for child in graph.children(beside, task.name)]
    finalizer = graph.finalizer_of(beside, task.name)
    if finalizer is not None:
        left.append(suspended(replace(finalizer, finalizes=None), "FINALIZER_BECAME_ROOT", tasks.clock.now()))
    return left


def _without_predecessor(tasks: "TaskService", child: Task, name: str) -> Task:
    rest = replace(child, predecessors=tuple(p for p in child.predecessors if p != name))
    return rest if rest.predecessors else suspended(rest, "CHILD_BECAME_ROOT", tasks.clock.now())
