"""How a plan is shown: as text, and as JSON. As Markdown: view_markdown."""

import difflib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import click

from neve.cli import look
from neve.cli.names import Names
from neve.deploy.compare import Action, Change
from neve.deploy.deployments import fingerprint
from neve.deploy.plan import Plan
from neve.ir import TaskGraph
from neve.names import parse_name
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
_SHADES = {"+": "green", "-": "red"}
_DATA = {"table", "dynamic_table"}


def render(made: Plan, notes: Sequence[str], output: str, graphs: Mapping[str, TaskGraph]) -> str:
    """A plan in the form asked for."""
    if output == "json":
        return json.dumps({**as_json(made), "notes": list(notes)}, indent=2, ensure_ascii=False)
    if output == "markdown":
        from neve.cli.view_markdown import as_markdown

        return as_markdown(made, notes, graphs)
    return "\n".join([*as_text(made), *notes])


def as_text(made: Plan) -> Iterator[str]:
    """The changes, each with what differs; the graphs that stand still meanwhile; a summary."""
    for change in shown(made):
        colour = _LOOKS[change.action][1] if change.action in _LOOKS else None
        name = f"{change.kind.replace('_', ' ')} {change.object}"
        told = f"  {click.style(f'({change.why})', dim=True)}"
        lost = f"  {click.style(danger(change), fg='red', bold=True)}" if danger(change) else ""
        yield f"{click.style(sign(change), fg=colour)} {name}{told}{lost}"
        yield from (f"    {line}" for line in _fields(change))
    if any(True for _ in shown(made)):
        yield ""
    if made.stopped:
        yield f"Stands still meanwhile: {', '.join(made.stopped)}."
    yield summary(made)


def shown(made: Plan) -> Iterator[Change]:
    """The changes that say something: not what stays as it is and should."""
    return (change for change in made.changes if change.action != "untouched" or change.drift)


def sign(change: Change) -> str:
    """One character for what becomes of an object."""
    return _LOOKS[change.action][0] if change.action in _LOOKS else " "


def danger(change: Change) -> str:
    """What is lost for good, "" when nothing is."""
    return "loses its rows" if change.kind in _DATA and change.action in {"drop", "replace"} else ""


def _fields(change: Change) -> Iterator[str]:
    """The fields of a task that change: `schedule: 24 HOURS -> 1 HOUR`, a body as a diff of lines."""
    for field, old, new in change.diff:
        if "\n" not in old + new:
            yield f"{field}: {old or 'unset'} -> {new or 'unset'}"
            continue
        yield f"{field}:"
        yield from (f"  {click.style(line, fg=_SHADES.get(line[:1]))}" for line in diff(old, new))


def diff(old: str, new: str) -> Iterator[str]:
    """The lines that differ, each with one around it; cut where it becomes too much to read."""
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=1))[2:]
    yield from (" ..." if line.startswith("@@") else line for line in lines[:_DIFF_LINES])
    if len(lines) > _DIFF_LINES:
        yield f" … and {len(lines) - _DIFF_LINES} more lines"


def notes(made: Plan, runs: Iterable[Run], names: Names) -> list[str]:
    """What the plan costs beyond its statements: retries that are lost, runs that go on."""
    still = {(parse_name(name) or ("",))[-1]: name for name in made.stopped}
    told = [f"{names.graph(root)} stands still for {_length(made, still[root])}." for root in still]
    for run in runs:
        graph = names.graph(run.root)
        if run.state in BUSY - {"SCHEDULED"}:
            told.append(f"{graph} is running (run {run.run_id}): {_meanwhile(made, run, still)}.")
        if run.state == "FAILED" and run.root in still:
            told.append(f"{graph}: its last run failed, and cannot be retried once the graph has changed.")
    drifted = sum(change.drift for change in made.changes)
    if drifted:
        told.append(f"{look.plural(drifted, 'object')} changed by hand since the last apply.")
    return told


def _length(made: Plan, root: str) -> str:
    """Between which of its statements a plan has a root stand still."""
    kinds = [step.kind if step.object == root else "" for step in made.steps]
    first = kinds.index("suspend") + 1
    if "resume" not in kinds:
        return f"statements {first} to {len(kinds)} of {len(kinds)}, and is not resumed"
    return f"statements {first} to {kinds.index('resume') + 1} of {len(kinds)}"


def _meanwhile(made: Plan, run: Run, still: Collection[str]) -> str:
    """What a run that goes on has of a change: its graph is frozen, the procedures are not (fact sheet 2.2)."""
    procedures = any(step.kind == "procedure" and f".{run.root}$" in step.object for step in made.steps)
    told = ["the run keeps the graph that it started with"] if run.root in still else []
    return ", ".join([*told, *(["tasks that have not begun call the new procedures"] if procedures else [])])


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
