"""The statements about databases, schemas, tables and views."""

from neve.local.tables import alter, comments, containers, create, sequences, views

ROUTES = (*containers.ROUTES, *create.ROUTES, *views.ROUTES, *alter.ROUTES, *comments.ROUTES, *sequences.ROUTES)
