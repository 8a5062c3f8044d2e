"""ALTER TASK in all its forms (fact sheet 2.1)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from neve.local.result import Result, status
from neve.local.sqltext import QualifiedName, Statement, resolve
from neve.local.tasks import refusals
from neve.local.tasks.access import service_of
from neve.local.tasks.create import as_written, finalized, predecessors, resolved_tags
from neve.local.tasks.grammar import parse_alter
from neve.local.tasks.model import Task, suspended
from neve.local.tasks.options import check_names, read_settings, with_overlap_policy
from neve.local.tasks.reading import Name, with_values
from neve.local.tasks.rules import check
from neve.local.tasks.syntax import (
    Action,
    AddAfter,
    RemoveAfter,
    Resume,
    Set,
    SetBody,
    SetContacts,
    SetExecuteAs,
    SetFinalize,
    SetTags,
    SetWhen,
    Suspend,
    Unset,
    UnsetContacts,
    UnsetTags,
)

if TYPE_CHECKING:
    from neve.local.session import Session
    from neve.local.tasks.service import TaskService

DONE = "Statement executed successfully."


def alter_task(session: "Session", statement: Statement) -> Result:
    alter = parse_alter(with_values(session, statement))
    tasks = service_of(session)
    name = resolve(session, alter.name)
    with tasks.lock:
        if alter.if_exists and tasks.catalog.get(name) is None:
            return status(DONE)
        task = tasks.find(name)
        match alter.action:
            case Resume():
                tasks.resume(task)
            case Suspend():
                tasks.suspend(task, "USER_SUSPENDED")
            case action:
                _change(session, tasks, task, action)
    return status(DONE)


def _change(session: "Session", tasks: "TaskService", task: Task, action: Action) -> None:
    changed = _changed(session, tasks, task, action)
    near = {*task.predecessors, *changed.predecessors, task.name, *filter(None, (task.finalizes, changed.finalizes))}
    tasks.require_suspended(task.database, task.schema, *near)
    check(changed, tasks.catalog.beside(task.database, task.schema))
    policy = read_settings(action.settings) if isinstance(action, Set) else {}
    changed = replace(changed, settings=with_overlap_policy(changed.settings, policy))
    if changed.is_root and not task.is_root:
        reason = "CHILD_BECAME_ROOT" if task.predecessors else "FINALIZER_BECAME_ROOT"
        changed = suspended(changed, reason, tasks.clock.now())
    tasks.catalog.change(changed)


def _changed(session: "Session", tasks: "TaskService", task: Task, action: Action) -> Task:  # noqa: C901, PLR0911 - a clause each
    name = QualifiedName(task.database, task.schema, task.name)
    match action:
        case AddAfter(names):
            new = predecessors(session, tasks, name, names)
            return replace(task, predecessors=tuple(sorted({*task.predecessors, *new})))
        case RemoveAfter(names):
            gone = _removed(session, tasks, task, names)
            return replace(task, predecessors=tuple(p for p in task.predecessors if p not in gone))
        case Set(settings):
            return replace(task, settings={**task.settings, **read_settings(settings)})
        case Unset(names):
            return replace(task, settings=_without(task.settings, names))
        case SetTags(tags):
            return replace(task, tags={**task.tags, **resolved_tags(session, tags)})
        case UnsetTags(names):
            gone = {str(resolve(session, tag.split("."))) for tag in names}
            return replace(task, tags={key: value for key, value in task.tags.items() if key not in gone})
        case SetContacts(contacts):
            return replace(task, contacts={**task.contacts, **contacts})
        case UnsetContacts(names):
            return replace(task, contacts={key: value for key, value in task.contacts.items() if key not in names})
        case SetExecuteAs(user):
            return replace(task, execute_as=user)
        case SetFinalize(root):
            return replace(task, finalizes=None if root is None else finalized(session, tasks, name, root))
        case SetBody(body):
            return replace(task, definition=body)
        case SetWhen(condition):
            return replace(task, condition=condition)
    raise AssertionError(action)


def _removed(session: "Session", tasks: "TaskService", task: Task, names: tuple[Name, ...]) -> set[str]:
    """The simple names to remove: refused is first what exists and is no predecessor, then what does not exist."""
    found = [(written, resolve(session, written)) for written in names]
    known = [name for _, name in found if tasks.catalog.get(name) is not None]
    for name in known:
        if name[:2] != (task.database, task.schema) or name.name not in task.predecessors:
            raise refusals.no_such_predecessor(task.name, name.name)
    for written, name in found:
        if name not in known:
            raise refusals.invalid_predecessor(as_written(written))
    return {name.name for name in known}


def _without(settings: Mapping[str, str], names: tuple[str, ...]) -> Mapping[str, str]:
    check_names(names)
    upper = {name.upper() for name in names}
    gone = {"OVERLAP_POLICY" if name == "ALLOW_OVERLAPPING_EXECUTION" else name for name in upper}
    return {name: value for name, value in settings.items() if name not in gone}
