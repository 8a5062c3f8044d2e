"""CREATE TASK, OR REPLACE, OR ALTER, IF NOT EXISTS, CLONE (fact sheet 1.1 to 1.5)."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from neve.local.errors import not_exist
from neve.local.result import Result, status
from neve.local.sqltext import QualifiedName, Statement, quote_identifier, resolve
from neve.local.tasks import graph, refusals
from neve.local.tasks.access import service_of
from neve.local.tasks.grammar import parse_create
from neve.local.tasks.model import Task
from neve.local.tasks.options import read_settings, with_overlap_policy
from neve.local.tasks.reading import Name, with_values
from neve.local.tasks.rules import check
from neve.local.tasks.syntax import Clone, Create, Mode, Pairs
from neve.local.tasks.unconfirmed import IDENTICAL_OR_ALTER_IS_A_CHANGE

if TYPE_CHECKING:
    from neve.local.session import Session
    from neve.local.tasks.service import TaskService


LONGEST_NAME = 255
LONGEST_TAG_VALUE = 256


def create_task(session: "Session", statement: Statement) -> Result:
    parsed = parse_create(with_values(session, statement))
    tasks = service_of(session)
    name = resolve(session, parsed.name)
    if not session.engine.databases.has_schema(session, name.database, name.schema):
        raise not_exist("Schema", as_written(name[:2]))
    if len(name.name) > LONGEST_NAME:
        raise refusals.name_too_long(name.name)
    with tasks.lock:
        if isinstance(parsed, Clone):
            return _clone(session, tasks, parsed, name)
        return _create(session, tasks, parsed, name)


def _create(session: "Session", tasks: "TaskService", create: Create, name: QualifiedName) -> Result:
    settings = read_settings(create.settings)
    if create.mode is Mode.ALTER and (create.tags or create.contacts):
        raise refusals.not_in_or_alter("TAG" if create.tags else "CONTACT")
    existing = tasks.catalog.get(name)
    if existing is not None and create.mode in {Mode.NEW, Mode.KEEP}:
        return _refuse_or_keep(existing, create.mode)
    task = replace(
        _blank(session, tasks, name) if existing is None or create.mode is Mode.REPLACE else _reset(existing),
        definition=create.body,
        condition=create.when,
        predecessors=predecessors(session, tasks, name, create.after),
        finalizes=None if create.finalize is None else finalized(session, tasks, name, create.finalize),
        execute_as=create.execute_as,
        settings=settings,
    )
    if existing is not None and create.mode is Mode.REPLACE:
        _check_replaceable(task, tasks)
    if create.mode is not Mode.ALTER:
        task = replace(task, tags=resolved_tags(session, create.tags), contacts=create.contacts)
    _store(tasks, task, existing)
    return status(f"Task {name.name} successfully created.")


def _refuse_or_keep(existing: Task, mode: Mode) -> Result:
    if mode is Mode.NEW:
        raise refusals.task_exists(existing.name)
    return status(f"{existing.name} already exists, statement succeeded.")


def _check_replaceable(task: Task, tasks: "TaskService") -> None:
    """A root that has a finalizer is not replaced by what is no root."""
    beside = tasks.catalog.beside(task.database, task.schema)
    if not task.is_root and task.finalizes != task.name and graph.finalizer_of(beside, task.name):
        raise refusals.replaces_finalized_root(task.full_name)


def _blank(session: "Session", tasks: "TaskService", name: QualifiedName) -> Task:
    now = tasks.clock.now()
    return Task(str(uuid.uuid4()), *name, session.role, session.user, now, definition="")


def _reset(existing: Task) -> Task:
    """What CREATE OR ALTER keeps: id, owner, dates, tags, contacts, and that the task is suspended."""
    return replace(existing, is_started=False)


def _store(tasks: "TaskService", task: Task, existing: Task | None) -> None:
    near = [*task.predecessors, *([task.finalizes] if task.finalizes else []), *([existing.name] if existing else [])]
    tasks.require_suspended(task.database, task.schema, *near)
    check(task, tasks.catalog.beside(task.database, task.schema))
    task = replace(task, settings=with_overlap_policy(task.settings, task.settings))
    if task != existing or IDENTICAL_OR_ALTER_IS_A_CHANGE:
        tasks.catalog.change(task)


def _clone(session: "Session", tasks: "TaskService", clone: Clone, name: QualifiedName) -> Result:
    """A suspended copy; links to predecessors stay when it lands in the same schema."""
    source = tasks.find(resolve(session, clone.source))
    existing = tasks.catalog.get(name)
    if existing is not None and clone.mode in {Mode.NEW, Mode.KEEP}:
        return _refuse_or_keep(existing, clone.mode)
    blank = _blank(session, tasks, name)
    keeps_links = (source.database, source.schema) == (name.database, name.schema)
    task = replace(
        blank,
        definition=source.definition,
        condition=source.condition,
        predecessors=source.predecessors if keeps_links else (),
        execute_as=source.execute_as,
        settings=source.settings,
        tags=source.tags,
        contacts=source.contacts,
    )
    _store(tasks, task, existing)
    return status(f"Task {name.name} successfully created.")


def predecessors(
    session: "Session", tasks: "TaskService", task: QualifiedName, names: Sequence[Name]
) -> tuple[str, ...]:
    """The simple names, sorted and each once, of existing tasks of the task's own schema. Raises SqlError."""
    found = [(written, resolve(session, written)) for written in names]
    for written, name in found:
        if tasks.catalog.get(name) is None and name != task:
            raise refusals.invalid_predecessor(as_written(written))
    for _, name in found:
        if name[:2] != task[:2]:
            raise refusals.foreign_predecessor(name.name)
    return tuple(sorted({name.name for _, name in found}))


def finalized(session: "Session", tasks: "TaskService", task: QualifiedName, written: Name) -> str:
    """The simple name of the task that is to be finalized. Raises SqlError."""
    name = resolve(session, written)
    if tasks.catalog.get(name) is None and name != task:
        raise refusals.invalid_finalized(as_written(written))
    if name[:2] != task[:2]:
        raise refusals.foreign_finalized(as_written(written))
    return name.name


def resolved_tags(session: "Session", tags: Pairs) -> Pairs:
    """Tags by their full names. Raises SqlError for a value that is too long."""
    for tag, value in tags.items():
        if len(value) > LONGEST_TAG_VALUE:
            raise refusals.tag_value_too_long(tag)
    return {str(resolve(session, tag.split("."))): value for tag, value in tags.items()}


def as_written(name: Name) -> str:
    return ".".join(map(quote_identifier, name))
