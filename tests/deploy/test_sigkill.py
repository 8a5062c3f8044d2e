"""The example's apply, its process killed with SIGKILL at every statement: what is left never runs mixed, and the next
apply converges.
"""

import multiprocessing
import os
import runpy
import shutil
import signal
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
import snowflake.connector

from neve.compile import compile_project
from neve.deploy.apply import apply, read_plan
from neve.deploy.connect import Account
from neve.deploy.errors import Locked
from neve.local.engine import Engine
from neve.local.session import Session

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
PARTS = ("project.yml", "models", "tasks", "python_tasks", "macros")
CHILD = str(Path(__file__).with_name("applied.py"))
READS = ("SHOW", "SELECT")
forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(["neve.deploy.apply", "snowflake.connector"])


def copy_example(folder):
    """The example as it is, and with a task altered, a task more and a procedure replaced."""
    for name in ("before", "after"):
        (folder / name).mkdir()
        for part in PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, folder / name / part)
    edited = folder / "after"
    model, task = edited / "models/transactions.sql", edited / "python_tasks/evaluate.py"
    model.write_text(model.read_text().replace("t.isfraud,", "t.isfraud + 0 as isfraud,"))
    task.write_text(task.read_text() + "\n# once more\n")
    (edited / "tasks/thank.sql").write_text("/*---\nafter: train\n---\nThank.\n*/\nselect 1\n")


class Place:
    """The example on an engine in this process, which can kill those who talk to it."""

    def __init__(self, folder, engine):
        copy_example(folder)
        compiled = [compile_project(folder / name, "local", {})[0] for name in ("before", "after")]
        self.before, self.after = (one.script for one in compiled)
        self.project = compiled[0].project
        host, port = engine.listen().address
        login = {"account": "neve_local", "user": "neve", "password": engine.listen().password}
        self.arguments = {"host": host, "port": port, "protocol": "http", **login}
        self.account = Account(snowflake.connector.connect(**self.arguments))
        self.session = engine.open_session()
        self.whole = []

    def plan(self, script):
        return read_plan(script, self.account, self.project)

    def apply(self, script):
        apply(self.plan(script), self.account)

    @contextmanager
    def applying(self, script, number, signum):
        """An apply in a process of its own, which gets a signal when its changing statement `number` is at the account:
        that carries the statement out all the same. `self.hit` tells when.
        """
        given = {"SCRIPT": script, "PROJECT": self.project, "ARGUMENTS": self.arguments}
        process = forks.Process(target=runpy.run_path, args=(CHILD, given))
        mine = {self.account.raw.rest.token, self.session.token}
        self.hit = threading.Event()
        seen = 0

        def execute(session, sql, *rest):
            nonlocal seen
            if session.token not in mine and not sql.startswith(READS):
                seen += 1
                if seen == number:
                    os.kill(process.pid, signum)
                    self.hit.set()
            return real(session, sql, *rest)

        real = Session.execute
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Session, "execute", execute)
            process.start()
            yield process
            process.join(60)

    def apply_until(self, script, number):
        """An apply that is killed at its statement `number`; False when it ends alive."""
        with self.applying(script, number, signal.SIGKILL) as process:
            process.join(60)
        assert process.exitcode in {0, -signal.SIGKILL}
        return process.exitcode != 0

    def tasks(self):
        names = [row["name"] for row in self.session.execute("SHOW DATABASES").dicts()]
        rows = self.session.execute("SHOW TASKS IN DATABASE DAG_RUNS").dicts() if "DAG_RUNS" in names else []
        return {row["name"]: row for row in rows}

    def comments(self):
        return {name: row["comment"] for name, row in self.tasks().items()}

    def deployed(self):
        """What a deployment brings about, without what differs from one to the next."""
        procedures = self.session.execute("SHOW PROCEDURES IN SCHEMA DAG_RUNS.SCHEDULED_RUNS").dicts()
        texts = {row["name"]: row["description"] for row in procedures}
        return {name: (row["comment"], row["state"]) for name, row in self.tasks().items()}, texts


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sigkill")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("neve.local.procedures.python.preload", lambda *_: None)  # nothing of it is called
        engine = Engine.open(folder / "engine")
        place = Place(folder, engine)
        yield place
        place.account.close()
        engine.close()


def killed_everywhere(place, script, back):
    """Kill at each statement in turn, look, apply, compare, and go back to the start; gives how many kills it took."""
    wanted = place.deployed()
    number = 1
    back()
    while place.apply_until(script, number):
        started = place.tasks().get("DAILY_TRAINING", {}).get("state") == "started"
        assert not started or place.comments() in place.whole, f"a mixed graph runs, killed at {number}"
        place.apply(script)
        assert place.deployed() == wanted, f"killed at {number}"
        assert place.plan(script).steps == ()
        back()
        number += 1
    assert place.deployed() == wanted
    return number - 1


def test_the_first_apply_killed_at_every_statement(place):
    place.apply(place.before)
    place.whole = [place.comments()]
    kills = killed_everywhere(place, place.before, lambda: place.session.execute("DROP DATABASE DAG_RUNS"))
    assert kills > len(place.before.statements)


def test_an_edit_killed_at_every_statement(place):
    place.apply(place.before)
    old = place.comments()
    place.apply(place.after)
    place.whole = [old, place.comments()]
    assert place.whole[0] != place.whole[1]
    assert killed_everywhere(place, place.after, lambda: place.apply(place.before)) > 10


def test_an_apply_at_work_keeps_others_out_until_its_process_is_dead(place):
    place.apply(place.before)
    with place.applying(place.after, 4, signal.SIGSTOP) as process:
        assert place.hit.wait(60)
        with pytest.raises(Locked, match=rf"another apply is at work: .*\(process {process.pid}\)"):
            place.apply(place.after)
        process.kill()
    place.apply(place.after)
    assert place.plan(place.after).steps == ()
