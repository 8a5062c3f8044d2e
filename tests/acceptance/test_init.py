"""A new project, as `neve init` promises it."""

import pytest

pytestmark = pytest.mark.engine


def test_what_init_says_next_works(place):
    said = place().neve("init", "bakery")
    (promised,) = [line.removeprefix("Next: ") for line in said.splitlines() if line.startswith("Next: ")]
    folder, *commands = promised.split(" && ")
    assert folder == "cd bakery"
    bakery = place("bakery")
    for command in commands:
        neve, *words = command.split()
        assert neve == "neve"
        bakery.neve(*words)
    assert [run["state"] for run in bakery.json("runs")["runs"]] == ["SUCCEEDED"]
    bakery.neve("compile", "--check")


def test_init_touches_nothing_that_is_there(place):
    mine = place()
    mine.write("project.yml", "name: mine\n")
    assert mine.type("init").returncode not in {0, 70}
    assert (mine.root / "project.yml").read_text() == "name: mine\n"
    assert [path.name for path in mine.root.iterdir()] == ["project.yml"]
