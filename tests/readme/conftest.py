"""README.md and docs/ taken apart: their fenced blocks, and the project of this repository."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from neve.cli.main import main

ROOT = Path(__file__).parents[2]
PARTS = ("project.yml", "models", "tasks", "python_tasks", "macros", "seeds")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"\n`([\w./]+\.\w+)`\n\s*\Z")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. `path`: it is the whole of that file, named alone on the line above. `section`: its heading."""

    page: str
    section: str
    path: str
    language: str
    text: str

    @property
    def commands(self) -> list[str]:
        """The lines of a shell block; comments are not lines of their own."""
        return [line for line in self.text.splitlines() if line.strip() and not line.startswith("#")]


def _blocks(page: str) -> Iterator[Block]:
    text = (ROOT / page).read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        before = text[: found.start()]
        headings = re.findall(r"^## (.*)$", before, re.MULTILINE)
        path = _FILE.search(before)
        yield Block(page, headings[-1] if headings else "", path[1] if path else "", found[1], found[2])


@pytest.fixture(scope="session")
def blocks():
    """The blocks of a page, in order."""
    return cache(lambda page: tuple(_blocks(page)))


@pytest.fixture(scope="session")
def neve():
    """A verb that needs no connection, in a project's folder: its exit code and all that it prints."""

    def run(root, *words):
        done = CliRunner().invoke(main, [*words, "-C", str(root)], env={"NO_COLOR": "1"}, terminal_width=100)
        return done.exit_code, done.output

    return run


def copy_project(folder: Path) -> Path:
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, folder / part)
    return folder


@pytest.fixture(scope="session")
def example(tmp_path_factory):
    """A copy of this repository's project, to be read."""
    return copy_project(tmp_path_factory.mktemp("example"))


@pytest.fixture
def demo(tmp_path):
    """A copy of this repository's project, to be worked with."""
    return copy_project(tmp_path)
