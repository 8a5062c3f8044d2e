"""What sessions ran, for QUERY_HISTORY and its like: the newest statements, while the engine runs."""

import sys
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from neve.local.errors import SqlError
from neve.local.hidden import masked
from neve.local.result import Column, Result, from_rows
from neve.local.sqltext import Statement, parse_name, plain_text
from neve.local.tasks.arguments import Arguments, instant, named, result_limit
from neve.local.types import BOOLEAN, FLOAT, NUMBER, TEXT, TIMESTAMP_LTZ, SqlType

if TYPE_CHECKING:
    from neve.local.session import Session

_KEPT, _KEPT_BYTES = 10_000, 50_000_000
_LIMIT = 100
_LONGEST = 100_000
"""Longer texts are cut, as on Snowflake."""


@dataclass(frozen=True, slots=True)
class Query:
    """One statement of a session; what came of it is known when it has `ended`."""

    id: str
    text: str
    database: str | None
    schema: str | None
    session: int
    user: str
    role: str
    warehouse: str | None
    tag: str
    started: datetime
    ended: datetime | None = None
    error: tuple[int, str] | None = None  # its code and message; with the error all that it came from would be kept
    rows: int = 0

    @property
    def size(self) -> int:
        return sys.getsizeof(self.text) + (sys.getsizeof(self.error[1]) if self.error else 0)

    @property
    def status(self) -> str:
        if self.ended is None:
            return "RUNNING"
        return "FAILED_WITH_ERROR" if self.error else "SUCCESS"


class Queries:
    """Those of all sessions."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Query] = OrderedDict()
        self._bytes = 0

    def start(self, session: "Session", query_id: str, text: str) -> None:
        query = Query(
            query_id, masked(text[:_LONGEST]), session.database, session.schema, session.id, session.user,
            session.role, session.warehouse, session.parameter("QUERY_TAG"), session.engine.clock.now(),
        )  # fmt: skip
        with self._lock:
            self._keep(query)

    def end(self, query_id: str, ended: datetime, *, rows: int = 0, error: SqlError | None = None) -> None:
        told = (error.code, error.message[:_LONGEST]) if error else None
        with self._lock:
            if query_id in self._kept:
                self._keep(replace(self._kept[query_id], ended=ended, rows=rows, error=told))

    def _keep(self, query: Query) -> None:
        """The oldest go when they are too many or too long."""
        before = self._kept.get(query.id)
        self._kept[query.id] = query
        self._bytes += query.size - (before.size if before else 0)
        while len(self._kept) > _KEPT or (self._bytes > _KEPT_BYTES and len(self._kept) > 1):
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.size

    def newest(self) -> Iterator[Query]:
        with self._lock:
            return iter(list(reversed(self._kept.values())))


_COLUMNS = (
    "QUERY_ID", "QUERY_TEXT", "DATABASE_NAME", "SCHEMA_NAME", "QUERY_TYPE", "SESSION_ID", "USER_NAME", "ROLE_NAME",
    "WAREHOUSE_NAME", "WAREHOUSE_SIZE", "WAREHOUSE_TYPE", "CLUSTER_NUMBER", "QUERY_TAG", "EXECUTION_STATUS",
    "ERROR_CODE", "ERROR_MESSAGE", "START_TIME", "END_TIME", "TOTAL_ELAPSED_TIME", "BYTES_SCANNED", "ROWS_PRODUCED",
    "COMPILATION_TIME", "EXECUTION_TIME", "QUEUED_PROVISIONING_TIME", "QUEUED_REPAIR_TIME", "QUEUED_OVERLOAD_TIME",
    "TRANSACTION_BLOCKED_TIME", "OUTBOUND_DATA_TRANSFER_CLOUD", "OUTBOUND_DATA_TRANSFER_REGION",
    "OUTBOUND_DATA_TRANSFER_BYTES", "INBOUND_DATA_TRANSFER_CLOUD", "INBOUND_DATA_TRANSFER_REGION",
    "INBOUND_DATA_TRANSFER_BYTES", "CREDITS_USED_CLOUD_SERVICES", "LIST_EXTERNAL_FILE_TIME", "RELEASE_VERSION",
    "EXTERNAL_FUNCTION_TOTAL_INVOCATIONS", "EXTERNAL_FUNCTION_TOTAL_SENT_ROWS",
    "EXTERNAL_FUNCTION_TOTAL_RECEIVED_ROWS", "EXTERNAL_FUNCTION_TOTAL_SENT_BYTES",
    "EXTERNAL_FUNCTION_TOTAL_RECEIVED_BYTES", "IS_CLIENT_GENERATED_STATEMENT", "QUERY_HASH", "QUERY_HASH_VERSION",
    "QUERY_PARAMETERIZED_HASH", "QUERY_PARAMETERIZED_HASH_VERSION",
)  # fmt: skip
_ZERO = frozenset(
    name
    for name in _COLUMNS
    if name.endswith(("_BYTES", "_ROWS", "_INVOCATIONS")) or (name.startswith("QUEUED") or "BLOCKED" in name)
) | {"BYTES_SCANNED", "LIST_EXTERNAL_FILE_TIME", "COMPILATION_TIME"}
_TYPES: Mapping[str, SqlType] = {
    **dict.fromkeys(_ZERO, NUMBER),
    **dict.fromkeys(("SESSION_ID", "CLUSTER_NUMBER", "TOTAL_ELAPSED_TIME", "ROWS_PRODUCED", "EXECUTION_TIME"), NUMBER),
    **dict.fromkeys(("QUERY_HASH_VERSION", "QUERY_PARAMETERIZED_HASH_VERSION"), NUMBER),
    **dict.fromkeys(("START_TIME", "END_TIME"), TIMESTAMP_LTZ),
    "CREDITS_USED_CLOUD_SERVICES": FLOAT,
    "IS_CLIENT_GENERATED_STATEMENT": BOOLEAN,
}


_BY = {
    "QUERY_HISTORY": "",
    "QUERY_HISTORY_BY_SESSION": "SESSION_ID",
    "QUERY_HISTORY_BY_USER": "USER_NAME",
    "QUERY_HISTORY_BY_WAREHOUSE": "WAREHOUSE_NAME",
}
_START, _END = "END_TIME_RANGE_START", "END_TIME_RANGE_END"
_ARGUMENTS = (_START, _END, "RESULT_LIMIT", "INCLUDE_CLIENT_GENERATED_STATEMENT")


def history(function: str, session: "Session", arguments: Arguments) -> Result:
    """QUERY_HISTORY and QUERY_HISTORY_BY_SESSION, _USER, _WAREHOUSE: the newest first, also the one that asks."""
    by = _BY[function]
    arguments = named(function, arguments, [name for name in (by, *_ARGUMENTS) if name])
    wanted = _wanted(by, session, arguments)
    first, last = instant(arguments, _START, None), instant(arguments, _END, None)
    limit = result_limit(arguments, _LIMIT)
    found = [
        query
        for query in session.engine.queries.newest()
        if wanted in {None, _key(by, query)} and _within(query, first, last)
    ]
    rows = [_row(query) for query in found[:limit]]
    heads = [Column(name, _TYPES.get(name, TEXT)) for name in _COLUMNS]
    return from_rows(heads, [tuple(row.get(name) for name in _COLUMNS) for row in rows])


def _wanted(by: str, session: "Session", arguments: Arguments) -> str | None:
    """What is asked for; the session's own when nothing is said."""
    own = {"": None, "SESSION_ID": session.id, "USER_NAME": session.user, "WAREHOUSE_NAME": session.warehouse}[by]
    told = arguments.get(by)
    if told is None:
        return None if own is None else str(own)
    return str(told) if by == "SESSION_ID" else parse_name(str(told))[-1]


