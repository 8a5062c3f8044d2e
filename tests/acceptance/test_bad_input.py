"""Whatever is wrong with a project is said in a sentence, with its place, and nothing of it is deployed."""

import http.server
import json
import subprocess
import sys
import threading

import pytest


def edit(path, old, new):
    return lambda place: place.edit(path, old, new)


def write(path, text):
    return lambda place: place.write(path, text)


def remove(path):
    return lambda place: (place.root / path).unlink()


MISTAKES = {
    "no project.yml": (remove("project.yml"), "There is no project.yml"),
    "an empty project.yml": (write("project.yml", ""), "project.yml"),
    "a project.yml that is a list": (write("project.yml", "- a\n"), "project.yml:1:1"),
    "a project.yml that is not UTF-8": (write("project.yml", b"name: \xff\n"), "project.yml:1:7"),
    "broken YAML in project.yml": (edit("project.yml", "vars:", "vars: {"), "project.yml:4:7"),
    "a tab in project.yml": (write("project.yml", "name: x\n\tgraphs: 1\n"), "project.yml:2:1"),
    "an unknown key in project.yml": (edit("project.yml", "cleanup: on", "cleenup: on"), "Write `cleanup`."),
    "an unknown key in a header": (
        edit("models/transactions.sql", "materialized:", "materialised:"),
        "models/transactions.sql:2:1",
    ),
    "broken YAML in a SQL header": (
        edit("models/transactions.sql", "materialized: table", "materialized: [table"),
        "models/transactions.sql:2:20",
    ),
    "broken YAML in a Python header": (
        edit("python_tasks/train.py", "packages: [", "packages: {["),
        "python_tasks/train.py:2:41",
    ),
    "a header without an end": (
        edit("models/transactions.sql", "materialized: table\n---", "materialized: table"),
        "models/transactions.sql:1:3",
    ),
    "broken SQL in a model": (
        edit("models/transactions.sql", "financial_account sender on", "financial_account sender onn on"),
        "models/transactions.sql:16:31",
    ),
    "broken SQL behind a macro": (
        edit("tasks/split_data.sql", "where not (", "where not (("),
        "tasks/split_data.sql:9:70",
    ),
    "a block without an end": (edit("tasks/check_accuracy.sql", "end;", ""), "tasks/check_accuracy.sql:9:43"),
    "broken Jinja": (
        edit("models/transactions.sql", "{{ window('from') }}", "{{ window('from') }"),
        "models/transactions.sql:19:35",
    ),
    "an unknown macro": (
        edit("models/transactions.sql", "window('from')", "windoww('from')"),
        "Did you mean `window`?",
    ),
    "a mistake in a macro": (edit("macros/fraud.sql", "loop.last", "looop.last"), "macros/fraud.sql:9:92"),
    "a variable that is not set": (
        edit("models/transactions.sql", "var('birth_countries')", "var('birth_cuontries')"),
        "models/transactions.sql:14:39",
    ),
    "a cycle": (
        edit("python_tasks/feature_eng.py", "packages:", "after: evaluate\npackages:"),
        "circle: evaluate → split_data → feature_eng → evaluate",
    ),
    "an unknown table": (
        edit("models/transactions.sql", "financial_account receiver", "financial_acount receiver"),
        "models/transactions.sql:17:6",
    ),
    "an unknown ref()": (
        edit("models/transactions.sql", "from financial_transactions t", "from {{ ref('transactionz') }} t"),
        "models/transactions.sql:15:6",
    ),
    "an unknown task in after": (edit("python_tasks/evaluate.py", "after: train", "after: trian"), "evaluate.py:3:8"),
    "an unknown return value": (
        edit("tasks/check_accuracy.sql", "value('evaluate')", "value('evaluat')"),
        "tasks/check_accuracy.sql:6:69",
    ),
    "a Python syntax error": (
        edit("python_tasks/train.py", "def main(session, run):", "def main(session, run:"),
        "python_tasks/train.py:11:9",
    ),
    "a Python syntax error in a helper": (
        edit("python_tasks/fraud_features.py", "def registry(", "def registry(("),
        "python_tasks/fraud_features.py:10:14",
    ),
    "a Python task without main": (
        edit("python_tasks/train.py", "def main(session, run):", "def mian(session, run):"),
        "Write `def main(session, run):`.",
    ),
    "a task that is not UTF-8": (
        write("tasks/latin.sql", "-- Grüße\nselect 1".encode("latin-1")),
        "tasks/latin.sql:1:6",
    ),
    "an empty task": (write("tasks/empty.sql", ""), "tasks/empty.sql"),
    "a model of blanks": (write("models/blank.sql", "\n  \n"), "models/blank.sql"),
    "a task that is only a comment": (
        write("tasks/later.sql", "/*---\n---\nLater.\n*/\n-- not yet\n"),
        "tasks/later.sql",
    ),
    "two files of one name": (write("tasks/train.sql", "select 1"), "tasks/train.sql"),
    "an option Snowflake refuses": (
        edit("project.yml", "schedule: 24 hours", "schedule: 30 hourz"),
        "project.yml:15:15",
    ),
}


