import click
import pytest

from neve.cli import look


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0s"), (2.34, "2.3s"), (9.96, "10s"), (59.4, "59s"), (65, "1m 05s"), (3600, "1h 00m"), (None, "")],
)
def test_durations_are_for_people(seconds, text):
    assert look.duration(seconds) == text


def test_columns_are_aligned_whatever_their_colours():
    lines = look.table(("task", "state"), [("a", click.style("OK", fg="green")), ("longer", "FAILED")])
    assert [look.plain(line) for line in lines] == ["task    state", "a       OK", "longer  FAILED"]


def test_a_line_is_cut_at_the_width_without_breaking_its_colours():
    text = click.style("abcdef", fg="red") + "ghi"
    assert look.plain(look.cut(text, 5)) == "abcd…"
    assert look.cut(text, 5).endswith("\x1b[0m")
    assert look.cut("abc", 5) == "abc"


def test_plurals():
    assert [look.plural(n, "task") for n in (1, 2, 25000)] == ["1 task", "2 tasks", "25,000 tasks"]