def _key(by: str, query: Query) -> str | None:
    return {"SESSION_ID": str(query.session), "USER_NAME": query.user, "WAREHOUSE_NAME": query.warehouse}.get(by)


def _within(query: Query, first: datetime | None, last: datetime | None) -> bool:
    """By when it ended; one that runs has not, and is left out when an end is asked for."""
    if query.ended is None:
        return last is None
    return (first is None or query.ended >= first) and (last is None or query.ended <= last)


def _row(query: Query) -> dict[str, Any]:
    elapsed = int((query.ended - query.started).total_seconds() * 1000) if query.ended else 0
    return {
        **dict.fromkeys(_ZERO, 0),
        "QUERY_ID": query.id,
        "QUERY_TEXT": query.text,
        "DATABASE_NAME": query.database,
        "SCHEMA_NAME": query.schema,
        "QUERY_TYPE": kind_of(query.text),
        "SESSION_ID": query.session,
        "USER_NAME": query.user,
        "ROLE_NAME": query.role,
        "WAREHOUSE_NAME": query.warehouse,
        "QUERY_TAG": query.tag,
        "EXECUTION_STATUS": query.status,
        "ERROR_CODE": f"{query.error[0]:06d}" if query.error else None,
        "ERROR_MESSAGE": query.error[1] if query.error else None,
        "START_TIME": query.started,
        "END_TIME": query.ended,
        "TOTAL_ELAPSED_TIME": elapsed,
        "EXECUTION_TIME": elapsed,
        "ROWS_PRODUCED": query.rows,
        "CREDITS_USED_CLOUD_SERVICES": 0.0,
        "IS_CLIENT_GENERATED_STATEMENT": False,
    }


_KINDS = {
    "WITH": "SELECT", "VALUES": "SELECT", "DESC": "DESCRIBE", "BEGIN": "BEGIN_TRANSACTION",
    "START": "BEGIN_TRANSACTION", "TRUNCATE": "TRUNCATE_TABLE", "LIST": "LIST_FILES", "LS": "LIST_FILES",
    "REMOVE": "REMOVE_FILES", "RM": "REMOVE_FILES", "PUT": "PUT_FILES", "GET": "GET_FILES",
}  # fmt: skip
_CREATED = frozenset({"TABLE", "VIEW", "SEQUENCE", "TASK", "STREAM", "ROLE", "USER"})


def kind_of(text: str) -> str:
    """QUERY_TYPE: the verb, for some with what it is about."""
    try:
        statement = Statement.of(text)
    except SqlError:
        return "UNKNOWN"
    verb, *others = (*statement.words[:2], "")
    if verb == "CREATE" and others[0] in _CREATED:
        made_of = {plain_text(token).upper() for token in statement.tokens} & {"SELECT"}
        return "CREATE_TABLE_AS_SELECT" if others[0] == "TABLE" and made_of else f"CREATE_{others[0]}"
    if verb == "COPY":
        return "UNLOAD" if len(statement.tokens) > 2 and statement.tokens[2].text.startswith("@") else "COPY"
    if (verb, others[0]) in {("ALTER", "SESSION"), ("EXECUTE", "TASK")}:
        return f"{verb}_{others[0]}"
    return _KINDS.get(verb, verb or "UNKNOWN")


TABLE_FUNCTIONS: Mapping[str, Any] = {function: partial(history, function) for function in _BY}
