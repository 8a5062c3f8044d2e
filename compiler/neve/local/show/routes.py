"""The statements of this area."""

from neve.local.show import columns, containers, tables

ROUTES = (*containers.ROUTES, *tables.ROUTES, *columns.ROUTES)
