"""One statement that no route takes: by the class of its tree."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from neve.local.result import Result
from neve.local.sqltext import Statement
from neve.local.translate.parse import parse, unparsed

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def run(session: "Session", statement: Statement) -> Result:
    """Translates and runs one statement whose binds are put in. Raises SqlError."""
    from neve.local.errors import compilation_error

    if not statement.tokens:
        raise compilation_error("Empty SQL statement.", 900)
    tree = parse(statement.text)
    handler = _handler(tree)
    if handler is None:
        raise unparsed(statement.text)
    with session.lock, session.registrations():
        return handler(session, statement, tree)


def _handler(tree: "exp.Expression") -> "Callable[[Session, Statement, exp.Expression], Result] | None":
    from sqlglot import exp

    from neve.local.tables import dml, multi_insert
    from neve.local.translate.query import query

    match tree:
        case exp.Query() | exp.Values():
            return query
        case exp.Insert():
            return dml.insert
        case exp.Update():
            return dml.update
        case exp.Delete():
            return dml.delete
        case exp.Merge():
            return dml.merge
        case exp.MultitableInserts():
            return multi_insert.insert_many
        case exp.TruncateTable():
            return dml.truncate
        case _:
            return None
