"""The Makefile tells what it can make, and the demo's commands are neve's."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def make(*words):
    env = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    done = subprocess.run(["make", *words], cwd=ROOT, env=env, capture_output=True, text=True, timeout=20, check=True)
    return done.stdout


def test_help_lists_every_target():
    text = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split()
    listed = [line.split()[0] for line in make("help").splitlines()]
    assert sorted(listed) == sorted(targets)
    assert make() == make("help")


def test_the_demo_is_the_way_through_the_readme():
    """Compile, look, load, apply, run, and the registry: each verb of the README's sentence on it, in its order."""
    said = make("-n", "demo", "SHELL=/bin/sh")
    verbs = re.findall(r'\$PATH" neve (.*)$', said, re.MULTILINE)
    assert verbs == ["compile", "graph", "seed", "apply", "run daily_training --wait", "metrics"]


def test_what_to_try_next_exists():
    from neve.cli.main import VERBS

    tried = re.findall(r"neve (\w+)", make("-n", "demo").split("What to try next")[1])
    assert len(tried) > 4
    assert set(tried) - set(VERBS) == set()
