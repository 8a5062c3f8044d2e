"""docs/conformance-tasks.md says what there is."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.conformance.tasks import report

ROOT = Path(__file__).parents[3]
WRITE = f"{Path(sys.executable).name} -m tests.conformance.tasks.report"
COUNT = "from tests.conformance.tasks import report; import json; print(json.dumps(report.collected()))"


@pytest.fixture(scope="module")
def tests():
    done = subprocess.run([sys.executable, "-c", COUNT], cwd=ROOT, capture_output=True, text=True, check=True)
    return Counter(json.loads(done.stdout))


def test_the_page_is_up_to_date(tests):
    assert (ROOT / report.PAGE).read_text(encoding="utf-8") == report.page(tests), f"write it anew: {WRITE}"


def test_every_section_has_a_test(tests):
    assert [name for name in report.SECTIONS if not tests[name]] == []
