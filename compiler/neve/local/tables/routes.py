"""The statements about databases, schemas, tables and views."""

from neve.local.tables import alter, containers, create, sequences, views

ROUTES = (*containers.ROUTES, *create.ROUTES, *views.ROUTES, *alter.ROUTES, *sequences.ROUTES)
