"""DESCRIBE TABLE and VIEW, SHOW COLUMNS."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import not_exist, unsupported
from neve.local.listing import like, table_or_scope
from neve.local.reader import Reader
from neve.local.result import Column, Result, from_rows
from neve.local.schemas import columns
from neve.local.sqltext import QualifiedName, Statement, resolve
from neve.local.tables import keys
from neve.local.tables.facts import read_columns, read_table
from neve.local.tables.names import Place, find
from neve.local.types import SqlType

if TYPE_CHECKING:
    from neve.local.session import Session

_DESCRIBED = ("name", "type", "kind", "null?", "default", "primary key", "unique key", "check", "expression",
              "comment", "policy name", "privacy domain")  # fmt: skip
_SHOWN = ("table_name", "schema_name", "column_name", "data_type", "null?", "default", "kind", "expression",
          "comment", "database_name", "autoincrement")  # fmt: skip


def describe(session: "Session", statement: Statement) -> Result:
    """DESCRIBE TABLE|VIEW name [TYPE = COLUMNS]: a row a column."""
    reader = Reader.over(statement)
    for word in (*statement.words[:1], *_kind(statement)):
        reader.expect(word)
    name = resolve(session, reader.dotted())
    if reader.take("TYPE", "=", "STAGE"):
        raise unsupported("DESCRIBE TABLE … TYPE = STAGE")
    reader.take("TYPE", "=", "COLUMNS")
    reader.finish()
    if "VIEW" in statement.words[:2] and not find(session, name).kind:
        raise not_exist("View", str(name))
    told = _keys(session, _place(session, name))
    rows = [
        {
            "name": column.name,
            "type": str(column.type),
            "kind": "COLUMN",
            "null?": "Y" if column.nullable else "N",
            "default": _default(known),
            "primary key": "Y" if (column.name, "PRIMARY KEY") in told else "N",
            "unique key": "Y" if (column.name, "UNIQUE") in told else "N",
            "comment": known.get("comment"),
        }
        for column, known in _columns(session, name)
    ]
    return _result(_DESCRIBED, rows)


def _keys(session: "Session", place: Place) -> set[tuple[str, str]]:
    """(column, kind) of every key of the table."""
    return {(column, key.kind) for key in keys.recorded(read_table(session, place)) for column in key.columns}


def _default(known: Mapping[str, Any]) -> str | None:
    """A column's default, or its sequence."""
    if "identity" in known:
        start, step = known["identity"]
        return f"IDENTITY START {start} INCREMENT {step} NOORDER"
    return known.get("default")


def _kind(statement: Statement) -> tuple[str, ...]:
    words = statement.words[1:3]
    return words if words == ("DYNAMIC", "TABLE") else tuple(word for word in words[:1] if word in {"TABLE", "VIEW"})


def _place(session: "Session", name: QualifiedName) -> Place:
    temporary = session.temporary.get(name)
    return Place(name, QualifiedName("temp", "main", temporary) if temporary else name, "TABLE")


def _columns(session: "Session", name: QualifiedName) -> Iterator[tuple[Column, Mapping[str, Any]]]:
    """Each column, and what is known of it."""
    place = _place(session, name)
    found = columns(session, *place.stored)
    if not found:
        raise not_exist("Table", str(name))
    known = read_columns(session, place)
    return ((column, known.get(column.name, {})) for column in found)


def show_columns(session: "Session", statement: Statement) -> Result:
    """SHOW COLUMNS [LIKE] [IN TABLE|VIEW name | IN ACCOUNT | IN DATABASE | IN SCHEMA]."""
    reader = Reader.over(statement)
    reader.expect("SHOW")
    reader.take("TERSE")
    reader.expect("COLUMNS")
    pattern = like(reader)
    rows = [
        {
            "table_name": name.name,
            "schema_name": name.schema,
            "database_name": name.database,
            "column_name": column.name,
            "data_type": _json_type(column.type, nullable=column.nullable),
            "null?": "true" if column.nullable else "NOT_NULL",
            "default": known.get("default", ""),
            "kind": "COLUMN",
            "expression": "",
            "comment": known.get("comment") or "",
            "autoincrement": _default(known) if "identity" in known else "",
        }
        for name in _tables(session, reader)
        for column, known in _columns(session, name)
        if pattern.fullmatch(column.name)
    ]
    return _result(_SHOWN, rows)


def _tables(session: "Session", reader: Reader) -> list[QualifiedName]:
    """The table or view of the scope, or all in it."""
    wanted = table_or_scope(session, reader)
    if isinstance(wanted, QualifiedName):
        return [wanted]
    rows = session.fetch(
        "SELECT DISTINCT database_name, schema_name, table_name FROM duckdb_columns()"
        " WHERE NOT internal AND schema_name <> 'main' ORDER BY ALL"
    )
    known = [QualifiedName(*row) for row in rows if row[0] in session.engine.databases]
    return [name for name in known if wanted.holds(*name[:2])]


def _json_type(kind: SqlType, *, nullable: bool) -> str:
    told: dict[str, Any] = {"type": kind.kind, "nullable": nullable}
    if kind.kind == "FIXED":
        told |= {"precision": kind.precision, "scale": kind.scale}
    elif kind.kind in {"TEXT", "BINARY"}:
        told |= {"length": kind.length, "byteLength": kind.length, "fixed": False}
    elif kind.scale:
        told |= {"precision": 0, "scale": kind.scale}
    return json.dumps(told, separators=(",", ":"))


def _result(heads: tuple[str, ...], rows: list[dict[str, Any]]) -> Result:
    return from_rows([Column(name) for name in heads], [tuple(row.get(name) for name in heads) for row in rows])


ROUTES = (
    *(((verb, kind), describe) for verb in ("DESCRIBE", "DESC") for kind in ("TABLE", "VIEW")),
    (("SHOW", "COLUMNS"), show_columns),
    (("SHOW", "TERSE", "COLUMNS"), show_columns),
)
