import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def own_key(tmp_path, monkeypatch):
    """Caches of these tests are signed with a key of their own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    """Makes a project of the benchmark's kind; one of each size a session."""
    made = {}

    def generate(models):
        if models not in made:
            made[models] = tmp_path_factory.mktemp(f"of_{models}")
            command = [sys.executable, str(HERE / "benchmarks" / "generate.py"), "--models", str(models)]
            subprocess.run([*command, str(made[models])], check=True, timeout=60)
        return made[models]

    return generate
