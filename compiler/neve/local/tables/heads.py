"""The columns that a query gives to the table or view that is made of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from neve.local.errors import compilation_error, duplicate_column
from neve.local.schemas import columns
from neve.local.sqltext import Statement
from neve.local.tables.facts import write_column
from neve.local.tables.names import Place
from neve.local.transactions import attempt
from neve.local.translate.columns import is_named, name_columns
from neve.local.translate.query import finished, prepared
from neve.local.translate.typing import kind_of_type

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


@dataclass(frozen=True, slots=True)
class Query:
    """DuckDB's text, and the types of columns that DuckDB's own do not tell."""

    sql: str
    kinds: Mapping[str, str]

    def declare(self, session: "Session", place: Place) -> None:
        """Writes the types down beside the table or view that was made of the query."""
        for column in columns(session, *place.stored):
            kind = self.kinds.get(column.name)
            if kind and column.type.kind == _STORED_AS[kind]:
                write_column(session, place, column.name, {"type": kind})


_TOLD = {"ARRAY": "ARRAY", "OBJECT": "OBJECT", "TZ": "TIMESTAMP_TZ(9)"}
_STORED_AS = {"ARRAY": "VARIANT", "OBJECT": "VARIANT", "TIMESTAMP_TZ(9)": "TIMESTAMP_LTZ"}


def named_query(session: "Session", statement: Statement, tree: "exp.Expr") -> Query:
    """The query of a CREATE. Raises SqlError when a column has no name, or two have the same."""
    unnamed = _has_unnamed(tree.expression)
    _strip(tree.expression)
    name_columns(tree, statement)
    made = prepared(session, tree.expression.copy())
    outputs = made.meta.get("outputs") or {}
    query = finished(session, made)
    names = column_names(session, query)
    if unnamed:
        raise compilation_error("Missing column specification", 2022, "42601")
    distinct(names)
    told = {name: _TOLD.get(kind_of_type(kind)) for name, kind in outputs.items() if kind is not None}
    return Query(query, {name: kind for name, kind in told.items() if kind})


def fill_all(session: "Session", query: str, columns: int) -> None:
    """Raises SqlError unless the query gives as many columns as are named."""
    if len(column_names(session, query)) != columns:
        raise compilation_error("Invalid column definition list", 2026, "42601")


def distinct(names: Sequence[str]) -> None:
    """Raises SqlError 2025 for a name that is given twice."""
    for place, name in enumerate(names):
        if name in names[:place]:
            raise duplicate_column(name)


def column_names(session: "Session", query: str) -> Sequence[str]:
    """Of a query in DuckDB's text."""
    return attempt(session, query, lambda cursor: list(cursor.sql(query).columns))


def _has_unnamed(query: "exp.Expr") -> bool:
    """Whether a query has an expression without an alias; those of a UNION and the like are named by their text."""
    return not all(is_named(projection.unnest()) for projection in _projections(query))


def _strip(query: "exp.Expr") -> None:
    """A column in parentheses has its own name."""
    from sqlglot import exp

    for projection in _projections(query):
        if isinstance(projection, exp.Paren) and isinstance(projection.unnest(), exp.Column):
            projection.replace(projection.unnest())


def _projections(query: "exp.Expr") -> "Sequence[exp.Expr]":
    from sqlglot import exp

    while isinstance(query, exp.Subquery):
        query = query.this
    return list(query.expressions) if isinstance(query, exp.Select) else []
