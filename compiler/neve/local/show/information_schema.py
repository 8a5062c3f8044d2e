"""The views of INFORMATION_SCHEMA: what a database holds, read from DuckDB's own catalog."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from neve.local.result import Column, Result, from_rows
from neve.local.schemas import columns as columns_of
from neve.local.schemas import facts
from neve.local.sqltext import QualifiedName
from neve.local.tables.facts import read_columns
from neve.local.tables.names import Place
from neve.local.types import NUMBER, TEXT, TIMESTAMP_LTZ, SqlType

if TYPE_CHECKING:
    from collections.abc import Callable

    from neve.local.session import Session

_TYPES = {
    **dict.fromkeys(("CREATED", "LAST_ALTERED", "LAST_DDL"), TIMESTAMP_LTZ),
    **dict.fromkeys(
        ("ROW_COUNT", "BYTES", "RETENTION_TIME", "ORDINAL_POSITION", "CHARACTER_MAXIMUM_LENGTH",
         "CHARACTER_OCTET_LENGTH", "NUMERIC_PRECISION", "NUMERIC_PRECISION_RADIX", "NUMERIC_SCALE",
         "DATETIME_PRECISION", "IDENTITY_START", "IDENTITY_INCREMENT"),
        NUMBER,
    ),
}  # fmt: skip


def _view(
    heads: Sequence[str], rows: "Callable[[Session, str], Iterator[dict[str, Any]]]", session: "Session", database: str
) -> Result:
    columns = [Column(head, _TYPES.get(head, TEXT)) for head in heads]
    found = [tuple(row.get(head) for head in heads) for row in rows(session, database)]
    return from_rows(columns, found)


def _created(told: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(told["created_on"]) if told.get("created_on") else None


def _containers(session: "Session") -> dict[tuple[str, str], dict[str, Any]]:
    with session.engine.store.transaction() as db:
        return {(row["database"], row["schema"]): dict(row) for row in db.execute("SELECT * FROM containers")}


def _databases(session: "Session", database: str) -> Iterator[dict[str, Any]]:
    del database
    known = _containers(session)
    for name in session.engine.databases.names():
        told = known.get((name, ""), {})
        yield {
            "DATABASE_NAME": name,
            "DATABASE_OWNER": session.role,
            "IS_TRANSIENT": "YES" if told.get("transient") else "NO",
            "COMMENT": told.get("comment"),
            "CREATED": _created(told),
            "LAST_ALTERED": _created(told),
            "RETENTION_TIME": 1,
            "TYPE": "STANDARD",
        }


def _schemata(session: "Session", database: str) -> Iterator[dict[str, Any]]:
    known = _containers(session)
    for name in sorted([*session.engine.databases.schemas(session, database), "INFORMATION_SCHEMA"]):
        told = known.get((database, name), {})
        yield {
            "CATALOG_NAME": database,
            "SCHEMA_NAME": name,
            "SCHEMA_OWNER": session.role,
            "IS_TRANSIENT": "YES" if told.get("transient") else "NO",
            "IS_MANAGED_ACCESS": "NO",
            "RETENTION_TIME": 1,
            "COMMENT": told.get("comment"),
            "CREATED": _created(told),
            "LAST_ALTERED": _created(told),
        }


_STORED = """
SELECT schema_name, table_name, comment, estimated_size, NULL FROM duckdb_tables()
WHERE database_name = ? AND NOT internal AND schema_name <> 'main'
UNION ALL SELECT schema_name, view_name, comment, NULL, sql FROM duckdb_views()
WHERE database_name = ? AND NOT internal AND schema_name <> 'main' ORDER BY 1, 2
"""


def _tables(session: "Session", database: str) -> Iterator[dict[str, Any]]:
    for schema, name, comment, size, text in session.fetch(_STORED, [database, database]):
        told = facts(comment)
        yield {
            "TABLE_CATALOG": database,
            "TABLE_SCHEMA": schema,
            "TABLE_NAME": name,
            "TABLE_OWNER": session.role,
            "TABLE_TYPE": "BASE TABLE" if text is None else "VIEW",
            "IS_TRANSIENT": "YES" if told.get("kind") == "TRANSIENT" else "NO",
            "ROW_COUNT": size,
            "BYTES": None if size is None else 0,
            "RETENTION_TIME": 1,
            "CREATED": _created(told),
            "LAST_ALTERED": _created(told),
            "COMMENT": told.get("comment"),
            "VIEW_DEFINITION": told.get("text") or text,
            "IS_SECURE": "YES" if told.get("secure") else "NO",
            "CLUSTERING_KEY": told.get("cluster_by"),
            "AUTO_CLUSTERING_ON": "YES" if told.get("cluster_by") else "NO",
        }


def _views(session: "Session", database: str) -> Iterator[dict[str, Any]]:
    return (row for row in _tables(session, database) if row["TABLE_TYPE"] == "VIEW")


def _columns(session: "Session", database: str) -> Iterator[dict[str, Any]]:
    for schema, table, *_ in session.fetch(_STORED, [database, database]):
        name = QualifiedName(database, schema, table)
        known = read_columns(session, Place(name, name, "TABLE"))
        for place, column in enumerate(columns_of(session, database, schema, table), 1):
            told = known.get(column.name, {})
            start, step = told.get("identity") or (None, None)
            yield {
                "TABLE_CATALOG": database,
                "TABLE_SCHEMA": schema,
                "TABLE_NAME": table,
                "COLUMN_NAME": column.name,
                "ORDINAL_POSITION": place,
                "IS_NULLABLE": "YES" if column.nullable else "NO",
                "COLUMN_DEFAULT": told.get("default"),
                "COMMENT": told.get("comment"),
                "IS_IDENTITY": "NO" if start is None else "YES",
                "IDENTITY_START": start,
                "IDENTITY_INCREMENT": step,
                **_of_type(column.type),
            }


def _of_type(kind: SqlType) -> dict[str, Any]:
    name = {"FIXED": "NUMBER", "REAL": "FLOAT"}.get(kind.kind, kind.kind)
    told: dict[str, Any] = {"DATA_TYPE": name}
    if kind.kind == "FIXED":
        told |= {"NUMERIC_PRECISION": kind.precision, "NUMERIC_PRECISION_RADIX": 10, "NUMERIC_SCALE": kind.scale}
    elif kind.length:
        told |= {"CHARACTER_MAXIMUM_LENGTH": kind.length, "CHARACTER_OCTET_LENGTH": min(kind.length * 4, 16_777_216)}
    elif kind.scale:
        told["DATETIME_PRECISION"] = kind.scale
    return told


_HEADS: Mapping[str, str] = {
    "DATABASES": "DATABASE_NAME DATABASE_OWNER IS_TRANSIENT COMMENT CREATED LAST_ALTERED RETENTION_TIME TYPE",
    "SCHEMATA": "CATALOG_NAME SCHEMA_NAME SCHEMA_OWNER IS_TRANSIENT IS_MANAGED_ACCESS RETENTION_TIME CREATED "
    "LAST_ALTERED COMMENT",
    "TABLES": "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_OWNER TABLE_TYPE IS_TRANSIENT ROW_COUNT BYTES "
    "RETENTION_TIME CREATED LAST_ALTERED COMMENT CLUSTERING_KEY AUTO_CLUSTERING_ON",
    "VIEWS": "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_OWNER VIEW_DEFINITION IS_SECURE CREATED LAST_ALTERED COMMENT",
    "COLUMNS": "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME ORDINAL_POSITION COLUMN_DEFAULT IS_NULLABLE "
    "DATA_TYPE CHARACTER_MAXIMUM_LENGTH CHARACTER_OCTET_LENGTH NUMERIC_PRECISION NUMERIC_PRECISION_RADIX "
    "NUMERIC_SCALE DATETIME_PRECISION IS_IDENTITY IDENTITY_START IDENTITY_INCREMENT COMMENT",
}
_ROWS = {"DATABASES": _databases, "SCHEMATA": _schemata, "TABLES": _tables, "VIEWS": _views, "COLUMNS": _columns}

VIEWS = {name: partial(_view, heads.split(), _ROWS[name]) for name, heads in _HEADS.items()}
