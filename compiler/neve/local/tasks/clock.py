"""The time of the engine: everything that asks "now" asks here, so that it can run ahead of the machine's."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from neve.local.store import Store

SCHEMA = "CREATE TABLE IF NOT EXISTS clock (only INTEGER PRIMARY KEY CHECK (only = 1), ahead INTEGER);"

MILLISECOND = timedelta(milliseconds=1)


class Clock:
    """How far it is ahead is kept in the store, survives a restart, and is told to `tell`: at once, and when it
    changes.
    """

    def __init__(self, store: Store, tell: Callable[[timedelta], None]) -> None:
        self._store, self._tell = store, tell
        with store.transaction() as db:
            row = db.execute("SELECT ahead FROM clock").fetchone()
        self._ahead = timedelta() if row is None else row["ahead"] * MILLISECOND
        tell(self._ahead)

    @property
    def ahead(self) -> timedelta:
        """What it is ahead of the machine's clock; nothing in real time."""
        return self._ahead

    def now(self) -> datetime:
        """The present instant in UTC, to the millisecond, as Snowflake keeps scheduled times."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000) + self._ahead

    def move_to(self, instant: datetime) -> None:
        """It is `instant` now; an instant that is past leaves the clock as it is."""
        if (missing := instant - self.now()) > timedelta():
            self._set(self._ahead + missing)

    def reset(self) -> None:
        """Real time again."""
        self._set(timedelta())

    def _set(self, ahead: timedelta) -> None:
        with self._store.transaction() as db:
            db.execute("INSERT OR REPLACE INTO clock VALUES (1, ?)", (ahead // MILLISECOND,))
        self._ahead = ahead // MILLISECOND * MILLISECOND
        self._tell(self._ahead)
