"""One statement that no route takes: by the class of its tree."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from neve.local.errors import SqlError, compilation_error
from neve.local.result import Result
from neve.local.sqltext import Statement
from neve.local.translate.parse import parse, unparsed
from neve.local.translate.places import placed
from neve.local.translate.views import of_view

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session
    from neve.local.tables.names import Place


def run(session: "Session", statement: Statement) -> Result:
    """Translates and runs one statement whose binds are put in. Raises SqlError."""
    from sqlglot import exp

    from neve.local.dynamic.guard import refuse
    from neve.local.streams.following import followed
    from neve.local.tables.room import with_room

    if not statement.tokens:
        raise compilation_error("Empty SQL statement.", 900)
    tree = parse(statement.text)
    handler = _handlers().get("query" if isinstance(tree, exp.Query | exp.Values) else tree.key)
    if handler is None or not _is_whole(tree):
        raise unparsed(statement)
    refuse(session, tree)

    def go() -> Result:
        again = parse(statement.text) if session.wide else tree
        with session.registrations(), followed(session, again):
            return handler(session, statement, again)

    with session.lock:
        try:
            return with_room(session, go, lambda: _written(session, parse(statement.text)))
        except SqlError as error:
            raise placed(of_view(session, error, tree), statement, tree) from error


def _written(session: "Session", tree: "exp.Expr") -> "list[Place]":
    """The tables whose rows a statement changes."""
    from neve.local.streams.following import targets
    from neve.local.tables.names import find
    from neve.local.translate.names import stored

    return [find(session, tuple(map(stored, table.parts))) for table in targets(tree)]


def _is_whole(tree: "exp.Expr") -> bool:
    """Whether what is written into is a table: the parser lets much else pass."""
    from sqlglot import exp

    if isinstance(tree, exp.Insert):
        return isinstance(tree.this, exp.Table | exp.Schema) and tree.expression is not None
    return not isinstance(tree, exp.Update | exp.Merge) or isinstance(tree.this, exp.Table)


@cache
def _handlers() -> "Mapping[str, Callable[[Session, Statement, Any], Result]]":
    """By the name of the tree's class."""
    from neve.local.tables import dml, multi_insert
    from neve.local.translate.query import query

    return {
        "query": query,
        "insert": dml.insert,
        "update": dml.update,
        "delete": dml.delete,
        "merge": dml.merge,
        "truncatetable": dml.truncate,
        "multitableinserts": multi_insert.insert_many,
    }
