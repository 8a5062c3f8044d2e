"""An engine for every file that asks for one."""

import pytest
from tests.engines import fresh, login


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    yield from fresh(tmp_path_factory)


@pytest.fixture(scope="module")
def arguments(engine):
    """The connector's arguments."""
    return login(engine)
