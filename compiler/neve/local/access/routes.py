"""The statements, functions and tables of this area."""

from neve.local.access import catalog, ddl, grants, integrations, show, tags

TAGGING = tags.ROUTES
"""Before the routes of the kinds of objects that they are about."""

ROUTES = (*ddl.ROUTES, *integrations.ROUTES, *grants.ROUTES, *show.ROUTES)
FUNCTIONS = tags.FUNCTIONS
SCHEMA = catalog.SCHEMA + tags.SCHEMA
