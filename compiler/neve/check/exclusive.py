"""Branches: what return values a task requires to run at all, by its condition and those of the tasks before it."""

import re
from collections.abc import Mapping

from neve.ir import TaskGraph

_EQUALS = re.compile(r"SYSTEM\$GET_PREDECESSOR_RETURN_VALUE\('(?P<task>[^']*)'\)\s*=\s*'(?P<value>[^']*)'")
_LOOSE = re.compile(r"\bOR\b|(?<!\bIS )\bNOT\b", re.IGNORECASE)


def required(condition: str | None) -> dict[str, str]:
    """The return values that a condition demands, by task; none when it has alternatives."""
    if not condition or _LOOSE.search(re.sub(r"'[^']*'", "''", condition)):
        return {}
    return {found["task"]: found["value"] for found in _EQUALS.finditer(condition)}


def requirements(graph: TaskGraph) -> Mapping[str, Mapping[str, str]]:
    """For each task the return values without which it never runs; a trigger rule takes over nothing from before."""
    needs: dict[str, dict[str, str]] = {graph.root.name: {}}
    for task in graph.tasks:
        needs[task.name] = required(task.when)
        if "PREDECESSORS_STATE" not in (task.when or ""):
            for before in task.after:
                needs[task.name] = {**needs.get(before, {}), **needs[task.name]}
    return needs
