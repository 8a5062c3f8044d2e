"""The hooks for pre-commit. The real one is that which NEVE_PRE_COMMIT names: it installs neve, for a minute."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from neve.cli.main import main

ROOT = Path(__file__).parents[2]
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
PRE_COMMIT = os.environ.get("NEVE_PRE_COMMIT")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose script was written before its last edit."""
    folder = tmp_path / "project"
    assert CliRunner().invoke(main, ["init", str(folder)]).exit_code == 0
    assert CliRunner().invoke(main, ["compile", "-C", str(folder)]).exit_code == 0
    task = next((folder / "python_tasks").glob("*.py"))
    task.write_text(task.read_text() + "\n# once more\n")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(("hook", "code", "again"), [("neve-compile", 0, 0), ("neve-check", 1, 1)])
def test_a_hook_is_a_verb_that_is_there(project, hook, code, again):
    script = (project / "deploy/local.sql").read_text()
    verb = HOOKS[hook]["entry"].split()[1:]
    assert CliRunner().invoke(main, verb).exit_code == code
    assert ((project / "deploy/local.sql").read_text() == script) == (hook == "neve-check")
    assert CliRunner().invoke(main, verb).exit_code == again


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_runs_for_files_of_a_project(hook):
    wanted = re.compile(HOOKS[hook]["files"])
    for path in ("project.yml", "models/staging/a.sql", "tasks/b.sql", "python_tasks/c.py", "macros/d.sql"):
        assert wanted.search(path)
    assert not wanted.search("README.md")
    assert not wanted.search("src/models.py")


@pytest.mark.skipif(not PRE_COMMIT, reason="needs NEVE_PRE_COMMIT")
def test_by_the_real_pre_commit(project, tmp_path):
    git = ["git", "-c", "user.email=a@example.org", "-c", "user.name=a"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "All"]):
        subprocess.run([*git, *words], cwd=project, check=True)
    environ = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home")}
    command = [PRE_COMMIT, "try-repo", str(ROOT), "neve-compile", "--all-files", "--verbose"]
    done = subprocess.run(command, cwd=project, env=environ, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "files were modified by this hook" in done.stdout
    assert "wrote deploy/local.sql" in done.stdout
