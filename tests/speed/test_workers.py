"""Several processes read the same as one."""

import os
import subprocess
import sys

import pytest

from neve import reading, workers
from neve.compile import compile_project

SCRIPT = """
import sys
from pathlib import Path
from neve import reading, workers
from neve.compile import compile_project
from neve.diagnostics import json
reading._WORTH_A_PROCESS, reading._PORTION = 1, 7
workers.processors = lambda: int(sys.argv[2])
compiled, findings = compile_project(Path(sys.argv[1]), "prod")
print(json.render(findings, lambda path: ""), compiled.script.text if compiled.script else "")
"""


def run(root, processes, seed):
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", SCRIPT, str(root), str(processes)]
    return subprocess.run(command, env=environment, capture_output=True, check=True, timeout=120).stdout


def test_the_same_bytes_for_any_number_of_processes_and_any_hash_seed(generated):
    root = generated(60)
    assert len({run(root, *how) for how in ((1, "0"), (2, "1"), (3, "2"))}) == 1


def test_the_same_findings_in_the_same_places(tmp_path):
    (tmp_path / "project.yml").write_text(
        "name: wrong\ngraphs: {g: {schedule: 1 hour}}\ntargets: {prod: {database: D}}"
    )
    (tmp_path / "macros").mkdir()
    (tmp_path / "macros" / "m.sql").write_text("{% macro bad(x) %}{{ x }} ) +{% endmacro %}")
    (tmp_path / "models").mkdir()
    for number in range(20):
        body = ["select {{ bad('y') }} from a", "select ) from", "select {{ nothing }}", "select 1 as x"][number % 4]
        (tmp_path / "models" / f"m{number}.sql").write_text(f"/*---\ntgas: {number}\n---\n*/\n{body}")
    one, several = run(tmp_path, 1, "0"), run(tmp_path, 3, "1")
    assert one == several
    assert b"Expanded from here" in one


def test_a_process_that_ends_early_is_an_error_and_not_a_gap(generated, monkeypatch):
    root = generated(60)
    monkeypatch.setattr(reading, "_WORTH_A_PROCESS", 1)
    monkeypatch.setattr(workers, "processors", lambda: 2)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(EOFError, match="ended early"):
        compile_project(root, "prod")


def test_few_files_start_no_process(generated, monkeypatch):
    monkeypatch.setattr(workers, "read_in_processes", lambda *_: pytest.fail("started processes"))
    monkeypatch.setattr(workers, "processors", lambda: 64)
    compiled, _ = compile_project(generated(60), "prod")
    assert compiled.script
