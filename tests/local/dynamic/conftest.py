"""A schema of its own for every test, in one engine for every file."""

import itertools

import pytest
from tests.local.streams.conftest import Client

from neve.local.engine import Engine

NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    opened = Engine.open(tmp_path_factory.mktemp("engine"))
    opened.open_session().execute("CREATE DATABASE D")
    yield opened
    opened.close()


@pytest.fixture
def sql(engine):
    """A table `t` of two rows; the schema goes at the end, and what is refreshed in it."""
    name = f"S{next(NUMBERS)}"
    engine.open_session("D").execute(f"CREATE SCHEMA D.{name}")
    client = Client(engine.open_session("D", name))
    client("create table t (k int, v varchar)", "insert into t values (1, 'one'), (2, 'two')")
    yield client
    client(f"drop schema d.{name}")
