"""Errors that come from the inside of a view which a statement reads."""

import re
from typing import TYPE_CHECKING

from neve.local.errors import SqlError, compilation_error
from neve.local.sqltext import QualifiedName, quote_identifier
from neve.local.translate.faults import VIEW_CHANGED

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session

_GONE = re.compile(r"SQL compilation error:\n(Object|Table) '(.*)' does not exist or not authorized\.")


def of_view(session: "Session", error: SqlError, tree: "exp.Expr") -> SqlError:
    """The error, as Snowflake words it when what is wrong is a view's own query."""
    if error.code not in {2003, VIEW_CHANGED}:
        return error
    gone = _GONE.fullmatch(error.message)
    names = list(_tables(tree))
    if gone and any(name.name == gone[2].rpartition(".")[2].strip('"') for name in names):
        return error
    view = next((name for name in names if _is_view(session, name)), None)
    if view is None:
        return error
    if error.code == VIEW_CHANGED:
        return compilation_error(
            error.message.partition("\n")[2].replace("''", f"'{view.name}'"), VIEW_CHANGED, "42601"
        )
    message = f"Failure during expansion of view '{quote_identifier(view.name)}': {error.message}"
    return compilation_error(message, 2037, "42601")


def _tables(tree: "exp.Expr") -> "list[QualifiedName]":
    """The tables of a tree that was prepared."""
    from sqlglot import exp

    parts = [tuple(part.name for part in table.parts) for table in tree.find_all(exp.Table)]
    return [QualifiedName(*names) for names in parts if len(names) == 3]


def _is_view(session: "Session", name: QualifiedName) -> bool:
    sql = "SELECT 1 FROM duckdb_views() WHERE database_name = ? AND schema_name = ? AND view_name = ?"
    return bool(session.fetch(sql, list(name)))
