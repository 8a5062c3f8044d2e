import pytest
from tests.engines import fresh

HEAD = """CREATE OR REPLACE PROCEDURE {name}({parameters}) RETURNS {returns} LANGUAGE PYTHON RUNTIME_VERSION = '3.11'
  PACKAGES = ('snowflake-snowpark-python') HANDLER = 'main' {more} EXECUTE AS {rights} AS $${code}$$"""


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    yield from fresh(tmp_path_factory)


@pytest.fixture(scope="session")
def session(engine):
    opened = engine.open_session()
    opened.execute("CREATE DATABASE D")
    opened.execute("USE SCHEMA D.PUBLIC")
    return opened


@pytest.fixture
def procedure(session):
    """Makes a procedure in Python of the handler `main`; all are dropped after the test."""

    def create(code, parameters="", returns="VARCHAR", more="", rights="CALLER", name="P"):
        session.execute(
            HEAD.format(code=code, parameters=parameters, returns=returns, more=more, rights=rights, name=name)
        )

    yield create
    for row in session.execute("SHOW PROCEDURES").dicts():
        signature = row["arguments"].partition(" RETURN")[0].replace("DEFAULT ", "")
        session.execute(f"DROP PROCEDURE {signature}")
