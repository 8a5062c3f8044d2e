"""What DuckDB has no place for, as JSON in its comments: declared types, the user's comments, the moment of birth."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from neve.local.schemas import facts
from neve.local.tables.names import Place, quoted, text_literal
from neve.local.types import SqlType, from_duck, to_duck

if TYPE_CHECKING:
    from neve.local.session import Session


def write_table(session: "Session", place: Place, told: Mapping[str, Any]) -> None:
    """Adds to what is known of a table or view; a None removes."""
    known = {**read_table(session, place), **told}
    known = {key: value for key, value in known.items() if value is not None}
    session.fetch(f"COMMENT ON {place.kind} {place.sql} IS {text_literal(json.dumps(known))}")


def read_table(session: "Session", place: Place) -> Mapping[str, Any]:
    of = ("duckdb_views()", "view_name") if place.kind == "VIEW" else ("duckdb_tables()", "table_name")
    rows = session.fetch(
        f"SELECT comment FROM {of[0]} WHERE database_name = ? AND schema_name = ? AND {of[1]} = ?", list(place.stored)
    )
    return facts(rows[0][0]) if rows else {}


def write_column(session: "Session", place: Place, column: str, told: Mapping[str, Any]) -> None:
    known = {**read_columns(session, place).get(column, {}), **told}
    known = {key: value for key, value in known.items() if value is not None}
    session.fetch(f"COMMENT ON COLUMN {place.sql}.{quoted(column)} IS {text_literal(json.dumps(known))}")


def read_columns(session: "Session", place: Place) -> Mapping[str, Mapping[str, Any]]:
    """The facts of each column that has some."""
    rows = session.fetch(
        "SELECT column_name, comment FROM duckdb_columns()"
        " WHERE database_name = ? AND schema_name = ? AND table_name = ? AND comment IS NOT NULL",
        list(place.stored),
    )
    return {name: facts(comment) for name, comment in rows}


def declared(kind: SqlType) -> Mapping[str, Any]:
    """The declared type, where DuckDB's own does not tell it."""
    return {} if from_duck(to_duck(kind)) == kind else {"type": str(kind)}


def born() -> dict[str, str]:
    return {"created_on": datetime.now(UTC).isoformat()}
