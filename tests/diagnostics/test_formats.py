import json

import pytest

from neve.diagnostics import github, sarif, text
from neve.diagnostics import json as json_format
from neve.diagnostics.collect import Findings
from neve.diagnostics.model import Diagnostic, Related, Severity, Span

TEXTS = {
    "models/a.sql": "select 1,\n\t'é𝄞' as wrong\nfrom b\n",
    "project.yml": "name: x\npassword: 'hunter2' # hunter2\n",
    "models/wide.sql": "select '日本' as wrong\n",
    "models/long.sql": "select " + "a, " * 200 + "wrong" + ", b" * 200,
}
WRONG = Diagnostic(
    "NEVE303",
    "There is no `wrong`, 100%",
    Span("models/a.sql", 19, 24),
    hint="Write `right`.\nOr nothing.",
    related=(Related(Span("project.yml", 0, 4), "Declared here."),),
)
WARNING = Diagnostic("NEVE116", "Nothing uses this", Span("models/b:c.sql"), Severity.WARNING)
NOWHERE = Diagnostic("NEVE101", "There is no project.yml")


def read(path):
    return TEXTS.get(path, "")


def test_the_text_marks_the_place_under_the_line():
    assert (
        text.render([WRONG, WARNING, NOWHERE], read)
        == """\
error[NEVE303]: There is no `wrong`, 100%
 --> models/a.sql:2:10
  |
2 |     'é𝄞' as wrong
  |             ^^^^^
note: Declared here.
 --> project.yml:1:1
  |
1 | name: x
  | ----
help: Write `right`.
      Or nothing.

warning[NEVE116]: Nothing uses this
 --> models/b:c.sql

error[NEVE101]: There is no project.yml

2 errors and 1 warning. `neve explain CODE` says more about a code.
"""
    )


def test_no_findings_no_text():
    assert text.render([], read) == ""


def shown(path, start, end):
    """The line of a finding and the line with its mark, without the gutter."""
    lines = text.render([Diagnostic("NEVE303", "x", Span(path, start, end))], read).split("\n")
    return lines[3].partition("| ")[2], lines[4].partition("| ")[2]


def test_wide_characters_take_two_columns():
    line, mark = shown("models/wide.sql", 15, 20)
    assert (line, mark) == ("select '日本' as wrong", " " * 17 + "^^^^^")


def test_a_long_line_is_cut_around_the_place():
    line, mark = shown("models/long.sql", 607, 612)
    assert len(line) < 250
    assert line.startswith("...")
    assert line[mark.index("^") :].startswith("wrong")
    assert mark.count("^") == 5


def test_secrets_are_covered():
    printed = text.render([Diagnostic("NEVE107", "A secret", Span("project.yml", 8, 16))], read)
    assert "hunter2" not in printed
    assert "2 | password: *********" in printed


def test_nothing_steers_the_terminal():
    evil = Diagnostic("NEVE303", "a\x1b[2Jb\u202ec", Span("evil", 0, 3), hint="d\x07")
    printed = text.render([evil], lambda _: "a\x1b]0;x\x07b\n")
    assert all(character.isprintable() or character == "\n" for character in printed)


def test_colour_only_when_asked():
    assert "\x1b[1;31merror[NEVE303]\x1b[0m" in text.render([WRONG], read, colour=True)
    assert "\x1b" not in text.render([WRONG], read)


def test_json():
    report = json.loads(json_format.render([WRONG, WARNING, NOWHERE], read))
    assert (report["errors"], report["warnings"]) == (2, 1)
    first, second, third = report["diagnostics"]
    assert first["location"] == {
        "path": "models/a.sql",
        "start": 19,
        "end": 24,
        "line": 2,
        "column": 10,
        "end_line": 2,
        "end_column": 15,
    }
    assert first["related"][0]["message"] == "Declared here."
    assert (second["severity"], second["hint"], third["location"]) == ("warning", None, None)


def test_sarif():
    (run,) = json.loads(sarif.render([WRONG, WARNING, NOWHERE], read))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["NEVE101", "NEVE116", "NEVE303"]
    first, second, third = run["results"]
    assert rules[first["ruleIndex"]] == first["ruleId"] == "NEVE303"
    region = first["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 2, "startColumn": 10, "endLine": 2, "endColumn": 15}
    assert second["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "models/b%3Ac.sql"
    assert first["relatedLocations"][0]["message"]["text"] == "Declared here."
    assert third["locations"] == []


def test_github():
    first, second, third = github.render([WRONG, WARNING, NOWHERE], read).splitlines()
    assert first == (
        "::error col=10,endColumn=15,endLine=2,file=models/a.sql,line=2,title=NEVE303 Unknown table"
        "::There is no `wrong`, 100%25%0AWrite `right`.%0AOr nothing."
    )
    assert "file=models/b%3Ac.sql" in second
    assert third == "::error title=NEVE101 There is no project.yml::There is no project.yml"


def test_findings_are_in_order_and_said_once():
    findings = Findings()
    for said in (WARNING, WRONG, WRONG, NOWHERE):
        findings(said)
    assert list(findings) == [NOWHERE, WRONG, WARNING]
    assert (len(findings), findings.errors, findings.warnings) == (3, (NOWHERE, WRONG), (WARNING,))


@pytest.mark.parametrize(("later", "kept"), [("NEVE303", False), ("NEVE401", False), ("NEVE103", True)])
def test_what_follows_from_a_broken_file_is_left_out(later, kept):
    findings = Findings()
    findings(Diagnostic(later, "follows", Span("models/a.sql", 3, 4)))
    findings(Diagnostic("NEVE210", "cannot be read", Span("models/a.sql", 1, 2)))
    assert ("follows" in [found.message for found in findings]) is kept
    findings(Diagnostic("NEVE303", "elsewhere", Span("models/b.sql", 1, 2)))
    assert "elsewhere" in [found.message for found in findings]
