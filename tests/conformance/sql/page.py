"""The page of the case files: what the engine has, where it differs, what it refuses."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.conformance.sql.cases import Area, Case

PAGE = Path(__file__).parents[3] / "docs" / "conformance-sql.md"
_HEAD = """\
# SQL on the local engine

Statements, and what they give on Snowflake by its documentation. Each is run on the engine by a test, which compares
names and types of the columns and every value. This page is written from the files in
[tests/conformance/sql/cases](../tests/conformance/sql/cases); `NEVE_UPDATE_PAGES=1 pytest tests/conformance/sql` writes
it anew.

*Differs* gives something else than Snowflake, which stands below the table with its reason. *Refused* is an error that
says so. Nothing here was run on an account.
"""
_STATES = ("supported", "differs", "refused")


def text(areas: Sequence[Area]) -> str:
    """The page in Markdown."""
    return "\n".join((_HEAD, *_counts(areas), *(line for area in areas for line in _area(area)))).rstrip() + "\n"


def _counts(areas: Sequence[Area]) -> Iterator[str]:
    yield "| | supported | differs | refused |"
    yield "|---|---:|---:|---:|"
    total: Counter[str] = Counter()
    for area in areas:
        counted = Counter(case.status for case in area.cases)
        total += counted
        yield f"| [{area.name}](#{_anchor(area.name)}) | {' | '.join(str(counted[state]) for state in _STATES)} |"
    yield f"| **together** | {' | '.join(f'**{total[state]}**' for state in _STATES)} |"
    yield ""


def _anchor(name: str) -> str:
    return "".join(letter for letter in name.lower().replace(" ", "-") if letter.isalnum() or letter in "-_")


def _area(area: Area) -> Iterator[str]:
    yield f"## {area.name}"
    rules: dict[str, list[Case]] = {}
    for case in area.cases:
        rules.setdefault(case.title, []).append(case)
    for title, cases in rules.items():
        yield f"\n### {title}\n"
        yield "| statement | gives | |"
        yield "|---|---|---|"
        for case in cases:
            state = "" if case.status == "supported" else case.status
            yield f"| {_code([case.statements[-1]])} | {_code(_values(case.expected))} | {state} |"
        others = [case for case in cases if case.status != "supported"]
        yield from _reasons(others)
    yield ""


def _reasons(cases: Sequence[Case]) -> Iterator[str]:
    if cases:
        yield ""
    for case in cases:
        yield f"- {_code([case.statements[-1]])} {case.status}: {case.reason}. {_code(_values(case.given))}"


def _values(block: Sequence[str]) -> Sequence[str]:
    """The rows without the columns' head, where these are as the statement says."""
    head, *rows = block
    if head.startswith("error "):
        return [head]
    return rows or ["no rows"]


def _code(lines: Sequence[str]) -> str:
    """As code in a cell of a table."""
    return "<br>".join(_inline(" ".join(line.split())) for line in lines)


def _inline(line: str) -> str:
    fence = "``" if "`" in line else "`"
    pad = " " if fence == "``" else ""
    return f"{fence}{pad}{line}{pad}{fence}".replace("|", "\\|")
