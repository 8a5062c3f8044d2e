"""The seeds of the example: the same on every call, whole, and as hard as they claim."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def training():
    spec = importlib.util.spec_from_file_location("training", ROOT / "seeds/training.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tables(training):
    return training.tables()


def test_two_calls_make_equal_tables(training, tables):
    again = training.tables()
    assert tables.keys() == again.keys()
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, again[name])


def test_ten_whole_days_before_the_as_of_of_the_local_target(tables):
    days = tables["financial_transactions"]["TIME"].dt.normalize()
    assert days.nunique() == 10
    assert days.min() == pd.Timestamp("2024-03-01")
    assert days.max() == pd.Timestamp("2024-03-10")


def test_every_transaction_is_between_two_known_accounts(tables):
    transactions, accounts = tables["financial_transactions"], tables["financial_account"]
    assert transactions["SENDERID"].isin(accounts["FA_CUSTOMER_SK"]).all()
    assert transactions["RECEIVERID"].isin(accounts["FA_CUSTOMER_SK"]).all()
    assert (transactions["SENDERID"] != transactions["RECEIVERID"]).all()
    assert transactions["TRANSACTIONID"].is_unique


def test_frauds_are_few_and_some_look_like_anything_else(tables):
    transactions = tables["financial_transactions"].merge(
        tables["financial_account"], left_on="SENDERID", right_on="FA_CUSTOMER_SK"
    )
    frauds = transactions[transactions["ISFRAUD"] == 1]
    by_day_and_small = (frauds["TIME"].dt.hour >= 8) & (frauds["AMOUNT"] < 0.5 * frauds["TRANSACTION_LIMIT"])
    assert 20_000 < len(transactions) < 50_000
    assert 0.02 < len(frauds) / len(transactions) < 0.04
    assert 0.05 < by_day_and_small.mean() < 0.25


def test_columns_are_those_that_the_project_declares(tables):
    import yaml

    declared = yaml.safe_load((ROOT / "project.yml").read_text())["sources"]["training"]["tables"]
    assert {name: [column.lower() for column in table] for name, table in tables.items()} == {
        name: list(table["columns"]) for name, table in declared.items()
    }
