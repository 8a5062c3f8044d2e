"""What cannot be done to a dynamic table: its rows come from its query, and it is no table for other statements."""

from typing import TYPE_CHECKING

from neve.local.dynamic.catalog import of
from neve.local.errors import compilation_error

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def refuse(session: "Session", tree: "exp.Expr") -> None:
    """Raises SqlError for a statement that changes a dynamic table's rows, or reads one that has none yet.

    Snowflake's own words for the first are not known.
    """
    from sqlglot import exp

    from neve.local.streams.following import targets
    from neve.local.streams.reading import name_in

    tables = of(session)
    if not tables:
        return
    changed = {id(table) for table in targets(tree)}
    for table in tree.find_all(exp.Table):
        name = name_in(session, table)
        found = tables.get(name) if name is not None else None
        if found is not None and id(table) in changed:
            raise compilation_error(f"Invalid operation on Dynamic Table '{found.full}': it is not updatable.", 2723)
        if found is not None and not found.refreshed_on:
            message = (
                f"Dynamic Table '{found.full}' is not initialized. Please run a manual refresh or wait for a "
                "scheduled refresh before querying."
            )
            raise compilation_error(message, 2727)
