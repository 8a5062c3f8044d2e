"""The page in docs/ is that of the case files."""

import os

from tests.conformance.sql.cases import areas
from tests.conformance.sql.page import PAGE, text


def test_page_is_up_to_date():
    expected = text(areas())
    if os.environ.get("NEVE_UPDATE_PAGES"):
        PAGE.write_text(expected, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == expected, "NEVE_UPDATE_PAGES=1 pytest tests/conformance/sql writes it"


def test_every_case_that_is_not_supported_has_a_reason_and_another_answer():
    others = [case for area in areas() for case in area.cases if case.status != "supported"]
    assert others
    for case in others:
        assert case.reason
        assert case.given != case.expected
        refused = any("not supported by the local engine" in line for line in case.given)
        assert refused == (case.status == "refused"), case
