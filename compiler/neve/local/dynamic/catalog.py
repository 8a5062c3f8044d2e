"""The dynamic tables there are, and their refreshes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from neve.local.sqltext import QualifiedName
from neve.local.store import Store

if TYPE_CHECKING:
    from neve.local.session import Session

SCHEMA = """
CREATE TABLE IF NOT EXISTS dynamic_table (
  database TEXT, schema TEXT, name TEXT, query TEXT, text TEXT, target_lag TEXT, warehouse TEXT, refresh_mode TEXT,
  owner TEXT, comment TEXT, created_on TEXT, upstream TEXT, suspended TEXT, suspended_on TEXT, refreshed_on TEXT,
  tried_on TEXT, failures INTEGER, PRIMARY KEY (database, schema, name)
);
CREATE TABLE IF NOT EXISTS dynamic_refresh (
  id INTEGER PRIMARY KEY, database TEXT, schema TEXT, name TEXT, state TEXT, code TEXT, message TEXT,
  data_timestamp TEXT, started_on TEXT, ended_on TEXT, cause TEXT, lag_seconds INTEGER, warehouse TEXT
);
"""

DOWNSTREAM = "DOWNSTREAM"
BY_HAND, BY_UPSTREAM, BY_ERRORS = "USER_SUSPENDED", "UPSTREAM_SUSPENDED", "SUSPENDED_DUE_TO_ERRORS"
SCHEDULED = "SCHEDULED"
"""The cause of a refresh that its target lag asked for; others are CREATION and MANUAL."""
MOST_FAILURES = 5
"""So many refreshes in a row that fail suspend a dynamic table."""

_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


@dataclass(frozen=True, slots=True)
class DynamicTable:
    """`upstream` are the full names of those that its query reads, with newlines between. Times are ISO text, in UTC;
    `tried_on` is the time of the last refresh, whatever came of it. `suspended` says why, empty while it is active.
    """

    database: str
    schema: str
    name: str
    query: str
    text: str
    target_lag: str
    warehouse: str
    refresh_mode: str
    owner: str
    comment: str
    created_on: str
    upstream: str
    suspended: str = ""
    suspended_on: str = ""
    refreshed_on: str = ""
    tried_on: str = ""
    failures: int = 0

    @property
    def full(self) -> QualifiedName:
        return QualifiedName(self.database, self.schema, self.name)

    @property
    def lag(self) -> timedelta | None:
        """None for DOWNSTREAM."""
        return None if self.target_lag == DOWNSTREAM else lag_of(self.target_lag)


@dataclass(frozen=True, slots=True)
class Refresh:
    """`id` is 0 until it is stored."""

    id: int
    database: str
    schema: str
    name: str
    state: str
    code: str | None
    message: str | None
    data_timestamp: str
    started_on: str
    ended_on: str
    cause: str
    lag_seconds: int | None
    warehouse: str


def lag_of(text: str) -> timedelta | None:
    """`1 minute`, `2 hours` as a span; None for what is none."""
    count, _, unit = text.strip().partition(" ")
    seconds = _UNITS.get(unit.strip().lower().removesuffix("s"))
    return timedelta(seconds=int(count) * seconds) if seconds and count.isdecimal() else None


class Tables:
    """By name, in memory and in the store. False while there are none."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.transaction() as db:
            found = [DynamicTable(*row) for row in db.execute("SELECT * FROM dynamic_table")]
        self._tables = {table.full: table for table in found}

    def __bool__(self) -> bool:
        return bool(self._tables)

    def __iter__(self) -> Iterator[DynamicTable]:
        return iter(list(self._tables.values()))

    def get(self, name: QualifiedName) -> DynamicTable | None:
        return self._tables.get(name)

    def save(self, *tables: DynamicTable) -> None:
        marks = ", ".join("?" * len(fields(DynamicTable)))
        with self._store.transaction() as db:
            db.executemany(f"INSERT OR REPLACE INTO dynamic_table VALUES ({marks})", map(astuple, tables))
        self._tables.update({table.full: table for table in tables})

    def drop(self, table: DynamicTable) -> None:
        with self._store.transaction() as db:
            db.execute("DELETE FROM dynamic_table WHERE (database, schema, name) = (?, ?, ?)", table.full)
        self._tables.pop(table.full, None)

    def upstream(self, table: DynamicTable) -> list[DynamicTable]:
        """The dynamic tables that a table directly or indirectly reads, those first that others read."""
        found: dict[QualifiedName, DynamicTable] = {}
        for above in self._above(table):
            found |= {each.full: each for each in (*self.upstream(above), above)}
        return list(found.values())

    def downstream(self, table: DynamicTable) -> list[DynamicTable]:
        """Those that directly or indirectly read it."""
        return [other for other in self if table.full in {each.full for each in self.upstream(other)}]

    def _above(self, table: DynamicTable) -> Sequence[DynamicTable]:
        names = set(table.upstream.splitlines())
        return [other for other in self if str(other.full) in names and other.full != table.full]

    def record(self, refresh: Refresh) -> None:
        marks = ", ".join("?" * len(fields(Refresh)))
        with self._store.transaction() as db:
            db.execute(f"INSERT INTO dynamic_refresh VALUES ({marks})", (None, *astuple(refresh)[1:]))

    def refreshes(self, since: int = 0) -> list[Refresh]:
        """Those with a higher id than `since`, in order."""
        with self._store.transaction() as db:
            rows = db.execute("SELECT * FROM dynamic_refresh WHERE id > ? ORDER BY id", (since,)).fetchall()
        return [Refresh(*row) for row in rows]


def suspended(table: DynamicTable, why: str, now: str) -> DynamicTable:
    return replace(table, suspended=why, suspended_on=now)


def of(session: "Session") -> Tables:
    """The dynamic tables of the session's engine."""
    services: Mapping[str, Any] = session.engine.services
    tables: Tables = services["dynamic"].tables
    return tables