def refusal(place, *words, code):
    """What is said by a verb that refuses, with nothing deployed and no traceback."""
    done = place.type(*words)
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    assert "Traceback" not in said
    assert not (place.root / ".neve/engine").exists()
    assert not list((place.root / ".neve").glob("crash-*"))
    return done.stderr


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_in_a_file_is_told_with_its_place(example, mistake):
    make, told = MISTAKES[mistake]
    make(example)
    said = refusal(example, "apply", code=1)
    assert told in said
    assert [line for line in said.splitlines() if line.startswith("1 error. ")], "and nothing that follows from it"


def test_all_mistakes_are_told_at_once(example):
    edit("models/transactions.sql", "materialized:", "materialised:")(example)
    edit("python_tasks/setup.py", "def main(session, run):", "def main(session, run:")(example)
    edit("python_tasks/evaluate.py", "after: train", "after: trian")(example)
    said = refusal(example, "compile", code=1)
    assert "3 errors" in said
    assert not (example.root / "deploy").exists()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("apply", "-t", "prd"), 1, "Did you mean `prod`?"),
        (("run", "daily_trainin"), 64, "neve run daily_training"),
        (("retry", "daily_trainin"), 64, "neve retry daily_training"),
        (("runs", "daily_trainin"), 64, "daily_training"),
        (("why", "daily_trainin"), 64, "daily_training"),
        (("run", "daily_training", "--config", "oops"), 64, "KEY=VALUE"),
        (("run", "daily_training", "--as-of", "soon"), 64, "--as-of 2024-03-11"),
        (("apply", "-t", "prod", "--auto-approve"), 69, "there is no connection 'prod'"),
        (("plan", "-t", "prod"), 69, "there is no connection 'prod'"),
        (("run", "daily_training", "-t", "prod"), 69, "there is no connection 'prod'"),
        (("apply", "-C", "nowhere"), 64, "'nowhere' does not exist"),
        (("aply",), 64, "aply"),
    ],
)
def test_mistake_on_the_command_line(example, words, code, told):
    assert told in refusal(example, *words, code=code)


def test_snowflake_that_nobody_answers_for(example):
    example.write(
        ".home/connections.toml", '[prod]\naccount="a"\nuser="u"\npassword="hunter2x"\nhost="127.0.0.1"\nport=9\n'
    )
    (example.root / ".home/connections.toml").chmod(0o600)
    said = refusal(example, "plan", "-t", "prod", code=69)
    assert "cannot connect to connection 'prod' of target 'prod'" in said
    assert "hunter2x" not in said


FOUND = {"host": "127.0.0.1", "port": 9, "account": "neve_local", "user": "neve", "password": "p"}


@pytest.mark.parametrize("text", ["{oops", "[1]", "\x00", '{"pid": 1}', {"pid": "x", **FOUND}, {"pid": -1, **FOUND}])
def test_state_of_the_engine_that_cannot_be_read_is_no_engine(place, text):
    folder = place()
    folder.neve("init")
    folder.write(".neve/engine/engine.json", text if isinstance(text, str) else json.dumps(text))
    folder.neve("engine", "status", code=69)
    folder.neve("engine", "stop")


@pytest.mark.engine
def test_port_that_is_somebody_elses_by_now(place):
    folder = place()
    folder.neve("init")
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), SaysYes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        found = {**FOUND, "pid": other.pid, "port": server.server_port}
        folder.write(".neve/engine/engine.json", json.dumps(found))
        folder.neve("engine", "stop")
        assert other.poll() is None
        folder.neve("runs")
    finally:
        other.kill()
        other.wait()
        server.shutdown()
        server.server_close()


class SaysYes(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.mark.engine
@pytest.mark.parametrize("path", ["catalog.sqlite", "data/BAKERY.duckdb"])
def test_state_file_that_is_damaged(place, path):
    place().neve("init", "bakery")
    bakery = place("bakery")
    bakery.neve("apply")
    bakery.neve("engine", "stop")
    for file in (bakery.root / ".neve/engine").glob(f"{path}*"):
        file.unlink()
    bakery.write(f".neve/engine/{path}", b"not what was here " * 500)
    done = bakery.type("apply")
    assert done.returncode == 69
    assert "the local engine does not start" in done.stderr
    assert ".neve/engine" in done.stderr
    assert "Traceback" not in done.stderr
    assert (bakery.root / ".neve/engine" / path).read_bytes().startswith(b"not what was here")


def test_state_folder_that_cannot_be_made(place):
    folder = place()
    folder.neve("init")
    folder.write(".neve", "a file")
    done = folder.type("apply")
    assert done.returncode == 69
    assert "the local engine does not start" in done.stderr
    assert "Traceback" not in done.stderr
