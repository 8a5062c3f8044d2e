"""A failing input becomes small, and still fails."""

import pytest

from fuzz.reduce import reduced


@pytest.mark.parametrize(
    ("body", "needed"),
    [(b"select 1 from t where X", b"X"), (b"a" * 1000 + b"(X", b"(X"), (b"X", b"X"), (b"X" + b"y" * 300, b"X")],
)
def test_what_is_not_needed_goes(body, needed):
    assert reduced(body, lambda shorter: needed in shorter) == needed


def test_it_gives_up_in_time():
    tries = []
    reduced(b"a" * 10_000, lambda shorter: tries.append(shorter) or False, tries=50)
    assert len(tries) <= 50
