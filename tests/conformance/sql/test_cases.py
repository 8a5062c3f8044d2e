"""Every case of the case files, on the engine."""

import pytest
from tests.conformance.sql import cases

AREAS = cases.areas()


@pytest.fixture(scope="module")
def sessions(engine):
    """A session for each area, in a database of its own, with its tables."""
    opened = {}

    def session_of(area):
        if area.file not in opened:
            session = opened[area.file] = engine.open_session()
            for statement in (f"create database area_{AREAS.index(area)}", *area.setup):
                session.execute(statement)
        return opened[area.file]

    return session_of


@pytest.mark.engine
@pytest.mark.parametrize(
    ("area", "case"),
    [pytest.param(area, case, id=f"{area.file}: {case.title}") for area in AREAS for case in area.cases],
)
def test_case(sessions, area, case):
    found = tuple(cases.answers(sessions(area), case))
    assert cases.fits(found, case.given), "\n".join(("found:", *found, "expected:", *case.given))
