"""A plan as a reviewer of a pull request sees it."""

import re

import pytest

from neve.cli.view_markdown import MOST, as_markdown
from neve.cli.view_plan import as_text
from neve.deploy.compare import Change
from neve.deploy.note import Note
from neve.deploy.plan import Plan
from neve.diagnostics.model import Span
from neve.ir import GraphSettings, Script, Task, TaskGraph


@pytest.fixture
def planned(project):
    """A plan of these changes."""
    return lambda *changes: Plan(project, Script((), ""), (), changes, (), (), (), "", Note())


@pytest.fixture
def graphs():
    """Two graphs of a task each."""

    def graph(name):
        settings = GraphSettings(name, Span("project.yml"))
        root = Task(f"DB.S.{name.upper()}", None, (), None, {}, "")
        return TaskGraph(settings, root, (Task(f"DB.S.{name.upper()}$A", None, (root.name,), None, {}, ""),), None)

    return {name: graph(name) for name in ("p", "q")}


EDITED = Change("alter", "task", "DB.S.P$A", "tasks/a.sql", "edited", diff=(("schedule", "1 HOUR", "2 HOURS"),))


def test_nothing_to_do_is_one_sentence(planned, graphs):
    text = as_markdown(planned(Change("untouched", "task", "DB.S.P", "")), [], graphs)
    assert text.splitlines() == ["### neve plan: p → local", "", "**Nothing to do: 1 object is as in the files.**"]


def test_a_change_has_its_row_its_diff_and_its_graph(planned, graphs):
    text = as_markdown(planned(EDITED), ["p stands still."], graphs)
    assert "| `~` alter | task `DB.S.P$A` | tasks/a.sql | edited |" in text
    assert "- schedule: 1 HOUR\n+ schedule: 2 HOURS\n" in text
    assert "> [!NOTE]\n> - p stands still." in text
    assert text.count("```mermaid") == 1
    assert "class t1 changed" in text


def test_what_loses_rows_and_what_stands_in_the_way_is_said_first(planned, graphs):
    gone = Change("drop", "dynamic_table", "DB.S.D", "", "left the project")
    theirs = Change("conflict", "view", "DB.S.V", "models/v.sql", "exists and does not carry this project's mark")
    text = as_markdown(planned(EDITED, gone, theirs), [], graphs)
    warning = text[text.index("> [!WARNING]") : text.index("| | object")]
    assert "> - dynamic table `DB.S.D`: **loses its rows**" in warning
    assert "> - view `DB.S.V`: **exists and does not carry this project's mark: nothing can be applied**" in warning
    assert "loses its rows" in "".join(as_text(planned(gone)))


def test_no_text_breaks_out_of_its_place(planned, graphs):
    body = "select '```' | 1\n````\n</details>"
    change = Change("alter", "task", 'DB.S."a|b"', "tasks/a|b.sql", "edited", diff=(("body", "x\ny", body),))
    text = as_markdown(planned(change), [], graphs)
    assert r'| `~` alter | task `DB.S."a\|b"` | tasks/a\|b.sql | edited |' in text
    opening, closing = re.findall(r"^(`{3,})(?:diff)?$", text, re.MULTILINE)
    assert opening == closing == "`````"


def test_a_comment_is_never_longer_than_github_takes(planned, graphs):
    diff = (("body", "a\n", "\n".join(f"select {number}, '{'x' * 900}'" for number in range(50))),)
    changes = [Change("alter", "task", f"DB.S.P$T{number}", "", "edited", diff=diff) for number in range(900)]
    text = as_markdown(planned(*changes), [], graphs)
    assert MOST / 2 < len(text) < 65_536
    assert "and 700 more" in text
    assert re.search(r"\d+ parts more than a comment can hold", text)
    assert text.count("<details>") == text.count("</details>")
