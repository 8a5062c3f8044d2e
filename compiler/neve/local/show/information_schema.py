"""The views of INFORMATION_SCHEMA: what a database holds, read from DuckDB's own catalog."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from neve.local.dynamic.catalog import of as dynamic_tables
from neve.local.result import Column, Result, from_rows
from neve.local.schemas import columns as columns_of
from neve.local.schemas import facts
from neve.local.show.tables import count_rows
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
         "DATETIME_PRECISION", "INTERVAL_PRECISION", "IDENTITY_START", "IDENTITY_INCREMENT", "MAXIMUM_CARDINALITY",
         "SKIP_HEADER"),
        NUMBER,
    ),
}  # fmt: skip


def view(
    heads: Sequence[str], rows: "Callable[[Session, str], Iterator[dict[str, Any]]]", session: "Session", database: str
) -> Result:
    columns = [Column(head, _TYPES.get(head, TEXT)) for head in heads]
    found = [tuple(row.get(head) for head in heads) for row in rows(session, database)]
    return from_rows(columns, found)


def created(told: Mapping[str, Any]) -> datetime | None:
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
            "CREATED": created(told),
            "LAST_ALTERED": created(told),
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
            "SCHEMA_OWNER": "" if name == "INFORMATION_SCHEMA" else session.role,
            "IS_TRANSIENT": "YES" if told.get("transient") else "NO",
            "IS_MANAGED_ACCESS": "NO",
            "RETENTION_TIME": 1,
            "COMMENT": told.get("comment"),
            "CREATED": created(told),
            "LAST_ALTERED": created(told),
        }


_STORED = """
SELECT schema_name, table_name, comment, NULL FROM duckdb_tables()
WHERE database_name = ? AND NOT internal AND schema_name <> 'main'
UNION ALL SELECT schema_name, view_name, comment, sql FROM duckdb_views()
WHERE database_name = ? AND NOT internal AND schema_name <> 'main' ORDER BY 1, 2
"""


def _tables(session: "Session", database: str) -> Iterator[dict[str, Any]]:
    for schema, name, comment, text in session.fetch(_STORED, [database, database]):
        told = facts(comment)
        full = QualifiedName(database, schema, name)
        yield {
            "TABLE_CATALOG": database,
            "TABLE_SCHEMA": schema,
            "TABLE_NAME": name,
            "TABLE_OWNER": session.role,
            "CREATED": created(told),
            "LAST_ALTERED": created(told),
            "LAST_DDL": created(told),
            "LAST_DDL_BY": session.user,
            "COMMENT": told.get("comment"),
            **dict.fromkeys(("IS_TEMPORARY", "IS_ICEBERG", "IS_IMMUTABLE", "IS_HYBRID"), "NO"),
            "IS_DYNAMIC": "YES" if dynamic_tables(session).get(full) else "NO",
            **(_of_table(session, full, told) if text is None else _of_view(told, text)),
        }


def _of_table(session: "Session", name: QualifiedName, told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "TABLE_TYPE": "BASE TABLE",
        "IS_TRANSIENT": "YES" if told.get("kind") == "TRANSIENT" else "NO",
        "ROW_COUNT": count_rows(session, name),
        "BYTES": 0,
        "RETENTION_TIME": int(told.get("retention_time", 1)),
        "IS_INSERTABLE_INTO": "YES",
        "IS_TYPED": "YES",
        "CLUSTERING_KEY": told.get("cluster_by"),
        "AUTO_CLUSTERING_ON": "YES" if told.get("cluster_by") else "NO",
    }


def _of_view(told: Mapping[str, Any], text: str) -> dict[str, Any]:
    return {
        "TABLE_TYPE": "VIEW",
        "VIEW_DEFINITION": told.get("text") or text,
        "CHECK_OPTION": "NONE",
        **dict.fromkeys(("IS_UPDATABLE", "INSERTABLE_INTO", "IS_INSERTABLE_INTO"), "NO"),
        "IS_SECURE": "YES" if told.get("secure") else "NO",
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
                "IDENTITY_GENERATION": None if start is None else "BY DEFAULT",
                "IDENTITY_ORDERED": None if start is None else "NO",
                "IDENTITY_CYCLE": None if start is None else "NO",
                "IS_SELF_REFERENCING": "NO",
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
    "SCHEMATA": "CATALOG_NAME SCHEMA_NAME SCHEMA_OWNER IS_TRANSIENT IS_MANAGED_ACCESS RETENTION_TIME "
    "DEFAULT_CHARACTER_SET_CATALOG DEFAULT_CHARACTER_SET_SCHEMA DEFAULT_CHARACTER_SET_NAME SQL_PATH CREATED "
    "LAST_ALTERED COMMENT",
    "TABLES": "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_OWNER TABLE_TYPE IS_TRANSIENT CLUSTERING_KEY ROW_COUNT "
    "BYTES RETENTION_TIME SELF_REFERENCING_COLUMN_NAME REFERENCE_GENERATION USER_DEFINED_TYPE_CATALOG "
    "USER_DEFINED_TYPE_SCHEMA USER_DEFINED_TYPE_NAME IS_INSERTABLE_INTO IS_TYPED COMMIT_ACTION CREATED LAST_ALTERED "
    "LAST_DDL LAST_DDL_BY AUTO_CLUSTERING_ON COMMENT IS_TEMPORARY IS_ICEBERG IS_DYNAMIC IS_IMMUTABLE IS_HYBRID",
    "VIEWS": "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_OWNER VIEW_DEFINITION CHECK_OPTION IS_UPDATABLE "
    "INSERTABLE_INTO IS_SECURE CREATED LAST_ALTERED LAST_DDL LAST_DDL_BY COMMENT",
    "COLUMNS": "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME ORDINAL_POSITION COLUMN_DEFAULT IS_NULLABLE "
    "DATA_TYPE CHARACTER_MAXIMUM_LENGTH CHARACTER_OCTET_LENGTH NUMERIC_PRECISION NUMERIC_PRECISION_RADIX "
    "NUMERIC_SCALE DATETIME_PRECISION INTERVAL_TYPE INTERVAL_PRECISION CHARACTER_SET_CATALOG CHARACTER_SET_SCHEMA "
    "CHARACTER_SET_NAME COLLATION_CATALOG COLLATION_SCHEMA COLLATION_NAME DOMAIN_CATALOG DOMAIN_SCHEMA DOMAIN_NAME "
    "UDT_CATALOG UDT_SCHEMA UDT_NAME SCOPE_CATALOG SCOPE_SCHEMA SCOPE_NAME MAXIMUM_CARDINALITY DTD_IDENTIFIER "
    "IS_SELF_REFERENCING IS_IDENTITY IDENTITY_GENERATION IDENTITY_START IDENTITY_INCREMENT IDENTITY_MAXIMUM "
    "IDENTITY_MINIMUM IDENTITY_CYCLE IDENTITY_ORDERED SCHEMA_EVOLUTION_RECORD COMMENT",
}
_ROWS = {"DATABASES": _databases, "SCHEMATA": _schemata, "TABLES": _tables, "VIEWS": _views, "COLUMNS": _columns}

VIEWS = {name: partial(view, heads.split(), _ROWS[name]) for name, heads in _HEADS.items()}
