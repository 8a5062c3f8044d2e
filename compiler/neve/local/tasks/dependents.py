"""TASK_DEPENDENTS (fact sheet 2.6)."""

from typing import TYPE_CHECKING

from neve.local.result import Column, Result, from_rows
from neve.local.sqltext import parse_name, resolve
from neve.local.tasks import run_errors
from neve.local.tasks.access import service_of
from neve.local.tasks.arguments import Arguments, check_names, flag
from neve.local.tasks.graph import Tasks, children, finalizer_of
from neve.local.tasks.show import describe
from neve.local.types import TIMESTAMP_LTZ

if TYPE_CHECKING:
    from neve.local.session import Session

COLUMNS = [
    "CREATED_ON",
    "NAME",
    "ID",
    "DATABASE_NAME",
    "SCHEMA_NAME",
    "OWNER",
    "COMMENT",
    "WAREHOUSE",
    "SCHEDULE",
    "PREDECESSORS",
    "STATE",
    "DEFINITION",
    "CONDITION",
]


def task_dependents(session: "Session", arguments: Arguments) -> Result:
    """A task first, then its children (and theirs, when recursive), a root's finalizer among them."""
    named = {{"1": "TASK_NAME", "2": "RECURSIVE"}.get(key, key): value for key, value in arguments.items()}
    check_names("TASK_DEPENDENTS", named, ("TASK_NAME", "RECURSIVE"))
    tasks = service_of(session)
    written = str(named.get("TASK_NAME") or "")
    with tasks.lock:
        name = resolve(session, parse_name(written)) if written else None
        task = tasks.catalog.get(name) if name else None
        if task is None:
            raise run_errors.bad_argument("TASK_DEPENDENTS_SCAN", written, "a valid task name")
        beside = tasks.catalog.beside(task.database, task.schema)
        names = _dependents(beside, task.name, is_recursive=flag(named, "RECURSIVE", default=True))
        rows = [describe(beside[found], beside) for found in names]
    heads = [Column(column, TIMESTAMP_LTZ) if column == "CREATED_ON" else Column(column) for column in COLUMNS]
    return from_rows(heads, [tuple(row[column.lower()] for column in COLUMNS) for row in rows])


def _dependents(beside: Tasks, name: str, *, is_recursive: bool) -> list[str]:
    found, place = [name], 0
    while place < (len(found) if is_recursive else 1):
        below = {child.name for child in children(beside, found[place])}
        finalizer = finalizer_of(beside, found[place])
        found += sorted((below | ({finalizer.name} if finalizer else set())) - set(found))
        place += 1
    return found
