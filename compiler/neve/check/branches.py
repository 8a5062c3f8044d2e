"""Branches: tasks that wait for a value of another one, and what follows below them."""

from collections import defaultdict
from collections.abc import Mapping

from neve.check.context import Compiling
from neve.check.exclusive import required, requirements
from neve.diagnostics.model import Diagnostic, Related, Say, Severity, Span
from neve.ir import Task, TaskGraph

VALUES = "NEVE506"
NEVER = "NEVE507"
TOO_LONG = "NEVE508"
_LONGEST = 10_000
"""Bytes of a return value (fact sheet 4.2)."""


def check(compiling: Compiling, say: Say) -> None:
    for graph in compiling.graphs.values():
        by_name = {task.name: task for task in graph.tasks}
        _values(graph, by_name, say)
        _joins(compiling, graph, by_name, say)
        for task in graph.tasks:
            for value in (task.node.facts.values if task.node else None) or ():
                if task.node and len(value.encode()) > _LONGEST:
                    message = (
                        f"This task returns a text of {len(value.encode())} bytes; a return value has at most 10 kB"
                    )
                    say(Diagnostic(TOO_LONG, message, Span(task.node.file.path), hint="Return where the data is."))


def _values(graph: TaskGraph, by_name: Mapping[str, Task], say: Say) -> None:
    """Values that a branch never returns, and values of a branch that no task waits for."""
    waiting: dict[str, dict[str, Task]] = defaultdict(dict)
    for task in graph.tasks:
        for name, value in required(task.when).items():
            waiting[name].setdefault(value, task)
    for name, awaited in waiting.items():
        branch = by_name.get(name)
        if branch is None or branch.node is None or branch.node.facts.values is None:
            continue
        returned = branch.node.facts.values
        shown = branch.node.name
        for value, task in awaited.items():
            if value not in returned and task.node:
                message = f"`{shown}` never returns '{value}', so this task never runs"
                hint = f"It returns {' or '.join(repr(one) for one in returned)}."
                related = (Related(Span(branch.node.file.path), f"This is `{shown}`."),)
                say(Diagnostic(VALUES, message, task.node.header.values["when"].span, Severity.WARNING, hint, related))
        if len(returned) > 1:
            for value in dict.fromkeys(returned):
                if value not in awaited:
                    message = f"`{shown}` can return '{value}', for which no task waits"
                    say(Diagnostic(VALUES, message, Span(branch.node.file.path), Severity.WARNING))


def _joins(compiling: Compiling, graph: TaskGraph, by_name: Mapping[str, Task], say: Say) -> None:
    """A task below two branches of which only one is taken."""
    needs = requirements(graph)
    for task in graph.tasks:
        if task.node is None or "PREDECESSORS_STATE" in (task.when or ""):
            continue
        seen: dict[str, tuple[str, str]] = {}
        for before in task.after:
            for name, value in needs[before].items():
                other, first = seen.setdefault(name, (value, before))
                if other != value:
                    say(_never(compiling, task, by_name[first], by_name[before]))


def _never(compiling: Compiling, task: Task, one: Task, other: Task) -> Diagnostic:
    names = [two.node.name if two.node else two.name for two in (one, other)]
    node = task.node
    if node is None:
        raise ValueError(task.name)
    related = tuple(
        Related(compiling.key_span(two.node, "when"), f"`{two.node.name}` runs on one branch.")
        for two in (one, other)
        if two.node
    )
    return Diagnostic(
        NEVER,
        f"This task waits for `{names[0]}` and `{names[1]}`, of which only one runs: it never would",
        compiling.key_span(node, "after"),
        Severity.WARNING,
        hint="Add `trigger_rule: none_failed_min_one_success` to its header.",
        related=related,
    )
