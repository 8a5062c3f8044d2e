"""The statements and views of this area."""

from neve.local.show import columns, containers, information_schema, tables

ROUTES = (*containers.ROUTES, *tables.ROUTES, *columns.ROUTES)
VIEWS = information_schema.VIEWS
