"""The split of the example, by the macro that the task uses: no row in both tables, none in neither."""

from pathlib import Path

import jinja2
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]

keys = st.sets(st.integers(min_value=0, max_value=10**18), min_size=1, max_size=200)


@pytest.fixture(scope="module")
def in_training():
    """Keys -> those that the macro's condition takes for the training data."""
    import duckdb

    variables = yaml.safe_load((ROOT / "project.yml").read_text())["vars"]
    macros = jinja2.Environment().from_string(
        (ROOT / "macros/fraud.sql").read_text(), globals={"var": variables.__getitem__}
    )
    condition = macros.module.in_training("key")

    def chosen(keys, negated=""):
        rows = ", ".join(f"({key})" for key in keys)
        found = duckdb.sql(f"SELECT key FROM (VALUES {rows}) t(key) WHERE {negated} ({condition})").fetchall()
        return {key for (key,) in found}

    return chosen


@settings(deadline=None, max_examples=50)
@given(keys)
def test_every_row_is_in_exactly_one_table(in_training, keys):
    training, test = in_training(keys), in_training(keys, negated="NOT")
    assert training | test == keys
    assert not training & test


@settings(deadline=None, max_examples=20)
@given(keys, keys)
def test_a_row_stays_in_its_table_whatever_other_days_are_in_the_window(in_training, keys, others):
    assert in_training(keys | others) & keys == in_training(keys)


def test_four_fifths_are_to_train_on(in_training):
    assert len(in_training(range(20_000))) / 20_000 == pytest.approx(0.8, abs=0.01)
