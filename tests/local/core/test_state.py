"""State folders that are damaged, full or held: plain words, and what to do."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from neve.local import manage
from neve.local.engine import Engine, StateUnreadable
from neve.local.store import Store

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """The state of an engine that was closed."""
    folder = tmp_path_factory.mktemp("good") / "state"
    engine = Engine.open(folder)
    session = engine.open_session()
    for statement in (
        "create database d",
        "create table d.public.t as select 5 as a",
        "create task d.public.r as select 1",
    ):
        session.execute(statement)
    session.execute("execute task d.public.r await")
    engine.close()
    return folder


def garbage(path):
    path.write_bytes(b"\x00garbage\xff" * 2000)


def cut(path):
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize("damage", [garbage, cut])
@pytest.mark.parametrize("file", ["data/D.duckdb", "catalog.sqlite"])
def test_a_damaged_file_is_named_with_what_to_do(good, tmp_path, file, damage):
    state = tmp_path / "state"
    subprocess.run(["cp", "-r", good, state], check=True)
    damage(state / file)
    with pytest.raises(StateUnreadable) as caught:
        Engine.open(state)
    assert Path(file).name in str(caught.value)
    assert str(caught.value).endswith(f"mv {state} {state}.broken")


def test_a_started_engine_says_it_without_a_traceback(good, tmp_path):
    state = tmp_path / "state"
    subprocess.run(["cp", "-r", good, state], check=True)
    garbage(state / "data/D.duckdb")
    with pytest.raises(manage.EngineFailed) as caught:
        manage.start(state)
    assert str(caught.value).startswith(f"its state in {state} cannot be used: ")
    assert "Traceback" not in str(caught.value) + (state / "engine.log").read_text()
    assert manage.status(state) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', "null", "\x00\xff"])
def test_an_engine_json_that_says_nothing_is_no_engine(tmp_path, text):
    (tmp_path / "engine.json").write_text(text)
    holding = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "held")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holding:
        holding.stdout.readline()
        assert manage.status(tmp_path) is None
        holding.stdin.close()


HOLD = (
    "import fcntl, sys; f = open(sys.argv[1], 'wb'); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); sys.stdin.read()"
)

FULL = """
import json, resource, sys
from pathlib import Path
from neve.local.engine import Engine
from neve.local.errors import SqlError
engine = Engine.open(Path(sys.argv[1]))
session = engine.open_session("D", "PUBLIC")
fill = "INSERT INTO big SELECT RANDSTR(1000, RANDOM()) FROM TABLE(GENERATOR(ROWCOUNT => 20000))"
for statement in ("CREATE TABLE big (x VARCHAR)", f"CREATE TASK fill AS {fill}", "CREATE TASK small AS SELECT 1"):
    session.execute(statement)
resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, resource.RLIM_INFINITY))
said = []
for statement in (fill, "EXECUTE TASK fill AWAIT", "SELECT COUNT(*) FROM big", "EXECUTE TASK small AWAIT"):
    try:
        said.append(str(session.execute(statement).rows[0][0]))
    except SqlError as error:
        said.append(error.message)
history = session.execute("SELECT NAME, STATE, ERROR_MESSAGE FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY())").rows
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
session.execute(fill)
print(json.dumps([said, history, session.execute("SELECT COUNT(*) FROM big").rows[0][0]]))
engine.close()
"""


def test_a_full_disk_is_said_and_survived(good, tmp_path):
    """Files that may not grow stand for it: the statement fails and changes nothing; with room again it works."""
    state = tmp_path / "state"
    subprocess.run(["cp", "-r", good, state], check=True)
    done = subprocess.run([sys.executable, "-c", FULL, state], capture_output=True, text=True, check=True)
    (filled, ran, count, small), history, after = json.loads(done.stdout)
    assert "free some space" in filled
    assert (ran, count) == ("Task FILL is scheduled to run immediately.", "0")
    assert small == "Task SMALL is scheduled to run immediately."
    states = {name: (state, message) for name, state, message in history}
    assert states["FILL"][0] == "FAILED"
    assert "free some space" in states["FILL"][1]
    assert states["SMALL"] == ("SUCCEEDED", None)
    assert after == 20000


def test_a_store_goes_on_after_what_it_could_not_write(tmp_path):
    """A full disk shows when rows are written, or only at the commit; deferred keys stand for the latter."""
    store = Store(
        tmp_path / "store.sqlite",
        ["CREATE TABLE t (x TEXT)", "CREATE TABLE k (x REFERENCES p DEFERRABLE INITIALLY DEFERRED)",
         "CREATE TABLE p (x PRIMARY KEY)"],
    )  # fmt: skip
    with store.transaction() as db:
        db.execute("PRAGMA max_page_count = 20")
    for statement, error in (
        ("INSERT INTO t VALUES (hex(zeroblob(200000)))", "disk is full"),
        ("INSERT INTO k VALUES (5)", "FOREIGN KEY"),
    ):
        with pytest.raises(sqlite3.Error, match=error), store.transaction() as db:
            db.execute(statement)
        with store.transaction() as db:
            db.execute("INSERT INTO t VALUES ('small')")
    with store.transaction() as db:
        assert [tuple(row) for row in db.execute("SELECT x FROM t")] == [("small",), ("small",)]
        assert db.execute("SELECT count(*) FROM k").fetchone()[0] == 0
    store.close()


def test_a_busy_engine_is_a_running_one(tmp_path):
    first = manage.start(tmp_path)
    os.kill(first.pid, signal.SIGSTOP)  # it listens, and does not answer
    try:
        assert manage.status(tmp_path) == first
        assert manage.start(tmp_path) == first
    finally:
        os.kill(first.pid, signal.SIGCONT)
        assert manage.stop(tmp_path)


def test_starts_at_the_same_time_make_one_engine(tmp_path):
    found = []
    threads = [threading.Thread(target=lambda: found.append(manage.start(tmp_path))) for _ in range(3)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(found) == len(threads)
        assert len(set(found)) == 1
    finally:
        assert manage.stop(tmp_path)


def test_it_listens_on_127_0_0_1_alone_and_lets_nobody_in_without_the_password(tmp_path):
    import snowflake.connector

    running = manage.start(tmp_path)
    try:
        port = f"{running.port:04X}"
        listening = [
            line.split()[1]
            for table in ("/proc/net/tcp", "/proc/net/tcp6")
            for line in Path(table).read_text().splitlines()[1:]
            if line.split()[3] == "0A" and line.split()[1].endswith(f":{port}")
        ]
        assert listening == [f"0100007F:{port}"]
        for password in ("", "wrong", running.password[:-1]):
            with pytest.raises(snowflake.connector.errors.Error):
                snowflake.connector.connect(**{**running.connection, "password": password})
    finally:
        assert manage.stop(tmp_path)
