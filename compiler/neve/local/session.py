"""A session: context, variables, parameters, one DuckDB cursor, a lock."""

import logging
import secrets
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from neve.local import dispatch
from neve.local.errors import SqlError, cancelled, compilation_error, internal_error, invalid_value
from neve.local.parameters import PARAMETERS, overridden
from neve.local.result import Result
from neve.local.sqltext import NONE, Binds
from neve.local.transactions import attempt, patiently

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from neve.local.engine import Engine

log = logging.getLogger("neve.local")

_REMEMBERED = 10_000
_DEEPEST = 20


@dataclass(eq=False)
class Session:
    """Made by `Engine.open_session`. `lock` serializes the use of the DuckDB cursor: handlers hold it for what must not
    be interleaved, and never while Python of a user runs. `task` is the run whose session this is (set by the task
    service). `temporary` has the DuckDB names of temporary tables.
    """

    engine: "Engine"
    database: str | None
    schema: str | None
    role: str
    warehouse: str | None
    user: str
    task: Any = None
    depth: int = 0  # how many procedures call each other
    in_procedure: bool = False  # inside one in SQL or with owner's rights: no functions with side effects
    owners_rights: bool = False  # inside a procedure that has them: its session is not changed
    variables: dict[str, object] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    id: int = field(default_factory=lambda: secrets.randbits(52))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    master_token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    queries: list[str] = field(default_factory=list)
    statement: str = ""
    cancelled: threading.Event = field(default_factory=threading.Event)
    cancellers: set[Callable[[], None]] = field(default_factory=set)
    temporary: dict[Any, str] = field(default_factory=dict)
    mark: str = ""  # what the last statement of a task's body marks as done, see marks.py
    changed: str = ""  # the database that the open transaction writes to
    wide: bool = False  # whole numbers are computed in 128 bits, because 64 did not do
    in_transaction: bool = False  # one that a client opened
    transaction: str = ""  # the id of that one
    transaction_name: str = ""
    transaction_on: datetime | None = None
    last_transaction: str = ""  # the id of the one that ended last
    is_undone: bool = False  # its journal is to be done again before the next statement
    many: bool = False  # one that a handler opened for several changes of its own
    journal: list[tuple[str, Sequence[object]]] = field(default_factory=list)
    _registered: list[str] = field(default_factory=list)
    _cursor: "duckdb.DuckDBPyConnection | None" = None

    @property
    def cursor(self) -> "duckdb.DuckDBPyConnection":
        """The DuckDB cursor; use it under `lock`."""
        with self.lock:
            if self._cursor is None:
                self._cursor = self.engine.duck.cursor()
                self._cursor.execute("SET TimeZone = ?", [self.parameter("TIMEZONE")])
            return self._cursor

    def parameter(self, name: str) -> str:
        """A parameter's value: the statement's own, the session's, or Snowflake's default."""
        own = overridden(name)
        return self.parameters.get(name, PARAMETERS.get(name, "")) if own is None else own

    def execute(self, sql: str, binds: Binds = NONE, query_id: str | None = None) -> Result:
        """Runs one statement; its result is kept under its query id. Raises SqlError only."""
        query_id = query_id or str(uuid.uuid4())
        self.statement = sql
        return self.remember(self._told(sql, binds, query_id), query_id)

    def remember(self, result: Result, query_id: str) -> Result:
        """Keeps a result as that of the session's latest statement."""
        result = replace(result, query_id=query_id)
        self.engine.keep(result)
        self.queries.append(query_id)
        del self.queries[:-_REMEMBERED]
        return result

    def _told(self, sql: str, binds: Binds, query_id: str) -> Result:
        """Runs one statement that QUERY_HISTORY tells of."""
        queries, clock = self.engine.queries, self.engine.clock
        queries.start(self, query_id, sql)
        try:
            result = self.run(sql, binds)
        except SqlError as error:
            queries.end(query_id, clock.now(), error=error)
            raise
        except Exception as error:
            log.exception("internal error in: %s", sql)
            internal = internal_error(error)
            queries.end(query_id, clock.now(), error=internal)
            raise internal from error
        queries.end(query_id, clock.now(), rows=result.rowcount)
        return result

    def evaluate(self, expression: str) -> object:
        """The value of an SQL expression; not counted as a statement of the session's."""
        return self.run(f"SELECT {expression}").rows[0][0]

    def run(self, sql: str, binds: Binds = NONE) -> Result:
        """As `execute`, but not counted as a statement of the session's, and faults of ours come as they are.

        Once the session was cancelled every statement is refused: a script does not go on behind the one that was hit.
        """
        if self.cancelled.is_set():
            raise cancelled()
        return patiently(lambda: dispatch.run(self, sql, binds))

    def fetch(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a statement in DuckDB's own SQL. Raises SqlError for what DuckDB refuses."""
        return attempt(self, sql, lambda cursor: cursor.execute(sql, parameters or None).fetchall(), parameters)

    def register(self, table: "pa.Table") -> str:
        """Makes an Arrow table readable as a DuckDB table of the returned name, within `registrations`."""
        with self.lock:
            name = f"_neve_rows_{len(self._registered)}"
            self.cursor.register(name, table)
            self._registered.append(name)
        return name

    @contextmanager
    def registrations(self) -> Iterator[None]:
        """What is registered inside is gone afterwards."""
        before = len(self._registered)
        try:
            yield
        finally:
            if not self.in_transaction:  # its journal may need the rows once more
                for name in self._registered[before:]:
                    self.cursor.unregister(name)
                del self._registered[before:]

    def cancel(self) -> None:
        """Stops what runs now: the DuckDB statement, and whatever registered in `cancellers`."""
        self.cancelled.set()
        if self._cursor is not None:
            self._cursor.interrupt()
        for canceller in tuple(self.cancellers):
            canceller()

    def close(self) -> None:
        """Rolls back an open transaction and drops temporary objects."""
        self.engine.forget_session(self)
        with self.lock:
            if self._cursor is not None:
                self._cursor.close()
                self._cursor = None
        for closed in dispatch.CLOSED_SESSION:
            closed(self.engine, self.id)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Runs a procedure inside. Raises SqlError when procedures call each other without end."""
        if self.depth == _DEEPEST:
            raise compilation_error(f"Procedures call each other more than {_DEEPEST} deep.")
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1

    def set_time_zone(self, zone: str) -> None:
        """Raises SqlError when there is no such zone."""
        try:
            self.fetch("SET TimeZone = ?", [zone])
        except SqlError as error:
            raise invalid_value("TIMEZONE", zone) from error
