"""One statement that no route takes: by the class of its tree."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from neve.local.result import Result
from neve.local.sqltext import Statement
from neve.local.translate.parse import parse, unparsed

if TYPE_CHECKING:
    from neve.local.session import Session


def run(session: "Session", statement: Statement) -> Result:
    """Translates and runs one statement whose binds are put in. Raises SqlError."""
    from sqlglot import exp

    from neve.local.dynamic.guard import refuse
    from neve.local.errors import compilation_error
    from neve.local.streams.following import followed

    if not statement.tokens:
        raise compilation_error("Empty SQL statement.", 900)
    tree = parse(statement.text)
    handler = _handlers().get("query" if isinstance(tree, exp.Query | exp.Values) else tree.key)
    if handler is None:
        raise unparsed(statement)
    refuse(session, tree)
    with session.lock, session.registrations(), followed(session, tree):
        return handler(session, statement, tree)


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
