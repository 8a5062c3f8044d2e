"""Exit codes and what is said with them."""

import click
import pytest
from click.testing import CliRunner

from neve.cli.main import Verbs
from neve.cli.options import folder_option
from neve.deploy.errors import Locked, NeveError, SqlError, Stale, StatementFailed, Unreachable, Usage


def invoke(raised, args=("verb",)):
    class Only(Verbs):
        def get_command(self, ctx, name):
            return self.commands.get(name)

    group = Only(name="neve")

    @group.command("verb")
    @folder_option
    def verb(root):
        if raised is not None:
            raise raised

    return CliRunner().invoke(group, list(args))


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (None, 0),
        (NeveError("m"), 1),
        (click.exceptions.Exit(2), 2),
        (Locked("m"), 3),
        (Stale("m"), 4),
        (StatementFailed("m", "h", 0), 5),
        (SqlError("m", 1003), 5),
        (Usage("m"), 64),
        (click.UsageError("m"), 64),
        (Unreachable("m"), 69),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
    ],
)
def test_each_end_has_its_code(raised, code):
    assert invoke(raised).exit_code == code


def test_an_error_is_a_sentence_and_what_to_type():
    result = invoke(Unreachable("cannot connect", "neve engine start"))
    assert result.stderr == "error: cannot connect\n  try: neve engine start\n"
    assert result.stdout == ""


def test_secrets_do_not_get_into_errors():
    assert "hunter2x" not in invoke(NeveError("login with password='hunter2x' failed")).stderr


def test_an_unknown_verb_is_a_usage_error():
    assert invoke(None, ["nonsense"]).exit_code == 64


def test_a_bug_of_ours_is_told_without_traceback(tmp_path, monkeypatch):
    (tmp_path / "project.yml").write_text("name: p\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEVE_DEBUG", raising=False)
    result = invoke(ZeroDivisionError("oops"))
    assert result.exit_code == 70
    assert "Traceback" not in result.output
    (crash,) = (tmp_path / ".neve").glob("crash-*.txt")
    assert str(crash) in result.stderr
    assert "ZeroDivisionError: oops" in crash.read_text()


def test_a_bug_shows_its_traceback_when_asked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEVE_DEBUG", "1")
    assert "Traceback" in invoke(ZeroDivisionError("oops")).stderr
