"""The README's first edit, command by command, on a copy of this project with an engine of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
GIT = {f"GIT_{who}_{what}": "neve@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
ENVIRONMENT = os.environ | GIT | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}


@pytest.fixture
def shell(demo):
    """A shell in the copy, as `make demo` leaves it: compiled, committed, seeded, applied. Gives what a line prints."""

    def run(line, code=0):
        done = subprocess.run(
            ["bash", "-c", line], cwd=demo, env=ENVIRONMENT, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == code, f"{line}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    try:
        for line in ("neve compile", "git init -q && git add . && git commit -qm Start", "neve seed", "neve apply"):
            run(line)
        yield run
    finally:
        run("neve engine stop")


@pytest.mark.slow
@pytest.mark.engine
def test_the_first_edit(shell, blocks):
    (edit,) = [b for b in blocks("README.md") if b.language == "sh" and b.section == "A first edit"]
    printed = {}
    for line in edit.commands:
        printed[line.split("#")[0].strip()] = shell(line, code=int("# fails on purpose" in line))
    diff = printed["git diff deploy/local.sql"].splitlines()
    changed = [line for line in diff if line[0] in "+-" and not line.startswith(("+++", "---"))]
    assert [line[0] for line in changed] == ["-", "+", "-", "+"]  # the mark in the COMMENT, and the line
    assert "1 to alter, " in printed["neve plan"]
    assert "Stands still meanwhile: DAG_RUNS.SCHEDULED_RUNS.DAILY_TRAINING.\n" in printed["neve plan"]
    assert "python_tasks/train.py:14" in printed["neve why daily_training"]
