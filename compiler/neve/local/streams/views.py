"""Streams on views: a view that selects from one table shows the versions of its rows as it shows the rows."""

from dataclasses import replace
from typing import TYPE_CHECKING

from neve.local.errors import SqlError, unsupported
from neve.local.sqltext import QualifiedName, Statement, parse_name
from neve.local.streams.history import BORN, ROW_ID, SINCE, UNTIL, History, columns_of
from neve.local.tables.facts import read_columns, read_table, write_column
from neve.local.tables.names import Place, find_kept, need

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session
    from neve.local.streams.catalog import Stream

_OWN = (ROW_ID, BORN, SINCE, UNTIL)
_PARTS = ("with_", "joins", "laterals", "group", "having", "qualify", "windows", "distinct", "limit", "offset",
          "pivots", "sample", "connect", "order")  # fmt: skip


def base_of(session: "Session", view: Place) -> Place:
    """The table that a view selects from. Raises SqlError for a view that does more."""
    select = _select(session, view.name)
    base = need(session, _source(select))
    if base.kind != "TABLE":
        raise unsupported("A stream on a view of a view")
    return base


def text_of(session: "Session", view: QualifiedName) -> str:
    """The statement that made the view; empty when there is none of the name."""
    return str(read_table(session, Place(view, view, "VIEW")).get("text", ""))


def through(session: "Session", stream: "Stream", history: History) -> History:
    """The history of the stream's table as its view shows it. Raises SqlError 91901 when that is not the one which the
    stream was made on.
    """
    name = QualifiedName(*parse_name(stream.view))
    if find_kept(session, name).kind != "VIEW" or text_of(session, name) != stream.view_text:
        message = f"Base view '{stream.view}' dropped or changed, cannot read from stream '{stream.name.name}'"
        raise SqlError(91901, "01000", message)
    select = _select(session, name)
    _select_from(select, _versions(session, stream, history), history)
    columns = columns_of(session, name)
    shown = f"temp.main._neve_shown_{stream.id}"
    sql = _translated(session, select)
    session.fetch(f"CREATE OR REPLACE TEMP VIEW {shown} ({', '.join((*columns, *_OWN))}) AS {sql}")
    return replace(history, columns=columns, shown=shown)


def _translated(session: "Session", select: "exp.Select") -> str:
    from neve.local.translate.query import translated

    return translated(session, select)


def _versions(session: "Session", stream: "Stream", history: History) -> QualifiedName:
    """A view of the versions, whose columns have the types that they were declared with."""
    made = Place(stream.name, QualifiedName("temp", "main", f"_neve_versions_{stream.id}"), "VIEW")
    session.fetch(
        f"CREATE OR REPLACE TEMP VIEW {made.stored.name} AS "
        f"SELECT {', '.join((*history.columns, *_OWN))} FROM {history.versions}"
    )
    for column, told in read_columns(session, Place(history.table, history.table, "TABLE")).items():
        write_column(session, made, column, told)
    return made.stored


def _select_from(select: "exp.Select", versions: QualifiedName, history: History) -> None:
    """Puts the versions in the place of the table, and what is known of them behind the view's columns."""
    from sqlglot import exp

    table = select.args["from_"].this
    name = table.alias_or_name
    catalog, schema, this = (exp.to_identifier(part, quoted=True) for part in versions)
    alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(name))
    placed = exp.Table(this=this, db=schema, catalog=catalog, alias=alias.copy())
    placed.meta["placed"] = True
    table.replace(placed)
    everything = [_column(column) for column in history.columns]
    projections = [p.copy() for one in select.expressions for p in (everything if one.is_star else [one])]
    select.set("expressions", [*projections, *map(_column, _OWN)])


def _column(text: str) -> "exp.Column":
    from sqlglot import exp

    return exp.column(text[1:-1].replace('""', '"'), quoted=True)


def _select(session: "Session", view: QualifiedName) -> "exp.Select":
    """The view's query with names in full. Raises SqlError when it is more than columns and rows of one table."""
    from sqlglot import exp

    from neve.local.tables.create import plain_tree
    from neve.local.translate.names import complete

    query = plain_tree(Statement.of(text_of(session, view))).expression
    complete(query, *view[:2])
    if not isinstance(query, exp.Select) or any(query.args.get(part) for part in _PARTS):
        raise unsupported("A stream on a view that does more than to select columns and rows of one table")
    if len(list(query.find_all(exp.Select))) > 1 or query.find(exp.AggFunc, exp.Window):
        raise unsupported("A stream on a view with aggregates, windows or subqueries")
    if any(one.is_star and (one.args.get("except_") or one.args.get("replace")) for one in query.find_all(exp.Star)):
        raise unsupported("A stream on a view with EXCLUDE or REPLACE")
    return query


def _source(select: "exp.Select") -> tuple[str, ...]:
    from sqlglot import exp

    from neve.local.translate.names import stored

    source = select.args["from_"].this if select.args.get("from_") else None
    if not isinstance(source, exp.Table) or not isinstance(source.this, exp.Identifier):
        raise unsupported("A stream on a view of something else than a table")
    if any(source.args.get(part) for part in _PARTS):
        raise unsupported("A stream on a view that does more than to select columns and rows of one table")
    return tuple(map(stored, source.parts))
