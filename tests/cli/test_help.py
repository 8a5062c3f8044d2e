"""The help of every verb, as a reader sees it. Renew with: UPDATE_EXPECTED=1 pytest tests/cli/test_help.py"""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from neve.cli.main import VERBS, main

EXPECTED = Path(__file__).parent / "expected"


def check(name, text):
    path = EXPECTED / name
    if os.environ.get("UPDATE_EXPECTED"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def help_of(*words):
    return CliRunner().invoke(main, [*words, "--help"], terminal_width=100).output


def test_the_help_of_neve():
    check("help.txt", help_of())


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb(verb):
    command = main.get_command(click.Context(main), verb)
    nested = sorted(command.commands) if isinstance(command, click.Group) else []
    check(f"help_{verb}.txt", "\n".join([help_of(verb), *(help_of(verb, word) for word in nested)]))


def test_no_verb_is_imported_for_the_help_of_neve():
    code = """
import sys
from click.testing import CliRunner
from neve.cli.main import main
CliRunner().invoke(main, ["--help"])
heavy = {"yaml", "jinja2", "sqlglot", "duckdb", "snowflake.connector", "pandas", "pyarrow", "neve.project"}
print(sorted(heavy & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
