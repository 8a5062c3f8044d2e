"""On a project whose dependencies are known, neve finds exactly these."""

import json
import subprocess
import sys

import pytest


@pytest.mark.parametrize("models", [60, 300])
def test_references_are_those_that_the_generator_wrote(generated, models):
    root = generated(models)
    command = [sys.executable, "-m", "neve.cli.main", "ls", "-t", "prod", "--output", "json", "-C", str(root)]
    code = "from neve.cli.main import main; main()"
    command = [sys.executable, "-c", code, *command[3:]]
    listed = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=120).stdout)
    names = {node["relation"]: node["name"] for node in listed}
    found = {node["name"]: sorted(names[one] for one in node["reads"] if one in names) for node in listed}
    depends = {node["name"]: sorted(node["depends_on"]) for node in listed}
    true = json.loads((root / "dependencies.json").read_text())
    assert found == true
    assert depends == true
