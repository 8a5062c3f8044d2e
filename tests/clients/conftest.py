"""Snowflake's own clients on a running engine."""

import pytest
from tests.engines import NUMBERS, fresh


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    yield from fresh(tmp_path_factory)


@pytest.fixture(scope="module")
def snowpark(arguments):
    """A Snowpark session in a database of its own."""
    from snowflake.snowpark import Session

    session = Session.builder.configs(arguments).create()
    session.sql(f"create database clients_{next(NUMBERS)}").collect()
    yield session
    session.close()
