"""A schema of its own for every test, as in tests/local/tasks."""

from tests.local.tasks.conftest import sql

__all__ = ["sql"]
