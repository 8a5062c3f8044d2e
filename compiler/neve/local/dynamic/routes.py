"""What the engine takes from this area: statements, the table function, tables of the store, the service."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from neve.local.dynamic import catalog, ddl, show
from neve.local.dynamic.refresh import Refresher

if TYPE_CHECKING:
    from neve.local.engine import Engine


def start(engine: "Engine") -> Refresher:
    """The dynamic tables of an engine that opens; the scheduler of the task service asks when one is due."""
    return Refresher(engine)


ROUTES: tuple[tuple[Any, ...], ...] = (*ddl.ROUTES, *show.ROUTES)
TABLE_FUNCTIONS: Mapping[str, Callable[..., Any]] = show.TABLE_FUNCTIONS
SCHEMA = catalog.SCHEMA
SERVICE = start
DROPPED_SCHEMA = ddl.drop_schema
CLONED_SCHEMAS = ddl.refuse_clone
