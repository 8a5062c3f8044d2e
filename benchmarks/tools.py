"""The compilers that are compared, and how each is started on a project."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generate import generate

ENVIRONMENT = {
    **{key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"},
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
    "SQLMESH__DISABLE_ANONYMIZED_ANALYTICS": "true",
}
_BYTECODE = "from importlib.util import find_spec as f; import os; print(os.path.isfile(f('neve.compile').cached))"
_LOAD = "from sqlmesh import Context; Context(paths='.')"


@dataclass(frozen=True, slots=True)
class Tool:
    """A compiler: its command, the format of its projects, the folders in which it keeps what it knows.

    `most` is the number of models beyond which it is left out, for the hours that it would take.
    """

    name: str
    format: str
    command: Sequence[str]
    keeps: Sequence[str]
    most: int = 1_000_000

    def forget(self, project: Path) -> None:
        """Take away what is known from earlier runs: the next one is cold."""
        for folder in self.keeps:
            shutil.rmtree(project / folder, ignore_errors=True)


def tools(environments: Mapping[str, Path | None]) -> list[Tool]:
    """The floor, neve, and those of the others for which a virtual environment is given."""
    floor = [sys.executable, str(Path(__file__).with_name("floor.py")), "."]
    neve = [str(Path(sys.executable).with_name("neve")), "compile", "-t", "prod"]
    found = [Tool("read and hash", "neve", floor, ()), Tool("neve compile", "neve", neve, (".neve", "deploy"))]
    for name, option in (("dbt 2", "dbt_2"), ("dbt 1.11", "dbt_1")):
        if root := environments.get(option):
            for verb in ("parse", "compile"):
                command = [str(root / "bin" / "dbt"), verb, "--project-dir", ".", "--profiles-dir", "."]
                found.append(Tool(f"{name} {verb}", "dbt", command, ("target", "logs")))
    if root := environments.get("sqlmesh"):
        found.append(
            Tool("SQLMesh load", "sqlmesh", [str(root / "bin" / "python"), "-c", _LOAD], (".cache",), most=1000)
        )
    return found


def warm_up(tool: Tool, folder: Path) -> None:
    """Run a tool on a few models, unmeasured, so that Python writes the bytecode of all that it imports.

    Raises RuntimeError where that cannot be written: figures without it would be those of Python's parser.
    """
    project = folder / "warm-up"
    shutil.rmtree(project, ignore_errors=True)
    generate(10, tool.format, project)
    done = subprocess.run(tool.command, cwd=project, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{tool.name} does not run:\n{(done.stdout + done.stderr)[-2000:]}")
    if tool.name.startswith("neve"):
        command = [sys.executable, "-c", _BYTECODE]
        compiled = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)
        if compiled.stdout.strip() != "True":
            raise RuntimeError("Python could not write the bytecode of neve: its folder or PYTHONPYCACHEPREFIX")
    shutil.rmtree(project)
