"""What is deployed, read with SHOW (fact sheet 2.5). Of procedures it gives the comment in the column `description`."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from neve.deploy.connect import Connection, Row, rows_if_there
from neve.deploy.errors import NeveError
from neve.deploy.note import read_note
from neve.deploy.objects import DEFINED, TABLES, Key, Live, LiveObject, key_of, mark_of, parts_of
from neve.ir import Project, Script, ScriptStatement
from neve.names import qualified

_MOST_ROWS = 10_000


def read_live(connection: Connection, project: Project, statements: Iterable[ScriptStatement]) -> Live:
    """Everything in the target's schema and wherever else the project may have something: one SHOW a kind and schema.

    Elsewhere is where the script defines something, and where the history says that an earlier one did.
    """
    home = (project.target.database, project.target.schema)
    found: dict[tuple[str, tuple[str, ...]], list[LiveObject] | None] = {}
    for space in ("table", "task", "procedure"):
        found[space, home] = _read(connection, space, home)
    tables = found["table", home] or []
    note = read_note(next((o.row.get("comment") for o in tables if o.key.parts[-1] == journal_name(project)), None))
    for space, schema in (*_scopes(statements), *(("table", schema) for schema in sorted(note.schemas))):
        if (space, schema) not in found:
            found[space, schema] = _read(connection, space, schema)
    objects = {o.key: o for listed in found.values() for o in listed or ()}
    return Live(objects, frozenset(schema for (_, schema), listed in found.items() if listed is not None), note)


def journal_name(project: Project) -> str:
    """The stored name of the table with the history of the applies of a project and target."""
    return f"NEVE_DEPLOYMENTS${project.name}${project.target.name}".upper()


def schemas_of(script: Script) -> frozenset[tuple[str, ...]]:
    """Where the script makes views and the like."""
    return frozenset(schema for space, schema in _scopes(script.statements) if space == "table")


def _scopes(statements: Iterable[ScriptStatement]) -> set[tuple[str, tuple[str, ...]]]:
    keys = [key_of(statement) for statement in statements if statement.kind in DEFINED | TABLES]
    return {(key.space, key.parts[:-1]) for key in keys}


def _read(connection: Connection, space: str, schema: tuple[str, ...]) -> list[LiveObject] | None:
    rows = _show(connection, space, qualified(*schema))
    return None if rows is None else list(_objects(space, rows))


def has_schema(connection: Connection, schema: tuple[str, ...]) -> bool:
    """Whether the schema is there, for this role to see."""
    return _show(connection, "task", qualified(*schema)) is not None


def read_tasks(connection: Connection, schema: tuple[str, ...]) -> list[LiveObject]:
    """The tasks of a schema; none when it is not there."""
    return _read(connection, "task", schema) or []


def _show(connection: Connection, space: str, schema: str) -> list[Row] | None:
    """The rows of SHOW, None when the schema is not there (yet)."""
    what = {"task": "TASKS", "procedure": "PROCEDURES", "table": "OBJECTS"}[space]
    rows = rows_if_there(connection, f"SHOW {what} IN SCHEMA {schema}")
    if rows is not None and len(rows) >= _MOST_ROWS:
        raise NeveError(f"schema {schema} holds more than Snowflake lists at once: use a schema of its own")
    return rows


def _objects(space: str, rows: Iterable[Row]) -> Iterator[LiveObject]:
    make = {"task": _task, "procedure": _procedure, "table": _table}[space]
    return (make(row) for row in rows if "()" in (row.get("arguments") or "()"))  # ours take no arguments


def _task(row: Row) -> LiveObject:
    key = Key("task", (row["database_name"], row["schema_name"], row["name"]))
    relations = _json(row.get("task_relations"), {})
    finalizes = parts_of(relations["FinalizedRootTask"]) if relations.get("FinalizedRootTask") else None
    follows = tuple(map(parts_of, _json(row.get("predecessors"), [])))
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
