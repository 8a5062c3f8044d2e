"""CREATE and DROP of tables and views."""

from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.errors import unsupported
from neve.local.result import Result
from neve.local.sqltext import Statement
from neve.local.translate.columns import name_columns
from neve.local.translate.query import translated

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def create(session: "Session", statement: Statement, tree: "exp.Expression") -> Result:
    name_columns(tree, statement)
    kind = str(tree.args.get("kind")).upper()
    if kind not in {"TABLE", "VIEW"}:
        raise unsupported(f"CREATE {kind}")
    name = tree.this.this.name if tree.this.key == "schema" else tree.this.name
    session.fetch(translated(session, tree))
    return r.status(f"{kind.capitalize()} {name.upper()} successfully created.")


def drop(session: "Session", statement: Statement, tree: "exp.Expression") -> Result:
    del statement
    name = tree.this.name
    session.fetch(translated(session, tree))
    return r.status(f"{name.upper()} successfully dropped.")
