"""How far a stream has come: the transactions whose changes it has given out.

The marks are written where the statement that took the changes writes, by the same transaction, for DuckDB writes to
one database at a time; so every database may have some, and a stream has seen what any of them says.
"""

from typing import TYPE_CHECKING

from neve.local.streams.catalog import Stream
from neve.local.streams.history import ALWAYS, SINCE, UNTIL, History
from neve.local.tables.names import quoted, text_literal

if TYPE_CHECKING:
    from datetime import datetime

    from neve.local.session import Session

INITIAL = "initial"
"""The mark of a stream whose SHOW_INITIAL_ROWS were taken."""

_MARKS = "_neve_marks"
NO_TRANSACTION = "-"


def current(session: "Session") -> str:
    """The transaction that a client has open: its own changes and marks do not count yet (repeatable read)."""
    return session.transaction if session.in_transaction else NO_TRANSACTION


def start(session: "Session", stream: Stream, history: History) -> None:
    """A new stream has seen all that there is."""
    marks, told_on = _table(session, history.table.database), _now(session)
    session.fetch(
        f"INSERT INTO {marks} SELECT {text_literal(stream.id)}, seen, '', 0, {told_on} FROM "
        f"({_transactions(history)} UNION SELECT {text_literal(ALWAYS)} AS seen)"
    )


def seen(session: "Session", stream: Stream, unless_by: str) -> str:
    """A query of what the stream has seen, but for the marks of one transaction."""
    where = f"WHERE stream = {text_literal(stream.id)} AND marked_by <> {text_literal(unless_by)}"
    return " UNION ".join(f"SELECT seen FROM {marks} {where}" for marks in tables(session))


def advance(session: "Session", stream: Stream, history: History, database: str, transaction: str) -> None:
    """Marks what `transaction`, which writes to `database`, has been given. Two that take the same changes at once
    meet in DuckDB's write conflict over the stream's own row.
    """
    marks, of = _table(session, database), text_literal(stream.id)
    given = _transactions(history) if not _shows_initial(session, stream) else f"SELECT '{INITIAL}' AS seen"
    known = seen(session, stream, NO_TRANSACTION)
    by = text_literal(transaction)
    session.fetch(
        f"INSERT INTO {marks} SELECT {of}, seen, {by}, 0, {_now(session)} FROM ({given}) "
        f"WHERE seen <> {by} AND seen NOT IN ({known})"
    )
    own_row = f"stream = {of} AND seen = {text_literal(ALWAYS)}"
    session.fetch(
        f"INSERT INTO {marks} SELECT {of}, {text_literal(ALWAYS)}, {by}, 0, {_now(session)} "
        f"WHERE NOT EXISTS (FROM {marks} WHERE {own_row})"
    )
    session.fetch(f"UPDATE {marks} SET turn = turn + 1, told_on = {_now(session)} WHERE {own_row}")


def _shows_initial(session: "Session", stream: Stream) -> bool:
    return shows_initial(session, stream, current(session))


def shows_initial(session: "Session", stream: Stream, unless_by: str) -> bool:
    """Whether the stream still has to give the rows that its table had when it was made."""
    if not stream.initial_rows:
        return False
    return (INITIAL,) not in session.fetch(seen(session, stream, unless_by))


def count(session: "Session", stream: Stream) -> str:
    """A query of how many marks there are."""
    return f"SELECT count(*) FROM ({seen(session, stream, NO_TRANSACTION)})"


def taken_on(session: "Session", stream: Stream) -> "datetime | None":
    """When the stream advanced for the last time, or was made; None when nothing is known of it any more."""
    of = text_literal(stream.id)
    rows = [
        row for marks in tables(session) for row in session.fetch(f"SELECT told_on FROM {marks} WHERE stream = {of}")
    ]
    return max((told_on for (told_on,) in rows), default=None)


def tables(session: "Session") -> list[str]:
    """The tables of marks, as DuckDB's text."""
    found = session.fetch("SELECT database_name FROM duckdb_tables() WHERE table_name = ? ORDER BY 1", [_MARKS])
    return [_name(database) for (database,) in found]


def _transactions(history: History) -> str:
    return (
        f"SELECT {SINCE} AS seen FROM {history.versions} "
        f"UNION SELECT {UNTIL} FROM {history.versions} WHERE {UNTIL} IS NOT NULL"
    )


def _table(session: "Session", database: str) -> str:
    marks = _name(database)
    session.fetch(
        f"CREATE TABLE IF NOT EXISTS {marks} "
        "(stream VARCHAR, seen VARCHAR, marked_by VARCHAR, turn BIGINT, told_on TIMESTAMPTZ)"
    )
    return marks


def _now(session: "Session") -> str:
    return f"TIMESTAMPTZ '{session.engine.clock.now().isoformat()}'"


def _name(database: str) -> str:
    return f"{quoted(database)}.main.{_MARKS}"
