"""The engine's own process: started once, found again, stopped, its state kept."""

import json
import os
import stat

import pytest
import snowflake.connector

from neve.local import manage

pytestmark = pytest.mark.engine


@pytest.fixture
def state(tmp_path):
    yield tmp_path
    manage.stop(tmp_path)


def test_a_second_start_finds_the_first(state):
    assert manage.status(state) is None
    first = manage.start(state)
    assert manage.start(state) == first == manage.status(state)


def test_the_password_is_for_this_user_only(state):
    running = manage.start(state)
    file = state / "engine.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["password"] == running.password
    assert running.password not in repr(running)


def test_tables_survive_a_restart(state):
    with snowflake.connector.connect(**manage.start(state).connection) as connection:
        connection.execute_string(
            "create database kept; create table kept.public.t as select 5 as a, 'x'::varchar(3) as b"
        )
    assert manage.stop(state)
    assert manage.status(state) is None
    with snowflake.connector.connect(**manage.start(state).connection) as connection:
        cursor = connection.cursor().execute("select * from kept.public.t")
        assert cursor.fetchall() == [(5, "x")]


def test_a_killed_engine_is_started_anew(state):
    first = manage.start(state)
    with snowflake.connector.connect(**first.connection) as connection:
        connection.execute_string("create database kept; create table kept.public.t as select 5 as a")
        os.kill(first.pid, 9)
    second = manage.start(state)
    assert second.pid != first.pid
    with snowflake.connector.connect(**second.connection) as connection:
        assert connection.cursor().execute("select a from kept.public.t").fetchall() == [(5,)]


def test_stop_without_an_engine(tmp_path):
    assert manage.stop(tmp_path) is False
