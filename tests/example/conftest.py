import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("project.yml", "models", "tasks", "python_tasks", "macros", "seeds")


class Clone:
    """The example in a folder of its own, with its own engine."""

    def __init__(self, folder):
        self.folder = folder
        for part in PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, folder / part)

    def neve(self, *words, exit_code=0):
        """What `neve …` prints; fails unless it leaves with this exit code."""
        command = [Path(sys.executable).with_name("neve"), *words]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == exit_code, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def run(self, *words, exit_code=0):
        """One run of the graph, as `neve run` and `neve retry` tell it; its tasks by name."""
        told = json.loads(self.neve(*words, "--wait", "--output", "json", exit_code=exit_code))
        return {**told, "tasks": {task["name"]: task for task in told["tasks"]}}

    def sql(self, text):
        """The rows of a statement, as dicts."""
        import snowflake.connector

        given = json.loads(self.neve("engine", "connection", "--output", "json"))
        with snowflake.connector.connect(**given) as connection:
            cursor = connection.cursor(snowflake.connector.DictCursor)
            return cursor.execute(text).fetchall()

    def schemas(self, database="DAG_RUNS"):
        """The schemas of the runs that are still there."""
        return {
            row["name"] for row in self.sql(f"SHOW SCHEMAS IN DATABASE {database}") if row["name"].startswith("RUN_")
        }


@pytest.fixture(scope="session")
def clone(tmp_path_factory):
    return Clone(tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="session")
def neve_engine(clone):
    """The clone's own, so that `neve …` in its folder and the fixtures of neve work on the same one."""
    from neve.testing import engine_of

    with engine_of(clone.folder) as engine:
        yield engine


@pytest.fixture(scope="session")
def deployed(clone, neve_project):
    """The clone, with its data, applied to the local target."""
    return clone


@pytest.fixture(scope="session")
def first(run_graph):
    """The first run, as scheduled."""
    return run_graph("daily_training")
