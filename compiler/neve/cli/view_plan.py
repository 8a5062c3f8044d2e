"""How a plan is shown: as text, as JSON, as Markdown for a pull request."""

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import click

from neve.cli import look
from neve.cli.names import Names
from neve.deploy.compare import Action, Change
from neve.deploy.deployments import fingerprint
from neve.deploy.plan import Plan
from neve.ir import TaskGraph
from neve.runs.model import BUSY, Run

_LOOKS: dict[Action, tuple[str, str, str]] = {
    "create": ("+", "green", "to create"),
    "alter": ("~", "yellow", "to alter"),
    "replace": ("±", "yellow", "to replace"),
    "drop": ("-", "red", "to drop"),
    "resume": (">", "cyan", "to resume"),
    "suspend": ("‖", "cyan", "to suspend"),
    "conflict": ("!", "red", "in the way"),
}
_DIFF_LINES = 60
_DATA = {"table", "dynamic_table"}


def render(made: Plan, notes: Sequence[str], output: str, graphs: Mapping[str, TaskGraph]) -> str:
    """A plan in the form asked for."""
    if output == "json":
        return json.dumps({**as_json(made), "notes": list(notes)}, indent=2, ensure_ascii=False)
    if output == "markdown":
        return "\n".join(as_markdown(made, notes, graphs))
    return "\n".join([*as_text(made), *notes])


def as_text(made: Plan) -> Iterator[str]:
    """The changes, each with what differs; the graphs that stand still meanwhile; a summary."""
    for change in _shown(made):
        sign, colour, _ = _LOOKS.get(change.action, (" ", "", ""))
        name = f"{change.kind.replace('_', ' ')} {change.object}"
        told = f"  {click.style(f'({change.why})', dim=True)}"
        yield f"{click.style(sign, fg=colour or None)} {name}{told}{_danger(change)}"
        yield from (f"    {line}" for line in _diff(change, colour=True))
    if any(True for _ in _shown(made)):
        yield ""
    if made.stopped:
        yield f"Stands still meanwhile: {', '.join(made.stopped)}."
    yield summary(made)


def _shown(made: Plan) -> Iterator[Change]:
    return (change for change in made.changes if change.action != "untouched" or change.drift)


def _danger(change: Change) -> str:
    if change.kind in _DATA and change.action in {"drop", "replace"}:
        return click.style("  loses its rows", fg="red", bold=True)
    return ""


def _diff(change: Change, *, colour: bool) -> Iterator[str]:
    """The fields of a task that change: `schedule: 24 HOURS -> 1 HOUR`, a body as a diff of lines."""
    for field, old, new in change.diff:
        if "\n" not in old + new:
            yield f"{field}: {old or 'unset'} -> {new or 'unset'}"
            continue
        yield f"{field}:"
        yield from (f"  {line}" for line in _line_diff(old, new, colour=colour))


def _line_diff(old: str, new: str, *, colour: bool) -> Iterator[str]:
    """The lines that differ, each with one around it; cut where it becomes too much to read."""
    diff = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=1))[2:]
    for line in diff[:_DIFF_LINES]:
        shade = {"+": "green", "-": "red"}.get(line[:1]) if colour else None
        text = " ..." if line.startswith("@@") else line
        yield click.style(text, fg=shade) if shade else text
    if len(diff) > _DIFF_LINES:
        yield f"  … and {len(diff) - _DIFF_LINES} more lines"


def notes(made: Plan, runs: Iterable[Run], names: Names) -> list[str]:
    """What the plan costs beyond its statements: retries that are lost, runs that go on."""
    told = []
    for run in runs:
        graph = names.graph(run.root)
        if run.state in BUSY - {"SCHEDULED"}:
            told.append(f"{graph} is running (run {run.run_id}): that run goes on with what it started with.")
        if run.state == "FAILED":
            told.append(f"{graph}: its last run failed, and cannot be retried once the graph has changed.")
    drifted = sum(change.drift for change in made.changes)
    if drifted:
        told.append(f"{look.plural(drifted, 'object')} changed by hand since the last apply.")
    return told


def summary(made: Plan) -> str:
    """3 to create, 1 to drop, 12 untouched: 9 statements."""
    counts = [f"{made.count(action)} {text}" for action, (_, _, text) in _LOOKS.items() if made.count(action)]
    untouched = made.count("untouched")
    if not counts:
        return f"Nothing to do: {look.plural(untouched, 'object')} {'is' if untouched == 1 else 'are'} as in the files."
    return f"{', '.join([*counts, f'{untouched} untouched'])}: {look.plural(len(made.steps), 'statement')}."


def as_json(made: Plan) -> dict[str, Any]:
    """A plan as `--output json` gives it."""
    return {
        "project": made.project.name,
        "target": made.target,
        "changes": [_change_json(change) for change in made.changes],
        "stopped": list(made.stopped),
        "statements": [{"kind": s.kind, "object": s.object, "path": s.path or None, "sql": s.sql} for s in made.steps],
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "action": change.action,
        "kind": change.kind,
        "object": change.object,
        "path": change.path or None,
        "why": change.why or None,
        "drift": change.drift,
        "diff": [{"field": field, "old": old or None, "new": new or None} for field, old, new in change.diff],
    }


def as_file(made: Plan) -> dict[str, Any]:
    """A plan to be kept: what it was made of, and what it would send."""
    return {**as_json(made), "script": fingerprint(made.script), "seen": made.seen}


def statements_of(kept: Mapping[str, Any]) -> list[str]:
    """The statements of a kept plan. Raises KeyError and TypeError when there are none."""
    return [statement["sql"] for statement in kept["statements"]]


def is_kept(made: Plan, kept: Mapping[str, Any]) -> bool:
    """Whether a plan is the one that was kept: of the same account, and sending the same."""
    return kept["seen"] == made.seen and statements_of(kept) == [step.sql for step in made.steps]


def as_markdown(made: Plan, notes_: Sequence[str], graphs: Mapping[str, TaskGraph]) -> Iterator[str]:
    """A plan as a comment on a pull request: summary, table of changes, diffs and graphs folded away."""
    from neve.cli.graph import mermaid

    yield f"### neve plan: {made.project.name} → {made.target}"
    yield from ("", f"**{summary(made)}**", "")
    changes = list(_shown(made))
    if changes:
        yield from ("| | object | from | why |", "|---|---|---|---|")
        for change in changes:
            sign = _LOOKS.get(change.action, (" ", "", ""))[0]
            why = change.why + _plain_danger(change)
            yield f"| `{sign}` {change.action} | `{change.object}` | {change.path} | {why} |"
    for note in [f"Stands still meanwhile: `{name}`" for name in made.stopped] + list(notes_):
        yield from ("", f"> {note}")
    diffs = [line for change in changes for line in _markdown_diff(change)]
    if diffs:
        yield from ("", "<details><summary>What differs</summary>", "", "```diff", *diffs, "```", "</details>")
    for name in sorted(graphs):
        yield from (
            "",
            f"<details><summary>{name}</summary>",
            "",
            "```mermaid",
            *mermaid(graphs[name]),
            "```",
            "</details>",
        )


def _plain_danger(change: Change) -> str:
    return f" **{look.plain(_danger(change)).strip()}**" if _danger(change) else ""


def _markdown_diff(change: Change) -> Iterator[str]:
    lines = [look.plain(line) for line in _diff(change, colour=False)]
    if lines:
        yield f"# {change.object}"
        yield from (line.strip() if line.lstrip()[:1] in "+-" else line for line in lines)
