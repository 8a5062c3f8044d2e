"""Whole numbers beyond 64 bits. A column of them is stored in 64 bits, and so it is computed with them; what does not
fit is done once more with 128 bits, for which the columns that are written to are widened.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from neve.local.errors import SqlError, TooNarrow
from neve.local.sqltext import QualifiedName
from neve.local.streams.history import history_of, versions_at
from neve.local.tables.names import Place, quoted

if TYPE_CHECKING:
    from neve.local.session import Session

T = TypeVar("T")


def with_room(session: "Session", run: Callable[[], T], targets: Callable[[], Sequence[Place]]) -> T:
    """What `run` gives: where 64 bits do not do, of its second go, with 128. Raises SqlError; TooNarrow when this is a
    part of what a handler does together, which DuckDB has given up: the whole has its second go.
    """
    try:
        return run()
    except TooNarrow as narrow:
        if session.wide or (session.many and not session.in_transaction):
            raise
        with _wide(session):
            for place in targets():
                _widen(session, place)
            try:
                return run()
            except TooNarrow:
                raise SqlError(narrow.code, narrow.sqlstate, narrow.message) from narrow


@contextmanager
def _wide(session: "Session") -> Iterator[None]:
    session.wide = True
    try:
        yield
    finally:
        session.wide = False


def _widen(session: "Session", place: Place) -> None:
    """The table, and the history of it that streams read."""
    history = history_of(session, place.name) if place.stored == place.name else None
    tables = [place.stored, *([versions_at(place.name.database, history.id)] if history is not None else [])]
    for table in tables:
        for column in _stored_as(session, table, "BIGINT"):
            name = ".".join(map(quoted, table))
            session.fetch(f"ALTER TABLE {name} ALTER COLUMN {quoted(column)} SET DATA TYPE HUGEINT")


def is_wide(session: "Session", place: Place, column: str) -> bool:
    """Whether a column of the table was widened."""
    return column in _stored_as(session, place.stored, "HUGEINT")


def _stored_as(session: "Session", table: QualifiedName, kind: str) -> list[str]:
    rows = session.fetch(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = ? AND schema_name = ? AND table_name = ?"
        " AND data_type = ?",
        [*table, kind],
    )
    return [name for (name,) in rows]
