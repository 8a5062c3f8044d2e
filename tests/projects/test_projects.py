"""Every small project in this folder compiles to the scripts in its expected/, to the byte.

To accept what the compiler gives now: NEVE_UPDATE=1 pytest tests/projects, then read the diff.
"""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from neve import compile as compiling
from neve.compile import compile_project

HERE = Path(__file__).parent
SCRIPTS = [
    (case.name, target)
    for case in sorted(path for path in HERE.iterdir() if (path / "project.yml").is_file())
    for target in sorted(line.strip() for line in (case / "targets").read_text().split())
]


def compiled(case, target):
    result, findings = compile_project(HERE / case, target)
    assert not findings.errors, [f"{found.code} {found.message}" for found in findings.errors]
    return result.script


@pytest.mark.parametrize(("case", "target"), SCRIPTS)
def test_compiles_to_the_expected_script(case, target):
    text = compiled(case, target).text
    expected = HERE / case / "expected" / f"{target}.sql"
    if os.environ.get("NEVE_UPDATE"):
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize(("case", "target"), SCRIPTS)
def test_the_text_holds_every_statement_in_order(case, target):
    script = compiled(case, target)
    at = 0
    for statement in script.statements:
        at = script.text.index(f"{statement.sql};\n", at) + len(statement.sql)


@pytest.mark.parametrize(("case", "target"), SCRIPTS)
def test_the_order_of_the_files_does_not_matter(case, target, monkeypatch):
    before = compiled(case, target).text
    discover = compiling.discover

    def shuffled(root, say):
        files = list(discover(root, say))
        random.Random(case).shuffle(files)
        return tuple(files)

    monkeypatch.setattr(compiling, "discover", shuffled)
    assert compiled(case, target).text == before


@pytest.mark.parametrize("python", list(filter(None, os.environ.get("NEVE_PYTHONS", "").split(os.pathsep))) or [None])
def test_another_python_gives_the_same_bytes(python):
    """NEVE_PYTHONS holds interpreters that can import what the compiler needs: click, jinja2, yaml, sqlglot."""
    if python is None:
        pytest.skip("NEVE_PYTHONS names no other interpreters")
    program = (
        "import sys; from pathlib import Path; from neve.compile import compile_project\n"
        "sys.stdout.buffer.write(compile_project(Path(sys.argv[1]), sys.argv[2])[0].script.text.encode())"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(compiling.__file__).parents[1])}
    for case, target in SCRIPTS:
        command = [python, "-c", program, str(HERE / case), target]
        given = subprocess.run(command, env=environment, capture_output=True, check=True).stdout
        assert given == (HERE / case / "expected" / f"{target}.sql").read_bytes()


def test_neither_hash_seed_nor_locale_nor_time_zone_matters():
    program = (
        "import sys; from pathlib import Path; from neve.compile import compile_project\n"
        "for case, target in zip(sys.argv[2::2], sys.argv[3::2]):\n"
        "    sys.stdout.write(compile_project(Path(sys.argv[1], case), target)[0].script.text)"
    )
    arguments = [str(HERE), *(word for script in SCRIPTS for word in script)]
    texts = set()
    for seed, zone in (("0", "UTC"), ("1", "Asia/Tokyo"), ("4242", "America/New_York")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C", "PYTHONUTF8": "1"}
        command = [sys.executable, "-c", program, *arguments]
        texts.add(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    assert len(texts) == 1
