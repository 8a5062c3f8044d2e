"""Version 5 of the connector, which cannot be installed beside Snowpark: run by an interpreter of its own.

NEVE_CONNECTOR5_PYTHON names the interpreter of an environment that has `snowflake-connector-python[pandas]>=5`.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

PYTHON = os.environ.get("NEVE_CONNECTOR5_PYTHON")
pytestmark = [pytest.mark.engine, pytest.mark.skipif(not PYTHON, reason="NEVE_CONNECTOR5_PYTHON is not set")]


@pytest.fixture(scope="module")
def seen(arguments):
    """What connector5.py saw."""
    script = Path(__file__).with_name("connector5.py")
    command = [PYTHON, "-W", "ignore", str(script), json.dumps(arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_values_come_in_their_types(seen):
    assert seen["values"] == [[1, "2.50", "a", True, None, "2024-01-02", "01:02:03", "[\n  1\n]"]]


def test_large_results_come_as_arrow_and_as_rows(seen):
    assert seen["arrow"] == [100_000, 100_000]


def test_binds(seen):
    assert seen["binds"] == [[1, "it's", None, 1.5, True, "2024-01-02", "12.34", "bytearray(b'ab')"]]
    assert seen["many"] == [300, [[300, "2024-01-01 00:00:00"]]]


def test_statements_run_later_and_together(seen):
    assert seen["later"] == [[42]]
    created, inserted, selected = seen["several"][0]
    assert (created, inserted, selected) == ([["Table S successfully created."]], [[1]], [[1]])
    assert seen["several"][1:] == [[[1]], [[2]]]


def test_errors_have_their_codes(seen):
    assert seen["refused"] == [2003, "42S02"]


def test_files_go_to_stages_and_back(seen):
    assert seen["files"] == {
        "put": ["UPLOADED", "UPLOADED"],
        "listed": ["st/in/a.csv.gz", "st/in/b.csv", "st/in/large.bin.gz"],
        "copied": [["st/in/a.csv.gz", 2], ["st/in/b.csv", 1]],
        "got": "3,z\n",
        "size": True,
    }


def test_a_data_frame_is_written(seen):
    assert seen["frame"] == [True, 2, [[1, "x"], [2, None]]]
