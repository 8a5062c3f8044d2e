"""The engine's own process: started once, found again, stopped, its state kept."""

import json
import os
import shutil
import stat
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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


def test_process_that_is_no_engine_is_left_alone(tmp_path):
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Says200)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        facts = {"pid": other.pid, "host": "127.0.0.1", "port": server.server_port, "account": "a", "user": "u"}
        (tmp_path / "engine.json").write_text(json.dumps({**facts, "password": "p"}))
        assert manage.status(tmp_path) is None
        assert manage.stop(tmp_path) is False
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
        server.shutdown()
        server.server_close()


class Says200(BaseHTTPRequestHandler):
    """Whoever has got the port of an engine that is gone."""

    def do_POST(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


def test_engine_goes_when_nobody_can_find_it_any_more(state):
    first = manage.start(state)
    (state / "engine.json").unlink()
    second = manage.start(state)
    assert second.pid != first.pid
    assert manage.status(state) == second
    wait_for_the_end(first.pid)


def test_engine_goes_when_its_folder_does(tmp_path):
    state = tmp_path / "engine"
    first = manage.start(state)
    shutil.rmtree(state)
    second = manage.start(state)
    wait_for_the_end(first.pid)
    assert manage.status(state) == second
    assert manage.stop(state)


def wait_for_the_end(pid):
    """An engine that this process has started ends by itself."""
    deadline = time.monotonic() + 30
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        assert time.monotonic() < deadline, "it still runs"
        time.sleep(0.1)
