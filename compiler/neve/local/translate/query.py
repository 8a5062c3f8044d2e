"""Queries: a tree to DuckDB's text, its rows to a Result."""

from typing import TYPE_CHECKING, Any

from neve.local.models.predict import call_models
from neve.local.procedures.udfs import call_functions
from neve.local.result import SELECT, Column, Result
from neve.local.sqltext import Statement
from neve.local.translate.calls import answer_calls
from neve.local.translate.columns import name_columns
from neve.local.translate.faults import refused
from neve.local.translate.names import fold, qualify
from neve.local.translate.rules import rewrite
from neve.local.translate.typing import infer
from neve.local.types import from_duck

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def query(session: "Session", statement: Statement, tree: "exp.Expression") -> Result:
    """Runs a SELECT or VALUES."""
    name_columns(tree, statement)
    return fetch(session, translated(session, tree))


def translated(session: "Session", tree: "exp.Expression") -> str:
    """The tree as DuckDB's text."""
    tree = call_models(session, answer_calls(session, call_functions(session, tree)))
    fold(tree)
    qualify(session, tree)
    infer(session, tree)
    tree = rewrite(session, tree)
    return tree.sql(dialect="duckdb", identify=True)


def fetch(session: "Session", sql: str) -> Result:
    """Runs DuckDB's text; the columns in Snowflake's types."""
    with session.lock, refused():
        relation = session.cursor.sql(sql)
        columns = tuple(
            Column(name, from_duck(str(kind))) for name, kind in zip(relation.columns, relation.types, strict=True)
        )
        table = relation.to_arrow_table()
    return Result(columns, table, table.num_rows, SELECT)


def columns_of(description: Any) -> tuple[Column, ...]:
    return tuple(Column(name, from_duck(str(kind))) for name, kind, *_ in description)
