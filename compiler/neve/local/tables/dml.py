"""INSERT, UPDATE, DELETE, TRUNCATE."""

from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.result import Result
from neve.local.sqltext import Statement
from neve.local.translate.query import translated

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def insert(session: "Session", statement: Statement, tree: "exp.Expression") -> Result:
    del statement
    return r.affected({"number of rows inserted": _count(session, tree)}, r.INSERT)


def update(session: "Session", statement: Statement, tree: "exp.Expression") -> Result:
    del statement
    counts = {"number of rows updated": _count(session, tree), "number of multi-joined rows updated": 0}
    return r.affected(counts, r.UPDATE)


def delete(session: "Session", statement: Statement, tree: "exp.Expression") -> Result:
    del statement
    return r.affected({"number of rows deleted": _count(session, tree)}, r.DELETE)


def truncate(session: "Session", statement: Statement, tree: "exp.Expression") -> Result:
    del statement
    session.fetch(translated(session, tree))
    return r.status("Statement executed successfully.")


def _count(session: "Session", tree: "exp.Expression") -> int:
    return int(session.fetch(translated(session, tree))[0][0])
