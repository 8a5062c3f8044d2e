"""`neve engine clock`: days of a schedule in seconds."""

import re

import pytest

pytestmark = pytest.mark.engine


def test_advance_runs_what_falls_due(shop):
    assert shop("engine", "clock").rstrip().endswith("UTC, real time")
    told = shop.json("engine", "clock", "--advance", "1d 24h")
    assert [(run["root"], run["from"], run["state"]) for run in told["ran"]] == [
        ("DAILY_ORDERS", "SCHEDULE", "SUCCEEDED"),
        ("DAILY_ORDERS", "SCHEDULE", "SUCCEEDED"),
    ]
    assert 172_000 < told["ahead_seconds"] <= 172_800
    shown = shop("engine", "clock", "--advance", "24h")
    assert re.search(r" 00:00:00  SHOP.PIPELINE.DAILY_ORDERS +schedule +SUCCEEDED\n", shown)
    assert re.search(r"UTC, 7[12]h [05][09]m ahead of real time\n$", shown)
    assert len(shop.json("runs")["runs"]) >= 3


def test_the_clock_stays_ahead_until_it_is_reset(shop):
    shop("engine", "clock", "--advance", "90m")
    before = shop.json("engine", "clock")["ahead_seconds"]
    shop("engine", "stop")
    assert shop.json("engine", "clock")["ahead_seconds"] == before >= 5400
    assert shop.json("engine", "clock", "--reset")["ahead_seconds"] == 0
    assert "nothing was due" in shop("engine", "clock", "--advance", "1s")
    shop("engine", "clock", "--reset")


@pytest.mark.parametrize("words", [["--advance", "tomorrow"], ["--advance", ""], ["--advance", "1h", "--reset"]])
def test_what_is_no_span_of_time(neve, words):
    neve("engine", "clock", *words, code=64)
    assert "Error" in neve.stderr or "error" in neve.stderr
