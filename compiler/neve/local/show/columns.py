"""DESCRIBE TABLE and VIEW, SHOW COLUMNS."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from neve.local.errors import not_exist
from neve.local.listing import like
from neve.local.options import OptionReader
from neve.local.reader import Reader
from neve.local.result import Column, Result, from_rows
from neve.local.schemas import columns, facts
from neve.local.sqltext import QualifiedName, Statement, resolve
from neve.local.types import SqlType

if TYPE_CHECKING:
    from neve.local.session import Session

_DESCRIBED = ("name", "type", "kind", "null?", "default", "primary key", "unique key", "check", "expression",
              "comment", "policy name", "privacy domain")  # fmt: skip
_SHOWN = ("table_name", "schema_name", "column_name", "data_type", "null?", "default", "kind", "expression",
          "comment", "database_name", "autoincrement")  # fmt: skip


def describe(session: "Session", statement: Statement) -> Result:
    """DESCRIBE TABLE|VIEW name: a row a column."""
    reader = OptionReader.over(statement)
    for word in (*statement.words[:1], *_kind(statement)):
        reader.expect(word)
    name = resolve(session, reader.dotted())
    rows = [
        {
            "name": column.name,
            "type": str(column.type),
            "kind": "COLUMN",
            "null?": "Y" if column.nullable else "N",
            "primary key": "N",
            "unique key": "N",
            "comment": comment,
        }
        for column, comment in _columns(session, name)
    ]
    return _result(_DESCRIBED, rows)


def _kind(statement: Statement) -> tuple[str, ...]:
    return tuple(word for word in statement.words[1:2] if word in {"TABLE", "VIEW"})


def _columns(session: "Session", name: QualifiedName) -> Iterator[tuple[Column, str | None]]:
    stored = QualifiedName("temp", "main", session.temporary[name]) if name in session.temporary else name
    found = columns(session, *stored)
    if not found:
        raise not_exist("Table", str(name))
    comments = dict(
        session.fetch(
            "SELECT column_name, comment FROM duckdb_columns()"
            " WHERE database_name = ? AND schema_name = ? AND table_name = ?",
            list(stored),
        )
    )
    return ((column, facts(comments[column.name]).get("comment")) for column in found)


def show_columns(session: "Session", statement: Statement) -> Result:
    """SHOW COLUMNS [LIKE] IN TABLE|VIEW name."""
    reader = Reader(statement.text, statement.tokens)
    reader.expect("SHOW", "COLUMNS")
    pattern = like(reader)
    reader.expect("IN")
    reader.take_any("TABLE", "VIEW")
    name = resolve(session, OptionReader(statement.text, statement.tokens, reader.position).dotted())
    rows = [
        {
            "table_name": name.name,
            "schema_name": name.schema,
            "database_name": name.database,
            "column_name": column.name,
            "data_type": _json_type(column.type, nullable=column.nullable),
            "null?": "true" if column.nullable else "NOT_NULL",
            "default": "",
            "kind": "COLUMN",
            "expression": "",
            "comment": comment or "",
            "autoincrement": "",
        }
        for column, comment in _columns(session, name)
        if pattern.fullmatch(column.name)
    ]
    return _result(_SHOWN, rows)


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
)
