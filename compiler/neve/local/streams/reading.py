"""What a stream gives: the net changes of its table between its offset and now."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from neve.local.errors import SqlError, not_exist
from neve.local.sqltext import QualifiedName, parse_name, resolve
from neve.local.streams import offsets
from neve.local.streams.catalog import Stream, of
from neve.local.streams.history import BORN, ROW_ID, SINCE, UNTIL, History, history_with
from neve.local.streams.views import through
from neve.local.tables.facts import read_columns, write_column
from neve.local.tables.names import Place, quoted, text_literal

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def in_place_of(session: "Session", stream: Stream, table: "exp.Table") -> "exp.Table":
    """What stands for a stream in a query: a view of the session's own with the table's columns and METADATA$ACTION,
    METADATA$ISUPDATE, METADATA$ROW_ID. Reading it does not advance the stream.

    Raises SqlError 91901 when the stream's table is gone.
    """
    from sqlglot import exp

    history = as_shown(session, stream, need_history(session, stream))
    view = Place(stream.name, QualifiedName("temp", "main", f"_neve_stream_{stream.id}"), "VIEW")
    metadata = (quoted("METADATA$ACTION"), quoted("METADATA$ISUPDATE"), ROW_ID)
    columns = ", ".join((*history.columns, *metadata))
    session.fetch(f"CREATE OR REPLACE TEMP VIEW {view.stored.name} ({columns}) AS {_query(session, stream, history)}")
    source = QualifiedName(*parse_name(stream.view)) if stream.view else history.table
    for column, told in read_columns(session, Place(source, source, "TABLE")).items():
        write_column(session, view, column, told)
    alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(stream.name.name, quoted=True))
    catalog, schema, name = (exp.to_identifier(part, quoted=True) for part in view.stored)
    placed = exp.Table(this=name, db=schema, catalog=catalog, alias=alias.copy())
    placed.meta["placed"] = True
    return placed


def has_data(session: "Session", name: object) -> bool:
    """SYSTEM$STREAM_HAS_DATA: whether the stream has changes to give. Never true without any, unlike Snowflake's."""
    stream = need(session, resolve(session, parse_name(str(name))))
    query = _query(session, stream, as_shown(session, stream, need_history(session, stream)))
    return bool(session.fetch(f"SELECT EXISTS ({query})")[0][0])


def news(session: "Session", name: str) -> tuple[bool, Sequence[object]]:
    """Whether a stream has changes to give, and what is different after each change and each time they are taken."""
    stream = need(session, resolve(session, parse_name(name)))
    history = need_history(session, stream)
    state = session.fetch(
        f"SELECT count(*), count({UNTIL}), ({offsets.count(session, stream)}) FROM {history.versions}"
    )
    return has_data(session, name), (stream.id, *state[0])


def need(session: "Session", name: QualifiedName) -> Stream:
    """Raises SqlError 2003."""
    stream = of(session).get(name)
    if stream is None:
        raise not_exist("Stream", str(name))
    return stream


def need_history(session: "Session", stream: Stream) -> History:
    history = history_with(session, stream.history)
    if history is None:
        message = f"Base table '{stream.base}' dropped, cannot read from stream '{stream.name.name}'"
        raise SqlError(91901, "01000", message)
    return history


def as_shown(session: "Session", stream: Stream, history: History) -> History:
    """Through the stream's view, if it is on one."""
    return through(session, stream, history) if stream.view else history


def _query(session: "Session", stream: Stream, history: History) -> str:
    """DuckDB's text. Of a row whose values are again what they were, nothing is told."""
    own = offsets.current(session)
    by, seen = text_literal(own), offsets.seen(session, stream, own)
    head = f"WITH marks AS ({seen})"
    if stream.append_only and not offsets.shows_initial(session, stream, own):
        return (
            f"{head} SELECT {history.of('v')}, 'INSERT', FALSE, v.{ROW_ID} FROM {history.versions} v "
            f"WHERE {BORN} AND {SINCE} <> {by} AND {SINCE} NOT IN (FROM marks)"
        )
    old = (
        f"(SELECT * FROM {history.versions} WHERE {SINCE} IN (FROM marks) "
        f"AND ({UNTIL} IS NULL OR {UNTIL} NOT IN (FROM marks)))"
    )
    if offsets.shows_initial(session, stream, own):
        return f"{head} SELECT {history.of('o')}, 'INSERT', FALSE, o.{ROW_ID} FROM {old} o"
    new = f"(SELECT * FROM {history.versions} WHERE {SINCE} <> {by} AND ({UNTIL} IS NULL OR {UNTIL} = {by}))"
    changed = f"coalesce(NOT ({history.same('o', 'n')}), TRUE)"
    return (
        f"{head}, old AS MATERIALIZED {old}, new AS MATERIALIZED {new} "
        f"SELECT {history.of('o')}, 'DELETE', n.{ROW_ID} IS NOT NULL, o.{ROW_ID} "
        f"FROM old o LEFT JOIN new n USING ({ROW_ID}) WHERE n.{ROW_ID} IS NULL OR {changed} "
        f"UNION ALL SELECT {history.of('n')}, 'INSERT', o.{ROW_ID} IS NOT NULL, n.{ROW_ID} "
        f"FROM new n LEFT JOIN old o USING ({ROW_ID}) WHERE o.{ROW_ID} IS NULL OR {changed}"
    )


def streams_in(session: "Session", tree: "exp.Expr") -> "list[tuple[exp.Table, Stream]]":
    """The tables of a tree that are streams."""
    from sqlglot import exp

    known = of(session)
    if not known:
        return []
    named = ((table, name_in(session, table)) for table in tree.find_all(exp.Table))
    return [(table, stream) for table, name in named if name is not None and (stream := known.get(name))]


def name_in(session: "Session", table: "exp.Table") -> QualifiedName | None:
    """The full name that a table of a tree has; None for functions, names of WITH, and temporary tables."""
    from sqlglot import exp

    from neve.local.translate.names import is_cte, stored

    if not isinstance(table.this, exp.Identifier) or is_cte(table):
        return None
    parts = tuple(map(stored, table.parts))
    bare = len(parts) == 1 and not session.schema
    if bare or not (session.database or len(parts) == 3):
        return None
    name = resolve(session, parts)
    return None if name in session.temporary else name
