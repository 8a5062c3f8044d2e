"""The benchmark measures what it says, and prints the tables of docs/performance.md."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
sys.path.insert(0, str(HERE))

from benchmarks.generate import FORMATS, change, generate  # noqa: E402
from benchmarks.measure import Failed, measure  # noqa: E402
from benchmarks.page import PAGE, put  # noqa: E402


def test_one_command_prints_a_row_a_tool(tmp_path):
    command = [sys.executable, "-m", "benchmarks.compile", "--models", "10", "20", "--rounds", "1"]
    done = subprocess.run([*command, "--folder", tmp_path], cwd=HERE, capture_output=True, check=True, timeout=120)
    rows = [line for line in done.stdout.decode().splitlines() if line.startswith(("### ", "| neve", "| read"))]
    assert [row.split(" |")[0] for row in rows] == [
        *("### 10 models", "| read and hash", "| neve compile", "| read and hash"),
        *("### 20 models", "| read and hash", "| neve compile", "| read and hash"),
    ]
    assert (tmp_path / "20" / "neve-compile" / "deploy" / "prod.sql").is_file()


def test_a_cost_is_that_of_all_processes(tmp_path):
    burn = "import time\nheld = bytearray(60_000_000)\nwhile time.process_time() < 0.3: pass"
    both = (
        f"import subprocess, sys\nfor p in [subprocess.Popen([sys.executable, '-c', {burn!r}]) for _ in 'ab']: p.wait()"
    )
    cost = measure([sys.executable, "-c", both], tmp_path, dict(os.environ))
    assert cost.cpu > 0.6
    if Path("/proc/self/statm").exists():
        assert cost.memory > 110


def test_a_command_that_fails_has_no_cost(tmp_path):
    with pytest.raises(Failed, match="no such thing"):
        measure([sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path, dict(os.environ))


@pytest.mark.parametrize("kind", FORMATS)
def test_all_formats_hold_the_same_project_and_one_model_changes(tmp_path, kind):
    generate(30, kind, tmp_path / kind)
    generate(30, "neve", tmp_path / "plain")
    names = {path.stem for path in (tmp_path / kind / "models").rglob("*.sql")}
    assert names == {path.stem for path in (tmp_path / "plain" / "models").rglob("*.sql")}
    path = tmp_path / kind / "dependencies.json"
    assert path.read_text() == (tmp_path / "plain" / "dependencies.json").read_text()
    changed = change(tmp_path / kind)
    assert "'v2'" in changed.read_text()


def test_tables_go_to_their_places_in_the_page(tmp_path):
    page = tmp_path / "page.md"
    shutil.copy(PAGE, page)
    for name in ("compile", "engine"):
        for table in (f"| {name} |", f"| {name} again |"):
            put(name, table, page)
            assert page.read_text().count(f"| {name} ") == 1
            assert f"<!-- {name} -->\n\n{table}\n\n<!-- end of {name} -->" in page.read_text()
    with pytest.raises(ValueError, match="no place for nothing"):
        put("nothing", "", page)
