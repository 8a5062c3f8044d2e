"""docs/engine.md on an engine: snippets print what stands below them; statements run, or are refused, as it says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = "docs/engine.md"
BIN = Path(sys.executable).parent
ENVIRONMENT = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The project that the page works with, after a run."""
    folder = tmp_path_factory.mktemp("docs") / "shop"
    run(["neve", "init", str(folder)], folder.parent)
    try:
        for words in ("seed", "apply", "run daily_orders"):
            run(["neve", *words.split()], folder)
        yield folder
    finally:
        run(["neve", "engine", "stop"], folder)


def run(command, folder):
    done = subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def execute(shop):
    import snowflake.connector

    given = json.loads(run(["neve", "engine", "connection", "--output", "json"], shop))
    with snowflake.connector.connect(**given) as connection:
        yield lambda sql: connection.cursor().execute(sql).fetchall()


@pytest.mark.engine
def test_every_snippet_prints_what_stands_below_it(shop, blocks):
    snippets = [block for block in blocks(PAGE) if block.language in {"python", "text"}]
    for block, following in zip(snippets, [*snippets[1:], None], strict=True):
        if block.language == "python":
            printed = run([sys.executable, "-c", block.text], shop)
            assert printed
            if following and following.language == "text":
                assert printed.strip() == following.text.strip()


@pytest.mark.engine
def test_what_it_has_it_has(execute, blocks):
    for statement in statements(blocks, "What it has"):
        execute(statement)


@pytest.mark.engine
def test_what_it_refuses_it_refuses(execute, blocks):
    from snowflake.connector.errors import ProgrammingError

    for statement in statements(blocks, "What it refuses"):
        with pytest.raises(ProgrammingError, match=r"is not supported by the local engine\.$") as refused:
            execute(statement)
        assert (refused.value.errno, refused.value.sqlstate) == (2, "0A000")


def statements(blocks, section):
    """The statements of a section, one ending where a line ends in a semicolon."""
    found = [block.text for block in blocks(PAGE) if block.language == "sql" and block.section == section]
    assert found
    return [statement for text in found for statement in text.split(";\n") if statement.strip()]
