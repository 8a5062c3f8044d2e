"""A schema of its own for every test, as in tests/local/tasks."""

from tests.local.tasks.conftest import engine, sql

__all__ = ["engine", "sql"]
