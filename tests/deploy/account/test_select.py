"""`--select`: what is planned is the selection, and what cannot be without it."""

import pytest

pytestmark = pytest.mark.engine

NODE = "/*---\n{}\n---\nA {} node.\n*/\n{}\n"


@pytest.fixture(scope="module")
def edited(shop):
    """Everything of the project edited, and one file gone from each graph."""
    shop.write("tasks/gone.sql", NODE.format("graph: hourly", "former", "select 1"))
    shop.write("models/base.sql", NODE.format("materialized: view", "new", "select 1 as id"))
    shop.edit("models/latest.sql", "select 1 as id", "select id from base")
    (shop.root / "deploy/prod.sql").unlink()
    shop.apply()
    (shop.root / "tasks/gone.sql").unlink()
    shop.edit("tasks/tell.sql", "select 1", "select 2")
    shop.edit("python_tasks/score.py", "semi; colon", "colon")
    shop.edit("models/latest.sql", "select id", "select id + 1 as id")
    shop.edit("models/base.sql", "1 as id", "2 as id")
    return shop


def planned(shop, *words):
    """The objects that change, and the notes."""
    plan = shop.json("plan", *words)
    names = {
        change["object"].removeprefix("SHOP.JOBS.") for change in plan["changes"] if change["action"] != "untouched"
    }
    return names, plan["notes"]


def test_without_a_selection_everything_is_planned(edited):
    names, notes = planned(edited)
    assert names == {"HOURLY$TELL", "HOURLY$GONE", "DAILY$SCORE", "LATEST", "BASE"}
    assert notes == ["hourly stands still for statements 2 to 9 of 9."]


def test_a_graph_goes_as_a_whole_with_what_left_it(edited):
    names, notes = planned(edited, "--select", "tell")
    assert names == {"HOURLY$TELL", "HOURLY$GONE"}
    assert notes[0].startswith("1 node more than selected")
    assert notes[0].endswith(": load.")


def test_a_view_goes_with_what_it_reads(edited):
    names, notes = planned(edited, "-s", "latest")
    assert names == {"LATEST", "BASE"}
    assert notes[0].endswith(": base.")
    assert planned(edited, "-s", "base") == ({"BASE"}, [])


def test_selectors_are_those_of_ls(edited):
    assert planned(edited, "-s", "path:models", "--exclude", "orders")[0] == {"LATEST", "BASE"}
    assert planned(edited, "-s", "graph:daily")[0] == {"DAILY$SCORE"}
    edited("plan", "-s", "latets", code=64)
    assert "latest" in edited.stderr


def test_a_kept_plan_knows_its_selection(edited, tmp_path):
    kept = str(tmp_path / "plan.json")
    plan = edited.json("plan", "-s", "tell", "--out", kept)
    edited("apply", "--plan", kept, "-s", "base", code=64)
    applied = edited.json("apply", "--plan", kept)
    assert applied["statements"] == plan["statements"]
    assert planned(edited)[0] == {"DAILY$SCORE", "LATEST", "BASE"}
    assert edited.json("deployments")["deployments"][0]["outcome"] == "done in part"
    assert {row["state"] for row in edited.sql("SHOW TASKS IN SCHEMA SHOP.JOBS")} == {"started"}


def test_the_rest_is_applied_afterwards(edited):
    edited.apply("-s", "score", "-s", "base")
    assert planned(edited)[0] == {"LATEST"}
    edited.apply()
    assert edited("plan").startswith("Nothing to do")
