"""The statements about databases, schemas, tables and views."""

from neve.local.tables import alter, alter_containers, cloning, comments, containers, create, sequences, views

CLONED_SCHEMAS = cloning.cloned
ROUTES = (
    *containers.ROUTES,
    *create.ROUTES,
    *views.ROUTES,
    *alter.ROUTES,
    *alter_containers.ROUTES,
    *comments.ROUTES,
    *sequences.ROUTES,
)
