"""Forgets versions of rows that every stream has seen come and go, when the engine opens and nothing else runs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from neve.local.sqltext import QualifiedName
from neve.local.streams import offsets
from neve.local.streams.catalog import Stream, Streams
from neve.local.streams.history import ALWAYS, PREFIX, SINCE, UNTIL, forget, history_with
from neve.local.tables.names import quoted, text_literal
from neve.local.transactions import all_or_nothing

if TYPE_CHECKING:
    from neve.local.engine import Engine
    from neve.local.session import Session


def compact(engine: "Engine", streams: Streams) -> None:
    """Also drops the histories that no stream needs, such as those of tables that were dropped."""
    session = engine.open_session()
    try:
        for place in _kept(session):
            key = place.name.removeprefix(PREFIX)
            users = [stream for stream in streams if stream.history == key]
            with session.lock, all_or_nothing(session):
                if users and history_with(session, key) is not None:
                    _shorten(session, place, users)
                else:
                    forget(session, key, place.database)
    finally:
        session.close()


def _kept(session: "Session") -> list[QualifiedName]:
    found = session.fetch(
        "SELECT database_name, schema_name, table_name FROM duckdb_tables() WHERE starts_with(table_name, ?)", [PREFIX]
    )
    return [QualifiedName(*row) for row in found]


def _shorten(session: "Session", place: QualifiedName, users: Sequence[Stream]) -> None:
    versions = ".".join(map(quoted, place))
    by_all = " INTERSECT ".join(f"({offsets.seen(session, stream, offsets.NO_TRANSACTION)})" for stream in users)
    session.fetch(f"CREATE OR REPLACE TEMP TABLE _neve_seen_by_all AS {by_all}")
    session.fetch(f"DELETE FROM {versions} WHERE {UNTIL} IN (FROM temp.main._neve_seen_by_all)")
    session.fetch(
        f"UPDATE {versions} SET {SINCE} = {text_literal(ALWAYS)} WHERE {SINCE} IN (FROM temp.main._neve_seen_by_all)"
    )
    session.fetch("DROP TABLE temp.main._neve_seen_by_all")
