"""The streams there are: in memory for reading, written through to the store."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from neve.local.sqltext import QualifiedName
from neve.local.store import Store

if TYPE_CHECKING:
    import sqlite3

    from neve.local.engine import Engine
    from neve.local.session import Session

SCHEMA = """
CREATE TABLE IF NOT EXISTS stream (
  id TEXT PRIMARY KEY, database TEXT, schema TEXT, name TEXT, history TEXT, base TEXT, append_only INTEGER,
  initial_rows INTEGER, owner TEXT, comment TEXT, created_on TEXT, UNIQUE (database, schema, name)
);
CREATE TABLE IF NOT EXISTS stream_view (stream TEXT PRIMARY KEY, view TEXT, text TEXT);
"""


@dataclass(frozen=True, slots=True)
class Stream:
    """`history` is the id of its table's history, which the table keeps when it is renamed; `base` the table's name
    when the stream was made. One on a view has the view's name, and the statement that made it.
    """

    id: str
    name: QualifiedName
    history: str
    base: str
    append_only: bool
    initial_rows: bool
    owner: str
    comment: str
    created_on: str
    view: str = ""
    view_text: str = ""


class Streams:
    """By name. False while there are none, which is what every statement asks first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._streams: dict[QualifiedName, Stream] = {}
        with store.transaction() as db:
            joined = "SELECT * FROM stream LEFT JOIN stream_view ON stream_view.stream = stream.id"
            for row in db.execute(joined):
                stream = _stream(row)
                self._streams[stream.name] = stream

    def __bool__(self) -> bool:
        return bool(self._streams)

    def __iter__(self) -> Iterator[Stream]:
        return iter(list(self._streams.values()))

    def get(self, name: QualifiedName) -> Stream | None:
        return self._streams.get(name)

    def save(self, stream: Stream) -> None:
        """A new stream, or a changed one; it takes the place of another of the name."""
        row = (stream.id, *stream.name, stream.history, stream.base, stream.append_only, stream.initial_rows,
               stream.owner, stream.comment, stream.created_on)  # fmt: skip
        with self._store.transaction() as db:
            db.execute("DELETE FROM stream WHERE (database, schema, name) = (?, ?, ?)", stream.name)
            db.execute(f"INSERT INTO stream VALUES ({', '.join('?' * len(row))})", row)
            if stream.view:
                db.execute("REPLACE INTO stream_view VALUES (?, ?, ?)", (stream.id, stream.view, stream.view_text))
        self._streams[stream.name] = stream

    def drop(self, stream: Stream) -> None:
        with self._store.transaction() as db:
            db.execute("DELETE FROM stream WHERE id = ?", (stream.id,))
            db.execute("DELETE FROM stream_view WHERE stream = ?", (stream.id,))
        del self._streams[stream.name]

    def close(self) -> None:
        """Nothing runs in the background."""


def _stream(row: "sqlite3.Row") -> Stream:
    return Stream(
        id=row["id"],
        name=QualifiedName(row["database"], row["schema"], row["name"]),
        history=row["history"],
        base=row["base"],
        append_only=bool(row["append_only"]),
        initial_rows=bool(row["initial_rows"]),
        owner=row["owner"],
        comment=row["comment"],
        created_on=row["created_on"],
        view=row["view"] or "",
        view_text=row["text"] or "",
    )


def of(session: "Session") -> Streams:
    """The streams of the session's engine."""
    return of_engine(session.engine)


def of_engine(engine: "Engine") -> Streams:
    streams: Streams = engine.services["streams"]
    return streams
