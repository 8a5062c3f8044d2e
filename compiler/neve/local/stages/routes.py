"""What stages add to the engine."""

from typing import TYPE_CHECKING

from neve.local.stages import catalog, converted, copy, ddl, files, infer, loads, transfer

if TYPE_CHECKING:
    from neve.local.engine import Engine

ROUTES = (*ddl.ROUTES, *transfer.ROUTES, *copy.ROUTES, *files.ROUTES)
TABLE_FUNCTIONS = {**infer.TABLE_FUNCTIONS, **loads.TABLE_FUNCTIONS, **files.TABLE_FUNCTIONS}
VIEWS = loads.VIEWS
SCHEMA = catalog.SCHEMA

CLONED_SCHEMAS = catalog.cloned
CLOSED_SESSION = catalog.drop_temporary


def drop_schema(engine: "Engine", database: str, schema: str) -> None:
    """What stages, formats and loads there were in a schema that is gone."""
    catalog.drop_schema(engine, database, schema)
    loads.drop_schema(engine, database, schema)


DROPPED_SCHEMA = drop_schema


def sweep(engine: "Engine") -> None:
    """What a killed engine left behind: temporary stages of sessions, and files that were made of others."""
    catalog.drop_temporary(engine, None)
    converted.sweep(engine.state)
