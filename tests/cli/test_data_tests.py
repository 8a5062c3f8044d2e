"""`neve test`: the data tests of models on the local engine, before and after runs."""

import re
import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.engine

DOCS = Path(__file__).parents[2] / "docs" / "output.md"
PROJECT = Path(__file__).parents[1] / "projects" / "tested"
SEEDS = {"orders": "id,customer,state,amount\n1,1,open,5\n2,2,open,3\n", "customers": "id,name\n1,Ada\n2,Bob\n"}
TESTS = {
    ("good_orders", "unique(id)"),
    ("good_orders", "not_null(id)"),
    ("good_orders", "accepted_values(state)"),
    ("good_orders", "relationships(customer, known_customers.id)"),
    ("good_orders", "select * from good_orders where amount < 0"),
    ("never_run", "not_null(id)"),
    ("orders_of_run", "not_null(id)"),
}


@pytest.fixture(scope="module")
def tested(tmp_path_factory, command):
    """The project `tested` with good data, applied and run once."""
    root = tmp_path_factory.mktemp("tested")
    for path in ("project.yml", "models"):
        (shutil.copytree if (PROJECT / path).is_dir() else shutil.copy)(PROJECT / path, root / path)
    neve = command(root)
    neve.edit("project.yml", "customers: {}", "customers: {columns: {id: number, name: varchar}}")
    columns = "{id: number, customer: number, state: varchar, amount: number}"
    neve.edit("project.yml", "orders: {}", f"orders: {{columns: {columns}}}")
    (root / "seeds").mkdir()
    for name, text in SEEDS.items():
        (root / "seeds" / f"{name}.csv").write_text(text)
    neve("seed")
    neve.before = neve.json("test", code=1)["tests"]
    neve("apply")
    neve.run = neve.json("run", "nightly")["run_id"]
    yield neve
    neve("engine", "stop")


@pytest.fixture
def spoilt(tested):
    """The same after somebody has put a row into a table that its tests do not allow."""
    orders = tested.root / "seeds" / "orders.csv"
    orders.write_text(SEEDS["orders"] + ",1,open,1\n")
    tested("seed")
    yield tested
    orders.write_text(SEEDS["orders"])
    tested("seed")


def by_name(tests):
    return {(test["node"], test["test"]): test for test in tests}


def test_before_the_first_apply_every_test_says_why_it_cannot_be_run(tested):
    assert by_name(tested.before).keys() == TESTS
    assert {test["state"] for test in tested.before} == {"error"}
    messages = {test["node"]: test["message"] for test in tested.before}
    assert "does not exist" in messages["good_orders"]
    assert messages["orders_of_run"] == "no run of nightly has left its schema"


def test_good_data_passes_all_tests(tested):
    tests = by_name(tested.json("test")["tests"])
    assert {name: test["rows"] for name, test in tests.items()} == dict.fromkeys(TESTS, 0)
    assert tested("test").splitlines()[-1] == "7 tests: 7 passed"


def test_a_failing_test_tells_its_place_its_rows_and_how_to_see_them(spoilt):
    lines = spoilt("test", "-s", "never_run", code=1).splitlines()
    assert lines == [
        "failed  never_run  not_null(id): 1 row",
        "        --> models/never_run.sql:3:30",
        "        see them with:",
        "          SELECT * FROM D.S.NEVER_RUN WHERE id IS NULL;",
        "1 test: 1 failed",
    ]
    (failed,) = spoilt.json("test", "never_run", code=1)["tests"]
    assert (failed["state"], failed["rows"], failed["line"], failed["column"]) == ("failed", 1, 3, 30)


def test_the_tables_of_a_run_are_those_of_the_newest_or_of_the_one_that_is_asked_for(tested):
    (newest,) = tested.json("test", "orders_of_run")["tests"]
    (chosen,) = tested.json("test", "orders_of_run", "--run", str(tested.run))["tests"]
    assert newest == chosen
    told = next(line for line in DOCS.read_text().splitlines() if line.startswith("| `neve test`"))
    assert re.findall(r"`(\w+)`", told.replace("`passed`, `failed`, `error`", "")) == list(newest)
    assert newest["sql"].startswith("SELECT * FROM D.RUN_2")
    (gone,) = tested.json("test", "orders_of_run", "--run", "20200101_000000_000", code=1)["tests"]
    assert gone["state"] == "error"
    tested("test", "--run", "yesterday", code=64)
    assert "neve runs" in tested.stderr


def test_models_without_tests_are_left_out(tested):
    assert tested("test", "known_customers") == "no model with data tests is selected\n"
    assert tested.json("test", "known_customers") == {"tests": []}
