"""The columns of a statement without running it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.binding import put_in
from neve.local.result import Column
from neve.local.sqltext import Binds, Statement
from neve.local.translate.columns import name_columns
from neve.local.translate.nullability import never_null
from neve.local.translate.parse import parse
from neve.local.translate.query import columns_of, finished, prepared
from neve.local.types import NUMBER

if TYPE_CHECKING:
    from neve.local.session import Session

STATUS = (Column("status"),)
_COUNTS = {
    "insert": (r.INSERT, ("number of rows inserted",)),
    "update": (r.UPDATE, ("number of rows updated", "number of multi-joined rows updated")),
    "delete": (r.DELETE, ("number of rows deleted",)),
    "merge": (r.MERGE, ("number of rows inserted", "number of rows updated", "number of rows deleted")),
}


def describe(session: "Session", sql: str, binds: Binds) -> tuple[tuple[Column, ...], int]:
    """(columns, kind of statement). Places without a value count as NULL. Raises SqlError."""
    from neve.local.dispatch import route_of
    from neve.local.stages.reading import readable

    statement = Statement.of(sql, binds)
    if route := route_of(statement):
        return session.execute(sql, binds).columns if route.words[0] in {"SHOW", "DESCRIBE", "DESC"} else STATUS, r.SCL
    places = sum(token.token_type.name == "PLACEHOLDER" for token in statement.tokens)
    with readable(session, put_in(session, Statement.of(sql, binds or [None] * places))) as placed:
        return _described(session, placed)


def _described(session: "Session", statement: Statement) -> tuple[tuple[Column, ...], int]:
    from sqlglot import exp

    tree = parse(statement.text)
    if tree.key in _COUNTS:
        kind, names = _COUNTS[tree.key]
        return tuple(Column(name, NUMBER) for name in names), kind
    if not isinstance(tree, exp.Query):
        return STATUS, r.DDL
    name_columns(tree, statement)
    with session.lock, session.registrations():
        tree = prepared(session, tree)
        inferred, never = tree.meta.get("outputs") or {}, never_null(tree)
        columns = columns_of(session.fetch(f"DESCRIBE {finished(session, tree)}"), inferred)
        return tuple(replace(column, nullable=column.name not in never) for column in columns), r.SELECT
