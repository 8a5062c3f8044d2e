"""What the engine takes from this area: statements, the function, the table of the store, the service."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from neve.local.streams import catalog, ddl, show
from neve.local.streams.catalog import Streams
from neve.local.streams.compact import compact
from neve.local.streams.reading import has_data

if TYPE_CHECKING:
    from neve.local.engine import Engine


def start(engine: "Engine") -> Streams:
    """The streams of an engine that opens."""
    streams = Streams(engine.store)
    if streams:
        compact(engine, streams)
    return streams


ROUTES: tuple[tuple[Any, ...], ...] = (*ddl.ROUTES, *show.ROUTES)
FUNCTIONS: Mapping[str, Callable[..., Any]] = {"SYSTEM$STREAM_HAS_DATA": has_data}
SCHEMA = catalog.SCHEMA
SERVICE = start
DROPPED_SCHEMA = ddl.drop_schema
CLONED_SCHEMAS = ddl.cloned
