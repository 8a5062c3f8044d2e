"""A small project on an engine of its own."""

import json

import pytest
from click.testing import CliRunner

from neve.cli.main import main


class Neve:
    """The command, run inside this process in a project's folder."""

    def __init__(self, root):
        self.root = root

    def __call__(self, *words, code=0):
        """Run a verb, which must end with this exit code; gives its standard output."""
        result = CliRunner().invoke(main, [*words, "-C", str(self.root)], env={"NO_COLOR": "1"}, terminal_width=100)
        assert result.exit_code == code, result.output
        self.stderr = result.stderr
        return result.stdout

    def json(self, *words, code=0):
        return json.loads(self(*words, "--output", "json", code=code))

    def edit(self, path, old, new):
        file = self.root / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))


def new_project(root):
    assert CliRunner().invoke(main, ["init", str(root)]).exit_code == 0
    return Neve(root)


@pytest.fixture(scope="session")
def command():
    """The command for a project's folder."""
    return Neve


@pytest.fixture
def neve(tmp_path):
    """A project as `neve init` makes it; nothing of it runs."""
    return new_project(tmp_path / "shop")


@pytest.fixture
def engine(neve):
    """The same, for tests that reach its engine: it is stopped at the end."""
    yield neve
    neve("engine", "stop")


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A project seeded and applied, for the tests of a file together."""
    command = new_project(tmp_path_factory.mktemp("engine") / "shop")
    command("seed")
    command("apply")
    yield command
    command("engine", "stop")
