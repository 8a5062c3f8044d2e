"""Snowflake's own clients on a running engine."""

import itertools

import pytest

from neve.local.engine import Engine

NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def arguments(tmp_path_factory):
    """The connector's arguments."""
    engine = Engine.open(tmp_path_factory.mktemp("clients"))
    server = engine.listen()
    host, port = server.address
    yield {
        "host": host,
        "port": port,
        "protocol": "http",
        "account": "neve_local",
        "user": "neve",
        "password": server.password,
    }
    engine.close()


@pytest.fixture(scope="module")
def snowpark(arguments):
    """A Snowpark session in a database of its own."""
    from snowflake.snowpark import Session

    session = Session.builder.configs(arguments).create()
    session.sql(f"create database clients_{next(NUMBERS)}").collect()
    yield session
    session.close()
