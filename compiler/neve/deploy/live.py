"""What is deployed, read with SHOW and told in our own terms.

An object is ours when its COMMENT ends in our mark, `[neve:<project>/<target>:<fingerprint>]`. SHOW TASKS: fact sheet
2.5. For procedures, SHOW gives the comment in the column `description`.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from neve.deploy.connect import Connection, Row
from neve.deploy.definition import MARK
from neve.deploy.errors import NeveError, SqlError
from neve.ir import Project, Script, ScriptStatement
from neve.names import parse_name, qualified

_NOT_THERE = {2003, 2043}
_MOST_ROWS = 10_000

DEFINED = {"task", "procedure", "view", "dynamic_table"}
"""The kinds of statements that define an object of their own, and mark it."""
_TABLES = {"view", "dynamic_table", "empty_table"}


class Key(NamedTuple):
    """What tells objects apart: tables and views share their names, procedures and tasks have their own."""

    space: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What our mark in a COMMENT says."""

    project: str
    target: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class LiveObject:
    """One deployed object. Of a task: its state, the names of what it follows (or finalizes), whom it finalizes."""

    key: Key
    kind: str
    mark: Mark | None
    state: str | None = None
    follows: tuple[tuple[str, ...], ...] = ()
    finalizes: tuple[str, ...] | None = None
    row: Row = field(default_factory=dict)

    @property
    def name(self) -> str:
        return qualified(*self.key.parts)

    @property
    def suspended_by_hand(self) -> bool:
        """Whether somebody suspended it, and not Snowflake itself or CREATE OR ALTER (fact sheet 2.5)."""
        return self.state == "suspended" and self.row.get("last_suspended_reason") == "USER_SUSPENDED"


@dataclass(frozen=True, slots=True)
class Live:
    """All that SHOW gave in the schemas asked for, and those of these schemas that exist."""

    objects: Mapping[Key, LiveObject]
    schemas: frozenset[tuple[str, ...]]

    def root(self, found: LiveObject) -> Key:
        """The root of a task's graph, as far as what it follows is there."""
        seen = {found.key}
        while found.follows:
            above = self.objects.get(Key("task", found.follows[0]))
            if above is None or above.key in seen:
                break
            seen.add(above.key)
            found = above
        return found.key


def key_of(statement: ScriptStatement) -> Key:
    """The key of the object that a statement of the script is about."""
    name = statement.object.split("(", 1)[0] if statement.kind == "procedure" else statement.object
    return Key(_space(statement.kind), _parts(name))


@lru_cache(maxsize=20_000)
def _parts(name: str) -> tuple[str, ...]:
    parts = parse_name(name)
    if parts is None:
        raise ValueError(f"no name: {name}")
    return parts


def _space(kind: str) -> str:
    if kind in _TABLES:
        return "table"
    return "procedure" if kind == "procedure" else "task"


def mark_of(comment: str | None) -> Mark | None:
    """The mark at the end of a COMMENT, if there is one."""
    found = MARK.search(comment or "")
    return Mark(**found.groupdict()) if found else None


def read_live(connection: Connection, project: Project, statements: Iterable[ScriptStatement]) -> Live:
    """Everything in the target's schema and wherever else the project may have something: one SHOW a kind and schema.

    Elsewhere is where the script defines something, and where the history says that an earlier one did.
    """
    home = (project.target.database, project.target.schema)
    found: dict[tuple[str, tuple[str, ...]], list[LiveObject] | None] = {}
    for space in ("table", "task", "procedure"):
        found[space, home] = _read(connection, space, home)
    tables = found["table", home] or []
    told = next((o.row.get("comment") for o in tables if o.key.parts[-1] == journal_name(project)), None)
    for space, schema in (*_scopes(statements), *(("table", tuple(schema)) for schema in json.loads(told or "[]"))):
        if (space, schema) not in found:
            found[space, schema] = _read(connection, space, schema)
    objects = {o.key: o for listed in found.values() for o in listed or ()}
    return Live(objects, frozenset(schema for (_, schema), listed in found.items() if listed is not None))


