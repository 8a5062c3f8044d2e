"""A schema of its own for every test, in one engine for every file."""

import pytest
from tests.engines import own_schema
from tests.local.streams.conftest import Client


@pytest.fixture
def sql(engine):
    """A table `t` of two rows; the schema goes at the end, and what is refreshed in it."""
    name = own_schema(engine)
    client = Client(engine.open_session("D", name))
    client("create table t (k int, v varchar)", "insert into t values (1, 'one'), (2, 'two')")
    yield client
    client(f"drop schema d.{name}")
