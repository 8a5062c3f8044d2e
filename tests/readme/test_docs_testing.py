"""docs/testing.md: its tests pass on the project that it speaks of."""

import subprocess
import sys
from pathlib import Path

import pytest

PAGE = "docs/testing.md"


@pytest.mark.engine
def test_tests_of_the_page_pass(tmp_path, blocks):
    shop = tmp_path / "shop"
    run(tmp_path, Path(sys.executable).with_name("neve"), "init", "shop")
    (tests,) = [block for block in blocks(PAGE) if block.path == "tests/test_shop.py"]
    (shop / tests.path).parent.mkdir()
    (shop / tests.path).write_text(tests.text)
    told = run(shop, sys.executable, "-m", "pytest", "-q", f"--basetemp={tmp_path / 'temp'}")
    assert "3 passed" in told
    assert not (shop / ".neve/engine").exists()


def run(folder, *command):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
