"""A session in a database of its own, for each file."""

import itertools

import pytest
from tests.engines import fresh

from neve.local.errors import SqlError

NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    yield from fresh(tmp_path_factory)


@pytest.fixture
def session(engine):
    session = engine.open_session()
    session.execute(f"create database statements_{next(NUMBERS)}")
    yield session
    session.close()


@pytest.fixture
def run(session):
    """Runs statements one after another; the rows of the last."""

    def statements(*texts):
        return [session.execute(text) for text in texts][-1].rows

    return statements


@pytest.fixture
def dicts(session):
    """The rows of a statement by column name."""
    return lambda text: session.execute(text).dicts()


@pytest.fixture
def refused(session):
    """(code, text) of the error that a statement gives, without its heading."""

    def statement(text):
        with pytest.raises(SqlError) as caught:
            session.execute(text)
        return caught.value.code, caught.value.message.removeprefix("SQL compilation error:\n")

    return statement
