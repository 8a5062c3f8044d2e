"""Task graphs over the tasks of a schema: roots, members, order, what makes a graph invalid (fact sheet 1.2.2, 2.1)."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from neve.local.tasks import refusals
from neve.local.tasks.condition import PREDECESSORS_STATE, calls
from neve.local.tasks.decide import Shape
from neve.local.tasks.model import Task

Tasks = Mapping[str, Task]
"""The tasks of one schema, by simple name."""


def children(tasks: Tasks, name: str) -> list[Task]:
    return [task for task in tasks.values() if name in task.predecessors]


def finalizer_of(tasks: Tasks, root: str) -> Task | None:
    return next((task for task in tasks.values() if task.finalizes == root), None)


def roots_above(tasks: Tasks, name: str) -> set[str]:
    """The roots of the graphs that a task belongs to: itself when it is one, several while a graph is being changed."""
    found, seen, waiting = set(), {name}, [name]
    while waiting:
        task = tasks.get(waiting.pop())
        if task is None:
            continue
        above = task.predecessors if task.finalizes is None else (task.finalizes,)
        if not above:
            found.add(task.name)
        waiting.extend(set(above) - seen)
        seen.update(above)
    return found


def below(tasks: Tasks, name: str) -> set[str]:
    """A task and all of its descendants, finalizers left out."""
    successors: dict[str, list[str]] = {}
    for task in tasks.values():
        for predecessor in task.predecessors:
            successors.setdefault(predecessor, []).append(task.name)
    seen, waiting = {name}, [name]
    while waiting:
        new = set(successors.get(waiting.pop(), ())) - seen
        seen |= new
        waiting.extend(new)
    return seen


def members(tasks: Tasks, root: str) -> tuple[Task, ...]:
    """The tasks of a graph in topological order, the root first and the finalizer last.

    Raises SqlError when the graph has a cycle or a second root.
    """
    names = below(tasks, root)
    ordered = _in_order(tasks, names)
    for name in ordered:
        if any(other not in names for other in tasks[name].predecessors):
            raise refusals.several_roots()
    finalizer = finalizer_of(tasks, root)
    return (*(tasks[name] for name in ordered), *([finalizer] if finalizer else ()))


def _in_order(tasks: Tasks, names: Iterable[str]) -> list[str]:
    graph = {name: tasks[name].predecessors for name in sorted(names)}
    known = {name: [p for p in predecessors if p in graph] for name, predecessors in graph.items()}
    try:
        return list(TopologicalSorter(known).static_order())
    except CycleError as error:
        raise refusals.cycle(tasks[error.args[1][0]].full_name) from None


def shape(version: Iterable[Task]) -> Shape:
    """The frozen graph as the run algorithm sees it: without its suspended tasks. `version` starts with the root."""
    root, *rest = version
    live = {task.name for task in rest if task.is_started and task.finalizes is None} | {root.name}
    finalizer = next((task.name for task in rest if task.finalizes == root.name and task.is_started), None)
    kids = [task for task in rest if task.name in live]
    return Shape(
        root=root.name,
        predecessors={task.name: tuple(p for p in task.predecessors if p in live) for task in kids},
        own_gate=frozenset(task.name for task in kids if calls(task.condition, PREDECESSORS_STATE)),
        finalizer=finalizer,
    )
