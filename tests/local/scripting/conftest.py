import textwrap

import pytest

from neve.local.errors import SqlError


def refused(session, text):
    """The error of a statement."""
    with pytest.raises(SqlError) as caught:
        session.execute(textwrap.dedent(text))
    return caught.value


@pytest.fixture(scope="module")
def session(engine):
    opened = engine.open_session()
    opened.execute("CREATE DATABASE D")
    opened.execute("USE SCHEMA D.PUBLIC")
    opened.execute("CREATE TABLE ITEM (ID NUMBER, NAME VARCHAR, PRICE NUMBER(10, 2))")
    opened.execute("INSERT INTO ITEM VALUES (1, 'ink', 1.50), (2, 'pen', 2.25), (3, 'pad', NULL)")
    return opened


@pytest.fixture
def returned(session):
    """The value that a block returns."""

    def run(block):
        result = session.execute(block)
        assert [column.name for column in result.columns] == ["anonymous block"]
        ((value,),) = result.rows
        return value

    return run
