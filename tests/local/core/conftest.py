"""A session on a fresh engine, with a table `t` of one row that has a column of every type."""

import itertools

import pytest

from neve.local.errors import SqlError

NUMBERS = itertools.count(1)
TABLE = """
create table t (
  i int, n number(10,2), f float, s varchar, b boolean, d date, ts timestamp, l timestamp_ltz, j variant, a array,
  o object, tm time, sd varchar, si varchar, bin binary, u int)
"""
ROW = """
insert into t select 7, 2.50, 1.5, 'abc', true, '2024-03-11', '2024-03-11 10:20:30.123456', '2024-03-11 10:20:30',
  parse_json('{"x":1,"y":"t","z":[1,2]}'), [1,2], {'k': 1}, '10:20:30', '2024-03-11', '42', to_binary('61', 'HEX'), 2
"""


@pytest.fixture(scope="module")
def shared(engine):
    """One session for tests that only read."""
    session = engine.open_session()
    for statement in ("create database shared", TABLE, ROW):
        session.execute(statement)
    return session


@pytest.fixture
def value(shared):
    """The one value of a query, exact in value and type."""

    def run(sql):
        found = shared.execute(sql).rows[0][0]
        return Exact(found)

    return run


class Exact:
    """Equal only to a value of the same type; floats to twelve digits."""

    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        if type(self.value) is not type(other):
            return False
        return self.value == pytest.approx(other, abs=1e-12) if isinstance(other, float) else self.value == other

    __hash__ = None

    def __repr__(self):
        return repr(self.value)


@pytest.fixture
def session(engine):
    """A session in a database of its own."""
    name = f"db_{next(NUMBERS)}"
    session = engine.open_session()
    session.execute(f"create database {name}")
    yield session
    session.execute(f"drop database if exists {name}")
    session.close()


@pytest.fixture
def rows(session):
    """The rows of a statement."""
    return lambda sql, binds=(): session.execute(sql, binds).rows


@pytest.fixture
def refused(session):
    """(code, SQLSTATE) of the error that a statement gives."""

    def run(sql, binds=()):
        with pytest.raises(SqlError) as caught:
            session.execute(sql, binds)
        return caught.value.code, caught.value.sqlstate

    return run
