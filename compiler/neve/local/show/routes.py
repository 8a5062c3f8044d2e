"""The statements and views of this area."""

from neve.local.show import (
    columns,
    containers,
    contents,
    ddl,
    information_schema,
    keys,
    nothing,
    object_views,
    parameters,
    tables,
)

ROUTES = (
    *containers.ROUTES,
    *contents.ROUTES,
    *nothing.ROUTES,
    *tables.ROUTES,
    *columns.ROUTES,
    *keys.ROUTES,
    *parameters.ROUTES,
)
FUNCTIONS = ddl.FUNCTIONS
VIEWS = information_schema.VIEWS | object_views.VIEWS
