"""SHOW and DESCRIBE of dynamic tables, DYNAMIC_TABLE_REFRESH_HISTORY."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from neve.local.dynamic.catalog import DynamicTable, Refresh, of
from neve.local.result import Column, Result, from_rows
from neve.local.show.columns import describe
from neve.local.show.request import answer, read
from neve.local.sqltext import Statement
from neve.local.tables.names import quoted
from neve.local.tasks.arguments import check_names, flag, result_limit, text
from neve.local.types import NUMBER, TEXT, TIMESTAMP_LTZ

if TYPE_CHECKING:
    from neve.local.session import Session

_COLUMNS = ("created_on", "name", "database_name", "schema_name", "cluster_by", "rows", "bytes", "owner", "target_lag",
            "refresh_mode", "refresh_mode_reason", "warehouse", "comment", "text", "automatic_clustering",
            "scheduling_state", "last_suspended_on", "is_clone", "is_replica", "is_iceberg", "data_timestamp",
            "owner_role_type")  # fmt: skip
_HISTORY = ("NAME", "SCHEMA_NAME", "DATABASE_NAME", "STATE", "STATE_CODE", "STATE_MESSAGE", "QUERY_ID",
            "DATA_TIMESTAMP", "REFRESH_START_TIME", "REFRESH_END_TIME", "COMPLETION_TARGET", "QUALIFIED_NAME",
            "LAST_COMPLETED_DEPENDENCY", "STATISTICS", "REFRESH_ACTION", "REFRESH_TRIGGER", "TARGET_LAG_SEC",
            "GRAPH_HISTORY_VALID_FROM", "WAREHOUSE")  # fmt: skip
_ARGUMENTS = ("NAME", "NAME_PREFIX", "ERROR_ONLY", "RESULT_LIMIT")
_TIMES = frozenset({"DATA_TIMESTAMP", "REFRESH_START_TIME", "REFRESH_END_TIME", "COMPLETION_TARGET"})


def show(session: "Session", statement: Statement) -> Result:
    """SHOW DYNAMIC TABLES [LIKE] [IN] [STARTS WITH] [LIMIT]: by database, schema and name."""
    request = read(session, statement, "DYNAMIC", "TABLES")
    found = [
        table
        for table in sorted(of(session), key=lambda table: table.full)
        if request.scope.holds(table.database, table.schema)
    ]
    return answer(request, _COLUMNS, [_row(session, table) for table in found])


def _row(session: "Session", table: DynamicTable) -> dict[str, Any]:
    ((rows,),) = session.fetch(f"SELECT count(*) FROM {'.'.join(map(quoted, table.full))}")
    return {
        "created_on": _time(table.created_on),
        "name": table.name,
        "database_name": table.database,
        "schema_name": table.schema,
        "cluster_by": "",
        "rows": rows,
        "owner": table.owner,
        "target_lag": table.target_lag,
        "refresh_mode": table.refresh_mode,
        "warehouse": table.warehouse,
        "comment": table.comment,
        "text": table.text,
        "automatic_clustering": "OFF",
        "scheduling_state": "SUSPENDED" if table.suspended else "ACTIVE",
        "last_suspended_on": _time(table.suspended_on),
        "is_clone": "false",
        "is_replica": "false",
        "is_iceberg": "false",
        "data_timestamp": _time(table.refreshed_on),
        "owner_role_type": "ROLE",
    }


def refresh_history(session: "Session", arguments: Mapping[str, object]) -> Result:
    """INFORMATION_SCHEMA.DYNAMIC_TABLE_REFRESH_HISTORY: refreshes, the newest first."""
    check_names("DYNAMIC_TABLE_REFRESH_HISTORY", arguments, _ARGUMENTS)
    name = (text(arguments, "NAME") or "").upper()
    prefix = (text(arguments, "NAME_PREFIX") or "").upper()
    found = [
        _history_row(refresh)
        for refresh in reversed(of(session).refreshes())
        if f".{_full(refresh)}".upper().endswith(f".{name}" if name else "")
        and _full(refresh).upper().startswith(prefix)
        and not (flag(arguments, "ERROR_ONLY") and refresh.state == "SUCCEEDED")
    ]
    heads = [Column(head, _type(head)) for head in _HISTORY]
    rows = [tuple(row.get(head) for head in _HISTORY) for row in found[: result_limit(arguments, 100)]]
    return from_rows(heads, rows)


def _type(head: str) -> Any:
    return TIMESTAMP_LTZ if head in _TIMES else NUMBER if head == "TARGET_LAG_SEC" else TEXT


def _full(refresh: Refresh) -> str:
    return f"{refresh.database}.{refresh.schema}.{refresh.name}"


def _history_row(refresh: Refresh) -> dict[str, Any]:
    return {
        "NAME": refresh.name,
        "SCHEMA_NAME": refresh.schema,
        "DATABASE_NAME": refresh.database,
        "STATE": refresh.state,
        "STATE_CODE": refresh.code or "SUCCESS",
        "STATE_MESSAGE": refresh.message,
        "DATA_TIMESTAMP": _time(refresh.data_timestamp),
        "REFRESH_START_TIME": _time(refresh.started_on),
        "REFRESH_END_TIME": _time(refresh.ended_on),
        "QUALIFIED_NAME": _full(refresh),
        "REFRESH_ACTION": "FULL",
        "REFRESH_TRIGGER": refresh.cause,
        "TARGET_LAG_SEC": refresh.lag_seconds,
        "WAREHOUSE": refresh.warehouse or None,
    }


def _time(text_: str) -> datetime | None:
    return datetime.fromisoformat(text_) if text_ else None


ROUTES = (
    (("SHOW", "DYNAMIC", "TABLES"), show),
    *(((verb, "DYNAMIC", "TABLE"), describe) for verb in ("DESCRIBE", "DESC")),
)
TABLE_FUNCTIONS = {"DYNAMIC_TABLE_REFRESH_HISTORY": refresh_history}
