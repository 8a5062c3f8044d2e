"""A session in a database and schema of its own."""

import pytest


@pytest.fixture
def session(engine):
    made = engine.open_session()
    for sql in ("CREATE OR REPLACE DATABASE D", "CREATE SCHEMA D.S"):
        made.execute(sql)
    yield made
    made.close()


@pytest.fixture
def run(session):
    """Runs statements in that session; the rows of the last one."""
    return lambda *statements: [session.execute(sql).rows for sql in statements][-1]
