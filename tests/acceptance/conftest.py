"""The finished thing, tried as its users do: the command in a folder of theirs, and clients from outside."""

import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("project.yml", "models", "tasks", "python_tasks", "macros", "seeds")
NEVE = str(Path(sys.executable).with_name("neve"))


class Place:
    """A project's folder, and what is typed there."""

    def __init__(self, root):
        self.root = root

    def type(self, *words, cwd=None, seconds=300):
        """`neve …` as it ended, whatever its exit code."""
        home = self.root / ".home"  # no connections of the person who runs the tests
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("SNOWFLAKE_", "NEVE_"))}
        return subprocess.run(
            [NEVE, *words],
            cwd=cwd or self.root,
            env={**kept, "HOME": str(home), "SNOWFLAKE_HOME": str(home), "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def neve(self, *words, code=0, **options):
        """What `neve …` prints; it must end with this exit code."""
        done = self.type(*words, **options)
        assert done.returncode == code, f"neve {' '.join(words)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout

    def json(self, *words, code=0):
        return json.loads(self.neve(*words, "--output", "json", code=code))

    def connection(self):
        """What `neve engine connection` prints for clients."""
        return self.json("engine", "connection")

    def sql(self, text):
        """The rows of a statement, as dicts, fetched by Snowflake's own client."""
        import snowflake.connector

        with snowflake.connector.connect(**self.connection()) as connection:
            return connection.cursor(snowflake.connector.DictCursor).execute(text).fetchall()

    def stop(self):
        """Stop the engine, if there is one."""
        if (self.root / ".neve/engine").exists():
            self.type("engine", "stop")

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            file.write_bytes(text)
        else:
            file.write_text(textwrap.dedent(text).lstrip())

    def edit(self, path, old, new):
        file = self.root / path
        text = file.read_text()
        assert text.count(old) == 1, f"{old!r} in {path}"
        file.write_text(text.replace(old, new))

    def wait_for(self, condition, seconds=60):
        """What the condition gives once it is true."""
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.1)
        return found


def write_nightly(place):
    """A project whose task `dream` is as slow, and fails, as the config of a run says."""
    place.write(
        "project.yml",
        """
        name: nights
        defaults: {graph: nightly}
        graphs:
          nightly:
            schedule: "@daily"
            config: {until: "", fail: false}
            run_schema: RUN_{run_id}
            cleanup: on_success
        targets:
          local: {engine: local, database: NIGHTS, schema: JOBS}
        """,
    )
    place.write(
        "tasks/count_sheep.sql",
        """
        /*---
        schema: run
        ---
        Fall asleep.
        */
        create or replace table sheep as select 3 as n;
        call system$set_return_value('3');
        """,
    )
    place.write(
        "python_tasks/dream.py",
        '''
        """---
        schema: run
        ---
        Dream until a file is there.
        """
        import time
        from pathlib import Path


        def main(session, run):
            while not Path(run.config["until"]).exists():
                time.sleep(0.05)
            if run.config["fail"]:
                raise ValueError("a nightmare")
            return {"sheep": session.table("sheep").first()["N"]}
        ''',
    )
    place.write(
        "tasks/wake_up.sql",
        """
        /*---
        after: dream
        ---
        Get up.
        */
        select 1
        """,
    )
    return place


@pytest.fixture
def place(tmp_path):
    """A folder's place by the folder's name below the test's; what runs there is stopped at the end."""
    places = {}

    def at(name="."):
        (tmp_path / name).mkdir(exist_ok=True)
        return places.setdefault(name, Place(tmp_path / name))

    yield at
    for one in places.values():
        one.stop()


@pytest.fixture(scope="session")
def new_place():
    """A place from its folder; who makes one stops it."""
    return Place


@pytest.fixture(scope="session")
def copy_example():
    """Fills a place with this repository's own project, without what was compiled of it."""

    def copy(place, *more):
        for part in (*PARTS, *more):
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, place.root / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / part, place.root / part)
        return place

    return copy


@pytest.fixture
def example(place, copy_example):
    """The example's files; nothing runs."""
    return copy_example(place())


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """The project of nights, applied to an engine of the module's."""
    place = write_nightly(Place(tmp_path_factory.mktemp("nights")))
    try:
        place.neve("apply")
        yield place
    finally:
        place.stop()
