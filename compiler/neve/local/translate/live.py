"""Live views: those of streams, of what the engine itself answers (TASK_HISTORY, INFORMATION_SCHEMA …), of user-defined
functions, of the session (CURRENT_ROLE …). Their query is put in their place wherever they are read; DuckDB knows only
their columns.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from neve.local.procedures import catalog
from neve.local.schemas import columns, facts
from neve.local.sqltext import QualifiedName, Statement
from neve.local.streams.reading import name_in, streams_in
from neve.local.translate.names import complete, complete_calls
from neve.local.translate.rules.contexts import of_readers

if TYPE_CHECKING:
    import duckdb
    from sqlglot import exp

    from neve.local.session import Session
    from neve.local.streams.catalog import Stream

FACT = "live"
_CLAUSES = ("joins", "laterals", "pivots", "sample")


def is_live(session: "Session", query: "exp.Expr") -> bool:
    """Whether a view of this query has to be: what it reads is made when it is read."""
    from sqlglot import exp

    return bool(
        streams_in(session, query)
        or _views_in(session, query)
        or any(table.db.upper() == "INFORMATION_SCHEMA" for table in query.find_all(exp.Table))
        or query.find(*of_readers()) is not None
        or any(_is_called(session, node) for node in query.find_all(exp.Anonymous))
    )


def _is_called(session: "Session", node: "exp.Anonymous") -> bool:
    """Whether it is a function of the engine's own, or a user's, whose name is in full."""
    from neve.local.dispatch import FUNCTIONS, TABLE_FUNCTIONS
    from neve.local.procedures.udfs import parts_of

    parts = parts_of(node)
    if parts[-1] in FUNCTIONS or parts[-1] in TABLE_FUNCTIONS:
        return True
    return len(parts) == 3 and catalog.is_called(session, QualifiedName(*parts))


def columns_of(session: "Session", query: str) -> str:
    """What DuckDB has of such a view: a query without rows, which gives the columns of `query`."""
    from neve.local.transactions import attempt

    def described(cursor: "duckdb.DuckDBPyConnection") -> list[tuple[str, str]]:
        relation = cursor.sql(query)
        return [(name, str(kind)) for name, kind in zip(relation.columns, relation.types, strict=True)]

    return _nothing(attempt(session, query, described))


def columns_like(session: "Session", view: QualifiedName) -> str:
    """The same for a view that is there."""
    from neve.local.types import to_duck

    return _nothing([(column.name, to_duck(column.type)) for column in columns(session, *view)])


def _nothing(named: "list[tuple[str, str]]") -> str:
    from neve.local.tables.names import quoted

    return f"SELECT {', '.join(f'NULL::{kind} AS {quoted(name)}' for name, kind in named)} WHERE FALSE"


def with_views(session: "Session", tree: "exp.Expr") -> "exp.Expr":
    """The tree, its live views replaced by their queries."""
    for table, name, query in _views_in(session, tree):
        table.replace(_in_place_of(session, table, name, with_views(session, query)))
    return tree


def _in_place_of(session: "Session", table: "exp.Table", name: QualifiedName, query: "exp.Expr") -> "exp.Subquery":
    """The view's query under the view's name, or its alias, with the view's columns."""
    from sqlglot import exp

    given = table.args.get("alias")
    alias = given.copy() if given is not None else exp.TableAlias(this=exp.to_identifier(name.name, quoted=True))
    if not alias.columns:
        alias.set("columns", [exp.to_identifier(column.name, quoted=True) for column in columns(session, *name)])
    kept = {clause: table.args[clause] for clause in _CLAUSES if table.args.get(clause)}
    return exp.Subquery(this=query, alias=alias, **kept)


def streams_read(session: "Session", tree: "exp.Expr") -> "list[tuple[exp.Table, Stream]]":
    """The tables of a tree that are streams, those that its views read too."""
    inner = (streams_read(session, query) for _, _, query in _views_in(session, tree))
    return [*streams_in(session, tree), *(found for some in inner for found in some)]


def _views_in(session: "Session", tree: "exp.Expr") -> "list[tuple[exp.Table, QualifiedName, exp.Expr]]":
    """The tables of a tree that are live views, with their queries."""
    from sqlglot import exp

    texts = _texts(session)
    if not texts:
        return []
    named = ((table, name_in(session, table)) for table in tree.find_all(exp.Table))
    return [(table, name, _query(session, name, texts[name])) for table, name in named if name and name in texts]


def _query(session: "Session", view: QualifiedName, text: str) -> "exp.Expr":
    """The query of a view, its names in full."""
    from neve.local.tables.create import plain_tree

    query: exp.Expr = plain_tree(Statement.of(text)).expression.copy()
    complete(query, view.database, view.schema)
    complete_calls(session, query, view.database, view.schema)
    return query


def _texts(session: "Session") -> Mapping[QualifiedName, str]:
    """The live views that there are, with the statements that made them."""
    known = session.engine.live_views
    if known is False:
        return {}
    found = dict(_told(session))
    session.engine.live_views = known or bool(found)
    return found


def _told(session: "Session") -> Iterator[tuple[QualifiedName, str]]:
    rows = session.fetch(
        "SELECT database_name, schema_name, view_name, comment FROM duckdb_views() WHERE comment LIKE ?",
        [f'%"{FACT}": true%'],
    )
    for *name, comment in rows:
        told = facts(comment)
        if told.get(FACT):
            yield QualifiedName(*name), str(told["text"])
