"""The unmodified snowflake.core on an engine, a schema for every test."""

import time

import pytest
from tests.engines import fresh, login, own_schema


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    for opened in fresh(tmp_path_factory):
        opened.open_session().execute("CREATE DATABASE D")
        yield opened


@pytest.fixture(scope="session")
def connection(engine):
    from snowflake import connector

    with connector.connect(**login(engine)) as opened:
        yield opened


@pytest.fixture
def schema(engine, connection, monkeypatch):
    """The schema as snowflake.core has it: the session's own database and schema are others."""
    from snowflake.core import Root

    for name in ("HTTPS_PROXY", "https_proxy"):  # snowflake.core would look for 127.0.0.1 behind it
        monkeypatch.delenv(name, raising=False)
    name = own_schema(engine)
    connection.cursor().execute("USE SCHEMA D.PUBLIC")
    return Root(connection).databases["d"].schemas[name]


@pytest.fixture
def sql(connection):
    """The rows of a statement, as dicts."""
    from snowflake.connector import DictCursor

    def run(text):
        return connection.cursor(DictCursor).execute(text).fetchall()

    return run


@pytest.fixture
def history(sql, schema):
    """(state, return value, error) by task, of the last attempt of a graph that is waited for."""

    def of(root):
        deadline = time.monotonic() + 60
        while any(run.state in {"SCHEDULED", "EXECUTING"} and run.query_start_time for run in current(root)):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        rows = sql(f"SELECT * FROM TABLE(D.INFORMATION_SCHEMA.TASK_HISTORY()) WHERE SCHEMA_NAME = '{schema.name}'")
        ran = [row for row in rows if row["STATE"] != "SCHEDULED" and row["NAME"].split("$")[0] == root]
        newest = {row["NAME"]: row for row in sorted(ran, key=lambda row: (row["RUN_ID"], row["ATTEMPT_NUMBER"]))}
        return {name: (row["STATE"], row["RETURN_VALUE"]) for name, row in newest.items()}

    def current(root):
        return schema.tasks[root].get_current_graphs()

    return of
