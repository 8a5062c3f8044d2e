"""The same files say and give the same, on any machine: whatever the hash seed, the time zone, the locale."""

import os
import subprocess
import sys

import pytest

SCRIPT = """
import sys
from pathlib import Path
from neve.compile import compile_project
from neve.diagnostics import json, text
from neve.discover import reader
compiled, findings = compile_project(Path(sys.argv[1]))
sys.stdout.reconfigure(encoding="utf-8")
print(text.render(findings, reader(Path(sys.argv[1]))), json.render(findings, reader(Path(sys.argv[1]))))
print(compiled.script.text if compiled and compiled.script else "no script")
"""
ENVIRONMENTS = (
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "7", "TZ": "Pacific/Apia", "LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "NO_COLOR": "1"},
)
GOOD = {
    "macros/m.sql": "{% macro cents(c) %}({{ c }} / 100){% endmacro %}",
    "models/a.sql": "/*---\nmaterialized: table\n---\nÉ.\n*/\nselect {{ cents('x') }} as x, {{ var('days') }} as y",
    "models/b.sql": "select 1 as x where 'i' in ('{{ {'İ': 1, 'a': 2} | join(', ') | lower }}')",
    "tasks/c.sql": "/*---\nafter: [a]\n---\n*/\ndelete from a where x < 0\n",
}
BAD = {
    "macros/m.sql": "{% macro x() %}{% endmacro %}{% macro x() %}{% endmacro %}",
    "models/a.sql": "/*---\nmaterialised: table\ntgas: x\nschedul: 1\n---\n*/\nselect * from nothing, {{ wrong }}",
    "models/b.sql": "select * from c, d, e, {{ ref('aa') }}",
    "tasks/a.sql": "select 1",
}


@pytest.mark.parametrize("files", [GOOD, BAD], ids=["good", "bad"])
def test_the_same_bytes_everywhere(folder, files):
    for path, body in files.items():
        folder.write(path, body)
    printed = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(folder.root)],
            env={**os.environ, **environment},
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
        for environment in ENVIRONMENTS
    }
    assert len(printed) == 1
    said = printed.pop().decode()
    assert ("no script" in said) is (files is BAD)


def test_the_order_in_which_files_were_made_does_not_count(folder, tmp_path_factory):
    texts = []
    for order in (list(GOOD), list(reversed(GOOD))):
        root = tmp_path_factory.mktemp("project")
        (root / "project.yml").write_text(folder.read("project.yml"))
        for path in order:
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_text(GOOD[path], encoding="utf-8")
        texts.append(subprocess.run([sys.executable, "-c", SCRIPT, str(root)], capture_output=True, check=True).stdout)
    assert texts[0] == texts[1]
