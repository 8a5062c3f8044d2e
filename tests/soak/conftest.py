"""What takes minutes, run by `make soak`: the files are not named test_*.py, so that pytest finds them only by name."""

from tests.conformance.tasks.test_3_9_random_graphs import fated
from tests.local.tasks.conftest import sql

__all__ = ["fated", "sql"]
