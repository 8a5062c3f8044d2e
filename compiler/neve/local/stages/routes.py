"""What stages add to the engine."""

from typing import TYPE_CHECKING

from neve.local.stages import catalog, copy, ddl, infer, transfer

if TYPE_CHECKING:
    from neve.local.engine import Engine

ROUTES = (*ddl.ROUTES, *transfer.ROUTES, *copy.ROUTES)
TABLE_FUNCTIONS = infer.TABLE_FUNCTIONS
SCHEMA = catalog.SCHEMA
DROPPED_SCHEMA = catalog.drop_schema
CLOSED_SESSION = catalog.drop_temporary


def sweep(engine: "Engine") -> None:
    """Temporary stages of sessions that a killed engine left behind."""
    catalog.drop_temporary(engine, None)