def journal_name(project: Project) -> str:
    """The stored name of the table with the history of the applies of a project and target."""
    return f"NEVE_DEPLOYMENTS${project.name}${project.target.name}".upper()


def told_schemas(script: Script) -> str:
    """The COMMENT of the history's table: where the script makes views and the like, as JSON."""
    return json.dumps(sorted(schema for space, schema in _scopes(script.statements) if space == "table"))


def _scopes(statements: Iterable[ScriptStatement]) -> set[tuple[str, tuple[str, ...]]]:
    keys = [key_of(statement) for statement in statements if statement.kind in DEFINED | _TABLES]
    return {(key.space, key.parts[:-1]) for key in keys}


def _read(connection: Connection, space: str, schema: tuple[str, ...]) -> list[LiveObject] | None:
    rows = _show(connection, space, qualified(*schema))
    return None if rows is None else list(_objects(space, rows))


_UNSTEADY = {"rows", "bytes", "budget"}


def digest(live: Live, defined: Collection[Key], project: Project) -> str:
    """A short text that changes with anything that a plan for these objects rests on.

    That is every column that SHOW gives of them, of what else carries the project's mark, and of tasks below these.
    """
    import hashlib

    ours = {key for key, found in live.objects.items() if key in defined or is_ours(found, project)}
    ours |= {key for key, found in live.objects.items() if live.root(found) in ours}
    told = [
        f"{key} {sorted((name, str(value)) for name, value in live.objects[key].row.items() if name not in _UNSTEADY)}"
        for key in sorted(ours)
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def is_ours(found: LiveObject, project: Project) -> bool:
    """Whether an object carries the mark of this project and target."""
    mark = found.mark
    return mark is not None and (mark.project, mark.target) == (project.name, project.target.name)


def has_schema(connection: Connection, schema: tuple[str, ...]) -> bool:
    """Whether the schema is there, for this role to see."""
    return _show(connection, "task", qualified(*schema)) is not None


def read_tasks(connection: Connection, schema: tuple[str, ...]) -> list[LiveObject]:
    """The tasks of a schema; none when it is not there."""
    return _read(connection, "task", schema) or []


def _show(connection: Connection, space: str, schema: str) -> list[Row] | None:
    """The rows of SHOW, None when the schema is not there (yet)."""
    what = {"task": "TASKS", "procedure": "PROCEDURES", "table": "OBJECTS"}[space]
    try:
        rows = connection.execute(f"SHOW {what} IN SCHEMA {schema}")
    except SqlError as error:
        if error.code in _NOT_THERE:
            return None
        raise
    if len(rows) >= _MOST_ROWS:
        raise NeveError(f"schema {schema} holds more than Snowflake lists at once: use a schema of its own")
    return rows


def _objects(space: str, rows: Iterable[Row]) -> Iterator[LiveObject]:
    make = {"task": _task, "procedure": _procedure, "table": _table}[space]
    for row in rows:
        yield make(row)


def _task(row: Row) -> LiveObject:
    key = Key("task", (row["database_name"], row["schema_name"], row["name"]))
    relations = _json(row.get("task_relations"), {})
    finalizes = _parts(relations["FinalizedRootTask"]) if relations.get("FinalizedRootTask") else None
    follows = tuple(map(_parts, _json(row.get("predecessors"), [])))
    above = (*follows, finalizes) if finalizes else follows
    return LiveObject(key, "task", mark_of(row.get("comment")), row["state"].lower(), above, finalizes, row)


def _procedure(row: Row) -> LiveObject:
    key = Key("procedure", (row["catalog_name"], row["schema_name"], row["name"]))
    return LiveObject(key, "procedure", mark_of(row.get("description")), row=row)


def _table(row: Row) -> LiveObject:
    kind = "dynamic_table" if row.get("is_dynamic") == "Y" else str(row.get("kind", "TABLE")).lower().replace(" ", "_")
    key = Key("table", (row["database_name"], row["schema_name"], row["name"]))
    return LiveObject(key, kind, mark_of(row.get("comment")), row=row)


def _json(text: Any, empty: Any) -> Any:
    return json.loads(text) if isinstance(text, str) and text else (text or empty)
