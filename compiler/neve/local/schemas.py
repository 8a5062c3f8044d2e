"""Columns of tables and views as Snowflake declares them: DuckDB keeps the types, and the column's comment the rest."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from neve.local.result import Column
from neve.local.types import from_duck, parse_type

if TYPE_CHECKING:
    from neve.local.session import Session


def columns(session: "Session", database: str, schema: str, table: str) -> Sequence[Column]:
    """The columns in order; none when there is no such table or view."""
    rows = session.fetch(
        "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() "
        "WHERE database_name = ? AND schema_name = ? AND table_name = ? ORDER BY column_index",
        [database, schema, table],
    )
    return [_column(name, kind, nullable, comment) for name, kind, nullable, comment in rows]


def _column(name: str, kind: str, nullable: bool, comment: str | None) -> Column:  # noqa: FBT001 - a row's value
    declared = facts(comment).get("type")
    return Column(name, parse_type(declared) if declared else from_duck(kind), nullable)


def facts(comment: str | None) -> Mapping[str, Any]:
    """What a comment in DuckDB says: `type` as declared, `comment` as the user wrote it, and for tables more."""
    if not comment or not comment.startswith("{"):
        return {}
    loaded = json.loads(comment)
    return loaded if isinstance(loaded, dict) else {}
