"""CREATE, ALTER and DROP STREAM."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.errors import already_exists, not_exist, unsupported
from neve.local.options import Head, read_head
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.sqltext import QualifiedName, Statement, parse_name, resolve
from neve.local.streams import offsets
from neve.local.streams.catalog import Stream, Streams, of, of_engine
from neve.local.streams.history import begin, forget, table_with
from neve.local.streams.views import base_of, text_of
from neve.local.tables.names import Place, find, need, text_literal
from neve.local.transactions import all_or_nothing

if TYPE_CHECKING:
    from neve.local.engine import Engine
    from neve.local.session import Session

DONE = "Statement executed successfully."
_OPTIONS = {"APPEND_ONLY", "SHOW_INITIAL_ROWS", "COMMENT"}


def create_stream(session: "Session", statement: Statement) -> Result:
    """CREATE [OR REPLACE] STREAM [IF NOT EXISTS] s ON TABLE | VIEW t [APPEND_ONLY] [SHOW_INITIAL_ROWS] [COMMENT].

    Raises SqlError 2002 when the name is taken, 2003 when the table is not there.
    """
    reader = Reader.over(statement)
    head = read_head(reader, "STREAM")
    reader.take("COPY", "GRANTS")
    name = find(session, head.name).name
    old = of(session).get(name)
    if old is not None and not head.replace:
        if head.tolerant:
            return r.status(f"{name.name} already exists, statement succeeded.")
        raise already_exists(name.name)
    base, view = _source(session, reader)
    text = text_of(session, resolve(session, parse_name(view))) if view else ""
    options = _options(reader)
    if old is None and find(session, head.name).kind:
        raise already_exists(name.name)
    with session.lock, all_or_nothing(session):
        history = begin(session, base)
        stream = replace(_stream(session, name, base, history.id, options), view=view, view_text=text)
        offsets.start(session, stream, history)
    of(session).save(stream)
    if old is not None:
        _clean_up(session, old)
    return r.status(f"Stream {name.name} successfully created.")


def _source(session: "Session", reader: Reader) -> tuple[Place, str]:
    """The table that is followed, and the view through which it is."""
    if reader.take("CLONE"):
        raise unsupported("CREATE STREAM … CLONE")
    reader.expect("ON")
    if reader.take("VIEW"):
        view = need(session, reader.dotted(), "View")
        if view.kind != "VIEW":
            raise not_exist("View", str(view.name))
        return _followable(session, base_of(session, view)), str(view.name)
    if not reader.take("TABLE"):
        raise unsupported(f"A stream on a {reader.word().lower() or 'thing of another kind'}")
    return _followable(session, need(session, reader.dotted())), ""


def _followable(session: "Session", base: Place) -> Place:
    if base.kind != "TABLE":
        raise unsupported(f"A stream on a {base.kind.replace('_', ' ').lower()}")
    if base.name in session.temporary:
        raise unsupported("A stream on a temporary table")
    return base


def _options(reader: Reader) -> dict[str, str]:
    if reader.word() in {"AT", "BEFORE"}:
        raise unsupported(f"{reader.word()} of CREATE STREAM")
    options = reader.options()
    for option in options.keys() - _OPTIONS:
        raise unsupported(f"The option {option} of CREATE STREAM")
    return options


def _stream(session: "Session", name: QualifiedName, base: Place, history: str, options: dict[str, str]) -> Stream:
    return Stream(
        id=uuid.uuid4().hex,
        name=name,
        history=history,
        base=str(base.name),
        append_only=options.get("APPEND_ONLY", "FALSE").upper() == "TRUE",
        initial_rows=options.get("SHOW_INITIAL_ROWS", "FALSE").upper() == "TRUE",
        owner=session.role,
        comment=options.get("COMMENT", ""),
        created_on=session.engine.clock.now().isoformat(),
    )


def drop_stream(session: "Session", statement: Statement) -> Result:
    """DROP STREAM [IF EXISTS] s."""
    head = read_head(Reader.over(statement), "STREAM")
    stream = _find(session, head)
    if stream is None:
        return r.status("Drop statement executed successfully.")
    of(session).drop(stream)
    _clean_up(session, stream)
    return r.status(f"{stream.name.name} successfully dropped.")


def alter_stream(session: "Session", statement: Statement) -> Result:
    """ALTER STREAM [IF EXISTS] s SET COMMENT = '…' | UNSET COMMENT."""
    reader = Reader.over(statement)
    stream = _find(session, read_head(reader, "STREAM"))
    if stream is None:
        return r.status(DONE)
    if reader.take("UNSET", "COMMENT"):
        comment = ""
    elif reader.take("SET"):
        options = reader.options()
        for option in options.keys() - {"COMMENT"}:
            raise unsupported(f"ALTER STREAM … SET {option}")
        comment = options.get("COMMENT", "")
    else:
        raise unsupported(f"ALTER STREAM … {reader.word()}")
    of(session).save(replace(stream, comment=comment))
    return r.status(DONE)


def _find(session: "Session", head: Head) -> Stream | None:
    """The stream; None when it may be missing and is. Raises SqlError 2003."""
    name = resolve(session, head.name)
    stream = of(session).get(name)
    if stream is None and not head.tolerant:
        raise not_exist("Stream", str(name))
    return stream


def _clean_up(session: "Session", stream: Stream) -> None:
    """Takes back what a stream that is gone left in the databases."""
    for marks in offsets.tables(session):
        with session.lock, all_or_nothing(session):
            session.fetch(f"DELETE FROM {marks} WHERE stream = {text_literal(stream.id)}")
    database = parse_name(stream.base)[0]
    needed = any(other.history == stream.history for other in of(session))
    if not needed and database in session.engine.databases:
        with session.lock, all_or_nothing(session):
            forget(session, stream.history, database)


def drop_schema(engine: "Engine", database: str, schema: str) -> None:
    """The streams of a schema that is gone; those elsewhere on its tables are stale from now on."""
    streams: Streams = of_engine(engine)
    gone = [stream for stream in streams if stream.name[:2] == (database, schema)]
    for stream in gone:
        streams.drop(stream)
    if gone:
        session = engine.open_session()
        try:
            for stream in gone:
                _clean_up(session, stream)
        finally:
            session.close()


def cloned(session: "Session", places: Mapping[tuple[str, str], tuple[str, str]]) -> None:
    """The streams of schemas that are copied: those on a table that was copied with them follow its copy. What they
    have not given out yet cannot be reached in the copy.
    """
    for stream in of(session):
        target = places.get((stream.name.database, stream.name.schema))
        table = table_with(session, stream.history)
        if target is None or table is None:
            continue
        base = QualifiedName(*places.get((table.database, table.schema), table[:2]), table.name)
        history = begin(session, need(session, base))
        view = _view_in(stream, places)
        copied = replace(
            stream,
            id=uuid.uuid4().hex,
            name=QualifiedName(*target, stream.name.name),
            history=history.id,
            base=str(base),
            initial_rows=False,
            created_on=session.engine.clock.now().isoformat(),
            view="" if view is None else str(view),
            view_text="" if view is None else text_of(session, view),
        )
        offsets.start(session, copied, history)
        of(session).save(copied)


def _view_in(stream: Stream, places: Mapping[tuple[str, str], tuple[str, str]]) -> QualifiedName | None:
    """The view of a stream that is copied: its copy, if it is copied too."""
    if not stream.view:
        return None
    name = QualifiedName(*parse_name(stream.view))
    return QualifiedName(*places.get((name.database, name.schema), name[:2]), name.name)


ROUTES = (
    (("CREATE", "STREAM"), create_stream),
    (("DROP", "STREAM"), drop_stream),
    (("ALTER", "STREAM"), alter_stream),
)
