"""How a plan is shown: a line for each object that changes, and what that means for the graphs."""

from collections.abc import Iterator
from typing import Any

import click

from neve.cli import look
from neve.deploy.compare import Change
from neve.deploy.plan import Plan

_SIGNS = {
    "create": ("+", "green"),
    "alter": ("~", "yellow"),
    "replace": ("±", "yellow"),
    "drop": ("-", "red"),
    "resume": (">", "cyan"),
    "suspend": ("‖", "cyan"),
    "conflict": ("!", "red"),
}
_DONE = {
    "create": "to create",
    "alter": "to alter",
    "replace": "to replace",
    "drop": "to drop",
    "resume": "to resume",
    "suspend": "to suspend",
}


def as_text(plan: Plan) -> Iterator[str]:
    """The changes, the graphs that stand still meanwhile, and a summary."""
    changes = [change for change in plan.changes if change.action != "untouched"]
    rows = [_row(change) for change in changes]
    if rows:
        yield from look.table(("", "kind", "object", "from", ""), rows)
        yield ""
    if plan.stopped:
        yield f"Stands still meanwhile: {', '.join(plan.stopped)}."
    yield summary(plan)


def _row(change: Change) -> tuple[str, ...]:
    sign, colour = _SIGNS[change.action]
    return click.style(sign, fg=colour), change.kind.replace("_", " "), change.object, change.path, change.why


def summary(plan: Plan) -> str:
    """3 to create, 1 to drop, 12 untouched: 9 statements."""
    counts = [f"{plan.count(action)} {text}" for action, text in _DONE.items() if plan.count(action)]  # type: ignore[arg-type]
    if not plan.steps:
        return f"Nothing to do: {look.plural(plan.count('untouched'), 'object')} as in the files."
    counts.append(f"{plan.count('untouched')} untouched")
    return f"{', '.join(counts)}: {look.plural(len(plan.steps), 'statement')}."


def as_json(plan: Plan) -> dict[str, Any]:
    """A plan as `--output json` gives it."""
    return {
        "project": plan.project,
        "target": plan.target,
        "changes": [
            {"action": c.action, "kind": c.kind, "object": c.object, "path": c.path or None, "why": c.why or None}
            for c in plan.changes
        ],
        "stopped": list(plan.stopped),
        "statements": [{"kind": s.kind, "object": s.object, "path": s.path or None, "sql": s.sql} for s in plan.steps],
    }
