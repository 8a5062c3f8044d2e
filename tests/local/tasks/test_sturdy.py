"""Tasks that get in each other's way, hang or crash; what the process of a task can reach of the engine."""

import hashlib
import json
import sqlite3

import pytest

pytestmark = pytest.mark.engine

OK = "SELECT 1"


class TestConflicts:
    """Parallel tasks that write the same rows wait for each other."""

    @pytest.mark.parametrize(
        "body",
        [
            "UPDATE counter SET n = n + 1",
            "MERGE INTO counter USING (SELECT 1 AS one) s ON TRUE WHEN MATCHED THEN UPDATE SET n = n + s.one",
            "BEGIN UPDATE counter SET n = n + 1; INSERT INTO log SELECT n FROM counter; END",
            "BEGIN BEGIN TRANSACTION; UPDATE counter SET n = n + 1; INSERT INTO log VALUES (1); COMMIT; END",
        ],
    )
    def test_no_write_is_lost(self, sql, body):
        sql("CREATE TABLE counter (n INT)", "INSERT INTO counter VALUES (0)", "CREATE TABLE log (n INT)")
        sql.graph(f"r AS {OK}", *(f"c{i} AFTER r AS {body}" for i in range(8)))
        assert set(sql.run().values()) == {"SUCCEEDED"}, sql.history(ERROR_ONLY="TRUE")
        assert sql.value("SELECT n FROM counter") == 8


def procedure(name, code):
    return f"""CREATE PROCEDURE {name}() RETURNS VARCHAR LANGUAGE PYTHON RUNTIME_VERSION = '3.11'
      PACKAGES = ('snowflake-snowpark-python') HANDLER = 'main' EXECUTE AS CALLER AS $${code}$$"""


CRASHES = {
    "exits": "import os\ndef main(session):\n    os._exit(3)",
    "segfaults": "import ctypes\ndef main(session):\n    ctypes.string_at(0)",
    "hangs": "def main(session):\n    while True:\n        pass",
    "sleeps": """
import signal, time
def main(session):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)""",
    "hoards": """
import resource
def main(session):
    resource.setrlimit(resource.RLIMIT_AS, (4_000_000_000, 4_000_000_000))
    return len(bytearray(8_000_000_000))""",
    "forks": "import subprocess\ndef main(session):\n    subprocess.run(['sleep', '600'])",
}


@pytest.mark.fact("3.4")
def test_a_python_task_that_hangs_or_crashes_fails_alone_within_its_timeout(sql):
    for name, code in CRASHES.items():
        sql(procedure(f"p_{name}", code))
    sql(procedure("p_fine", "def main(session):\n    return session.sql('select 5').collect()[0][0]"))
    sql("CALL p_fine()")  # what takes long is starting the first process
    limited = {"hangs", "sleeps", "forks"}
    limit = {name: "USER_TASK_TIMEOUT_MS = 3000" if name in limited else "" for name in CRASHES}
    tasks = [f"{name} {limit[name]} AFTER r AS CALL p_{name}()" for name in CRASHES]
    sql.graph(f"r AS {OK}", *tasks, "fine AFTER r AS CALL p_fine()")
    assert sql.run() == {"R": "SUCCEEDED", "FINE": "SUCCEEDED", **{name.upper(): "FAILED" for name in CRASHES}}
    errors = {name: sql.row(name.upper())["ERROR_MESSAGE"] for name in CRASHES}
    assert "3" in errors["exits"]
    assert "SIGSEGV" in errors["segfaults"]
    assert "MemoryError" in errors["hoards"]
    assert all("timeout of 3 second(s)" in errors[name] for name in limited)
    assert sql.value("SELECT 1") == 1


def test_a_run_whose_end_could_not_be_written_is_ended_by_the_next_statement(sql, monkeypatch):
    """As on a disk that was full for a while."""
    sql.graph(f"r AS {OK}", f"a AFTER r AS {OK}")
    save = sql.tasks.records.save_graph

    def fails(*runs):
        if any(run.completed_time for run in runs):
            raise sqlite3.OperationalError("database or disk is full")
        save(*runs)

    monkeypatch.setattr(sql.tasks.records, "save_graph", fails)
    sql("EXECUTE TASK r AWAIT")
    assert [run["STATE"] for run in sql.graphs("CURRENT")] == ["EXECUTING"]
    monkeypatch.undo()
    assert sql.refusal("EXECUTE TASK r RETRY LAST").code == 91456
    assert sql.last()["STATE"] == "SUCCEEDED"
    assert sql.run() == {"R": "SUCCEEDED", "A": "SUCCEEDED"}


NOISE = """
import os, warnings

def main(session):
    print("a word of the user's")
    exec("import warnings; warnings.warn('noise of a library')", {"__name__": "snowflake.ml.anything"})
    with open("/proc/self/oom_score_adj") as file:
        return file.read().strip() + os.environ["TQDM_DISABLE"]
"""


def test_the_log_has_the_users_words_and_not_those_of_libraries(sql):
    """And when memory runs out, the process of the task is the first to go."""
    sql(procedure("noisy", NOISE))
    assert sql.value("CALL noisy()") == "10001"
    log = (sql.engine.state / "engine.log").read_text()
    assert "a word of the user's" in log
    assert "noise of a library" not in log


def test_a_client_that_hangs_up_leaves_no_trace(sql, capfd):
    import socket
    import struct

    with socket.create_connection(sql.engine.address) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # resets the connection
        client.sendall(b"POST /session/heartbeat HTTP/1.1\r\nContent-Length: 5\r\n\r\n")
    assert sql.value("SELECT 1") == 1
    assert "Traceback" not in capfd.readouterr().err


LOOK = '''
import gc, hashlib, json, os

def main(session, secrets):
    """What this process has of the engine: its open files, its environment, every text that is reachable."""
    files = []
    for number in os.listdir("/proc/self/fd"):
        try:
            files.append(os.readlink(f"/proc/self/fd/{number}"))
        except OSError:
            pass
    texts, waiting, seen = set(os.environ.values()), list(gc.get_objects()), set()
    gc.unfreeze()
    waiting += gc.get_objects()
    for thing in waiting:
        for part in gc.get_referents(thing):
            if isinstance(part, str):
                texts.add(part)
    found = [text for text in texts if hashlib.sha256(text.encode(errors="replace")).hexdigest() in json.loads(secrets)]
    return json.dumps({"files": files, "found": len(found), "control": len(texts) > 1000})
'''


def test_the_process_of_a_task_has_neither_the_engines_secret_nor_its_files(sql):
    server = sql.engine.listen()
    secrets = json.dumps([hashlib.sha256(server.password.encode()).hexdigest()])
    sql(
        f"""CREATE PROCEDURE look(secrets VARCHAR) RETURNS VARCHAR LANGUAGE PYTHON RUNTIME_VERSION = '3.11'
            PACKAGES = ('snowflake-snowpark-python') HANDLER = 'main' EXECUTE AS CALLER AS $${LOOK}$$""",
        "CREATE TABLE seen (what VARCHAR)",
        f"""CREATE TASK r AS BEGIN
              LET what VARCHAR := (CALL look('{secrets}'));
              INSERT INTO seen VALUES (:what);
            END""",
    )
    assert sql.run() == {"R": "SUCCEEDED"}, sql.row("R")["ERROR_MESSAGE"]
    seen = json.loads(sql.value("SELECT what FROM seen"))
    assert seen["control"], "it looked at what there is"
    assert seen["found"] == 0
    state = sql.engine.state
    assert {file for file in seen["files"] if file.startswith(str(state))} <= {str(state / "engine.log")}
