"""Refreshes: a dynamic table's rows are made anew, upstream ones before; by hand or when a target lag has passed."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from neve.local.dynamic.catalog import BY_ERRORS, MOST_FAILURES, SCHEDULED, DynamicTable, Refresh, Tables, suspended
from neve.local.errors import SqlError, internal_error
from neve.local.tasks.scheduler import LONGEST_SLEEP

if TYPE_CHECKING:
    from neve.local.engine import Engine
    from neve.local.session import Session

SUCCEEDED, FAILED = "SUCCEEDED", "FAILED"


class Refresher:
    """An alarm of the scheduler's: what is due is refreshed on a thread, one thing after the other."""

    def __init__(self, engine: "Engine") -> None:
        self.tables = Tables(engine.store)
        self._engine = engine
        self._at_work = threading.RLock()
        self._thread: threading.Thread | None = None
        self._session: Session | None = None
        self._closed = False

    def close(self) -> None:
        """Stops what is refreshed; its table stays as it was."""
        self._closed = True
        if self._session is not None:
            self._session.cancel()
        if self._thread is not None:
            self._thread.join()

    # An alarm

    def watches(self) -> timedelta:
        return LONGEST_SLEEP

    def next_due(self) -> datetime | None:
        """None while it is at work: it wakes the scheduler afterwards."""
        return None if self.is_busy() else min(filter(None, map(_due, self.tables)), default=None)

    def ring(self) -> None:
        now = self._engine.clock.now()
        due = [table for table in self.tables if (at := _due(table)) is not None and at <= now]
        if due and not self.is_busy() and not self._closed:
            self._thread = threading.Thread(target=self._work, args=(due,), name="dynamic tables", daemon=True)
            self._thread.start()

    def reset(self) -> None:
        now = self._engine.clock.now().isoformat()
        self.tables.save(*(replace(table, tried_on=now) for table in self.tables if table.tried_on > now))

    def is_busy(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _work(self, due: Sequence[DynamicTable]) -> None:
        try:
            for table in due:
                self.refresh(table, SCHEDULED, self._engine.clock.now())
        finally:
            self._thread = None
            self._engine.services["tasks"].scheduler.wake()

    # A refresh

    def refresh(self, table: DynamicTable, cause: str, instant: datetime) -> SqlError | None:
        """Refreshes what the table reads, then the table; each once an instant. Gives what went wrong."""
        with self._at_work:
            for each in (*self.tables.upstream(table), table):
                current = self.tables.get(each.full)
                is_new = current is not None and current.refreshed_on < instant.isoformat()
                if is_new and current is not None and (error := self._one(current, cause, instant)):
                    return error
        return None

    def _one(self, table: DynamicTable, cause: str, instant: datetime) -> SqlError | None:
        clock, started = self._engine.clock, self._engine.clock.now()
        error = self._fill(table)
        tried = replace(table, tried_on=instant.isoformat(), failures=table.failures + 1 if error else 0)
        if error is None:
            tried = replace(tried, refreshed_on=instant.isoformat())
        elif tried.failures >= MOST_FAILURES and not tried.suspended:
            tried = suspended(tried, BY_ERRORS, clock.now().isoformat())
        if self.tables.get(table.full) is not None and not self._closed:
            self.tables.save(tried)
        lag = table.lag
        self.tables.record(
            Refresh(
                id=0,
                database=table.database,
                schema=table.schema,
                name=table.name,
                state=FAILED if error else SUCCEEDED,
                code=f"{error.code:06d}" if error else None,
                message=error.message if error else None,
                data_timestamp=instant.isoformat(),
                started_on=started.isoformat(),
                ended_on=clock.now().isoformat(),
                cause=cause,
                lag_seconds=round(lag.total_seconds()) if lag else None,
                warehouse=table.warehouse,
            )
        )
        return error

    def _fill(self, table: DynamicTable) -> SqlError | None:
        self._session = session = self._engine.open_session(table.database, table.schema, table.owner)
        try:
            overwrite(session, table)
        except SqlError as error:
            return error
        except Exception as error:  # noqa: BLE001 - a fault of ours is a failed refresh
            return internal_error(error)
        finally:
            self._session = None
            session.close()
        return None


def overwrite(session: "Session", table: DynamicTable) -> None:
    """Puts the rows of its query into the table, in place of those it has. Raises SqlError."""
    from sqlglot import exp

    from neve.local.tables.dml import insert_rows
    from neve.local.tables.names import Place
    from neve.local.tables.room import with_room
    from neve.local.transactions import patiently
    from neve.local.translate.parse import parse

    def fill() -> int:
        tree = parse(f"INSERT OVERWRITE INTO {table.full} {table.query}")
        assert isinstance(tree, exp.Insert)  # noqa: S101 - of what we wrote
        return insert_rows(session, tree)

    def run() -> None:
        with session.lock, session.registrations():
            with_room(session, fill, lambda: [Place(table.full, table.full, "TABLE")])

    patiently(run)


def _due(table: DynamicTable) -> datetime | None:
    """When its target lag has passed; None for one that waits for what is downstream, or is suspended."""
    lag = table.lag
    if lag is None or table.suspended:
        return None
    return datetime.fromisoformat(table.tried_on or table.created_on) + lag
