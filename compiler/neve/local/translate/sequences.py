"""`sequence.NEXTVAL` as DuckDB's nextval."""

from typing import TYPE_CHECKING

from neve.local.sqltext import resolve

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def next_values(session: "Session", tree: "exp.Expr") -> None:
    """Replaces them; a column of that name of a table in the query is none. After names are folded."""
    from sqlglot import exp

    from neve.local.tables.sequences import duck_name, exists
    from neve.local.translate.build import call

    for column in list(tree.find_all(exp.Column)):
        if column.name != "NEXTVAL" or not column.table:
            continue
        name = resolve(session, [part.name for part in column.parts[:-1]])
        if exists(session, name):
            value = call("nextval", duck_name(name))
            value.meta["placed"] = True
            column.replace(value)
