"""docs/output.md: exit codes and keys are those of the code."""

import json
import re
from pathlib import Path

import pytest

from neve.cli import view_plan, view_run
from neve.cli.exits import Exit
from neve.cli.names import Names
from neve.diagnostics.codes import CODES
from neve.runs.model import Run, TaskRun

PAGE = "docs/output.md"
TEXT = (Path(__file__).parents[2] / PAGE).read_text(encoding="utf-8")


@pytest.fixture
def shown(blocks):
    """The JSON of a section."""
    found = {block.section: json.loads(block.text) for block in blocks(PAGE) if block.language == "json"}
    return found.__getitem__


def test_every_exit_code_has_its_row():
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)] == [int(code) for code in Exit]


def test_every_kind_of_code_has_its_row():
    assert re.findall(r"^\| NEVE(\d)xx", TEXT, re.MULTILINE) == sorted({code[4] for code in CODES})


def test_a_run_has_these_keys(shown):
    task = TaskRun("G$T", "SUCCEEDED", 1)
    run = Run("G", "id", 1, "1", 1, "SUCCEEDED", "SCHEDULE", None, (task,))
    given, told = view_run.as_json(run, Names({}, {})), shown("neve run, neve retry")
    assert list(told) == list(given)
    assert list(told["tasks"][0]) == list(given["tasks"][0])


def test_a_plan_has_these_actions():
    (told,) = re.findall(r"^`action` is one of (.*?)\.", TEXT, re.MULTILINE | re.DOTALL)
    assert set(re.findall(r"`(\w+)`", told)) == {*view_plan._LOOKS, "untouched"}


def test_a_node_has_these_keys(neve, example):
    code, printed = neve(example, "show", "train", "--output", "json")
    row = re.search(r"`neve ls` \| (.*) \|", TEXT)[1]
    assert (code, [*re.findall(r"`(\w+)`", row), "rendered", "ddl"]) == (0, list(json.loads(printed)))
