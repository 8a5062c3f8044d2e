"""Pass 2 of the validation: what a task may be among the others of its schema (fact sheet 1.2, 1.2.2, 5)."""

from neve.local.tasks import refusals
from neve.local.tasks.condition import parse_condition
from neve.local.tasks.graph import Tasks, below, children, finalizer_of, roots_above
from neve.local.tasks.model import Task
from neve.local.tasks.options import check_values

MOST_PREDECESSORS = 100
MOST_CHILDREN = 100
MOST_TASKS = 1000


def check(task: Task, tasks: Tasks) -> None:
    """Refuses a new or changed `task`, given the tasks of its schema as they are. Raises SqlError."""
    check_values(task.full_name, task.settings)
    if task.condition is not None:
        parse_condition(task.condition)
    if task.finalizes is not None:
        _check_finalizer(task, tasks, task.finalizes)
    elif task.predecessors:
        _check_predecessors(task, tasks)
    if not task.is_root:
        _check_non_root(task)
    if task.finalizes is not None:
        _check_only_finalizer(task, tasks, task.finalizes)
    if task.predecessors:
        _check_limits(task, tasks)


def _check_finalizer(task: Task, tasks: Tasks, target: str) -> None:
    if target in tasks and not tasks[target].is_root:
        raise refusals.finalizes_non_root(task.full_name, tasks[target].full_name)
    if target == task.name:
        raise refusals.finalizes_itself(task.name)
    if finalizer_of(tasks, task.name):
        raise refusals.finalized_child()
    if task.predecessors:
        raise refusals.finalizer_with_predecessors(task.full_name)
    if children(tasks, task.name):
        raise refusals.finalizer_with_children(task.full_name)
    if "SCHEDULE" in task.settings:
        raise refusals.scheduled_finalizer(task.name)


def _check_predecessors(task: Task, tasks: Tasks) -> None:
    for name in task.predecessors:
        if name in tasks and tasks[name].finalizes is not None:
            raise refusals.finalizer_with_children(tasks[name].full_name)
    if finalizer_of(tasks, task.name):
        raise refusals.finalized_child()
    if task.name in task.predecessors:
        raise refusals.own_predecessor(task.name)
    if "SCHEDULE" in task.settings:
        raise refusals.schedule_and_predecessor(task.name)


def _check_non_root(task: Task) -> None:
    if "CONFIG" in task.settings:
        raise refusals.config_on_child(task.full_name)
    if task.settings.get("ALLOW_OVERLAPPING_EXECUTION") == "TRUE":
        raise refusals.overlapping_on_child(task.full_name)
    if "OVERLAP_POLICY" in task.settings:
        raise refusals.overlap_on_child(task.full_name)
    if "TASK_AUTO_RETRY_ATTEMPTS" in task.settings:
        raise refusals.retries_on_child(task.name)


def _check_only_finalizer(task: Task, tasks: Tasks, root: str) -> None:
    other = finalizer_of(tasks, root)
    if other is not None and other.name != task.name:
        raise refusals.has_finalizer(root)


def _check_limits(task: Task, tasks: Tasks) -> None:
    if len(task.predecessors) > MOST_PREDECESSORS:
        raise refusals.too_many_predecessors(task.full_name)
    for name in task.predecessors:
        if name in tasks and len({child.name for child in children(tasks, name)} | {task.name}) > MOST_CHILDREN:
            raise refusals.too_many_children(tasks[name].full_name)
    for root in set().union(*(roots_above(tasks, name) for name in task.predecessors)):
        if len(below(tasks, root) | {task.name}) > MOST_TASKS:
            raise refusals.too_many_tasks(tasks[root].full_name)
