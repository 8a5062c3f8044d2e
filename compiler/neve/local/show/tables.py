"""SHOW TABLES, VIEWS and OBJECTS."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from neve.local.dynamic.catalog import of as dynamic_tables
from neve.local.result import Result
from neve.local.schemas import facts
from neve.local.show.request import Request, answer, read
from neve.local.sqltext import QualifiedName, Statement
from neve.local.tables.facts import read_table
from neve.local.tables.names import Place, quoted

if TYPE_CHECKING:
    from neve.local.session import Session

_OBJECTS = ("created_on", "name", "database_name", "schema_name", "kind", "comment", "cluster_by", "rows", "bytes",
            "owner", "retention_time", "owner_role_type", "is_hybrid", "is_dynamic", "is_iceberg",
            "is_interactive")  # fmt: skip
_TABLES = ("created_on", "name", "database_name", "schema_name", "kind", "comment", "cluster_by", "rows", "bytes",
           "owner", "retention_time", "automatic_clustering", "change_tracking", "search_optimization",
           "search_optimization_progress", "search_optimization_bytes", "is_external", "enable_schema_evolution",
           "owner_role_type", "is_event", "is_hybrid", "is_iceberg", "is_dynamic", "is_immutable", "is_interactive",
           "row_timestamp", "error_logging")  # fmt: skip
_VIEWS = ("created_on", "name", "reserved", "database_name", "schema_name", "owner", "comment", "text", "is_secure",
          "is_materialized", "owner_role_type", "change_tracking")  # fmt: skip

_FROM_TABLES = (
    "SELECT database_name, schema_name, table_name, comment, NULL, FALSE FROM duckdb_tables()"
    " WHERE NOT internal AND NOT temporary"
)
_FROM_VIEWS = (
    "SELECT database_name, schema_name, view_name, comment, sql, TRUE FROM duckdb_views()"
    " WHERE NOT internal AND NOT temporary"
)


def show(
    what: str, columns: tuple[str, ...], sources: tuple[str, ...], session: "Session", statement: Statement
) -> Result:
    """One of the three: what stands in the scope, by database, schema and name."""
    request = read(session, statement, what)
    rows = [row for source in sources for row in _rows(session, request, source, objects=what == "OBJECTS")]
    if _FROM_TABLES in sources:
        rows += _temporary(session, request, objects=what == "OBJECTS")
    rows.sort(key=lambda row: (row["database_name"], row["schema_name"], row["name"]))
    return answer(request, columns, rows)


def _rows(session: "Session", request: Request, source: str, *, objects: bool) -> Iterator[dict[str, Any]]:
    known = session.engine.databases
    for database, schema, name, comment, text, view in session.fetch(source):
        if request.scope.holds(database, schema) and database in known and schema != "main" and request.names(name):
            told = {"kind": "VIEW" if view else "TABLE", "text": text, **facts(comment)}
            full = QualifiedName(database, schema, name)
            yield {
                "database_name": database,
                "schema_name": schema,
                "name": name,
                "rows": None if view else count_rows(session, full),
                "owner": session.role,
                **_told(told),
                "is_dynamic": "Y" if dynamic_tables(session).get(full) else "N",
                **({"kind": "VIEW" if view else "TABLE"} if objects else {}),
            }


def _temporary(session: "Session", request: Request, *, objects: bool) -> Iterator[dict[str, Any]]:
    """The session's own temporary tables."""
    for name, stored in session.temporary.items():
        place = Place(name, QualifiedName("temp", "main", stored), "TABLE")
        is_table = name.database in session.engine.databases
        if is_table and request.scope.holds(name.database, name.schema) and request.names(name.name):
            yield {
                "database_name": name.database,
                "schema_name": name.schema,
                "name": name.name,
                "rows": count_rows(session, place.stored),
                "owner": session.role,
                **_told({"text": None, **read_table(session, place), "kind": "TABLE" if objects else "TEMPORARY"}),
                "is_dynamic": "N",
            }


def count_rows(session: "Session", table: QualifiedName) -> int:
    return int(session.fetch(f"SELECT count(*) FROM {'.'.join(map(quoted, table))}")[0][0])


def _told(told: dict[str, Any]) -> dict[str, Any]:
    """The columns that the table's own facts fill, and those that are the same for all."""
    created = told.get("created_on")
    return {
        "created_on": datetime.fromisoformat(created) if created else None,
        "kind": told["kind"],
        "comment": told.get("comment") or "",
        "text": told["text"],
        "retention_time": str(told.get("retention_time", 1)),
        "cluster_by": told.get("cluster_by", ""),
        "reserved": "",
        "owner_role_type": "ROLE",
        **dict.fromkeys(_NEVER, "N"),
        **dict.fromkeys(("search_optimization", "row_timestamp", "error_logging"), "OFF"),
        "automatic_clustering": "ON" if told.get("cluster_by") else "OFF",
        "change_tracking": "ON" if told.get("change_tracking") or told.get("history") else "OFF",
        "is_secure": str(bool(told.get("secure"))).lower(),
        "is_materialized": "false",
        "enable_schema_evolution": "Y" if told.get("schema_evolution") else "N",
    }


_NEVER = ("is_hybrid", "is_iceberg", "is_external", "is_event", "is_immutable", "is_interactive")
_SHOWS = {
    "TABLES": partial(show, "TABLES", _TABLES, (_FROM_TABLES,)),
    "VIEWS": partial(show, "VIEWS", _VIEWS, (_FROM_VIEWS,)),
    "OBJECTS": partial(show, "OBJECTS", _OBJECTS, (_FROM_TABLES, _FROM_VIEWS)),
}
ROUTES = tuple((words, run) for what, run in _SHOWS.items() for words in (("SHOW", what), ("SHOW", "TERSE", what)))
