"""Branches: tasks that wait for a value of another one, and what follows below them."""

from collections import defaultdict
from collections.abc import Mapping

from neve.check.context import Compiling
from neve.check.exclusive import required, requirements
from neve.diagnostics.model import Diagnostic, Related, Say, Severity, Span
from neve.ir import Node, Task, TaskGraph
from neve.when import asked

VALUES = "NEVE506"
NEVER = "NEVE507"
TOO_LONG = "NEVE508"
_LONGEST = 10_000
"""Bytes of a return value (fact sheet 4.2)."""


def check(compiling: Compiling, say: Say) -> None:
    for graph in compiling.graphs.values():
        by_name = {task.name: task for task in graph.tasks}
        _values(compiling, graph, by_name, say)
        _joins(compiling, graph, by_name, say)
        for task in graph.tasks:
            for value in (task.node.facts.values if task.node else None) or ():
                size = len(value.text.encode())
                if task.node and size > _LONGEST:
                    message = f"This task returns a text of {size} bytes; a return value has at most 10 kB"
                    span = compiling.where(task.node, value.start, value.end)
                    say(Diagnostic(TOO_LONG, message, span, hint="Return where the data is."))


def _values(compiling: Compiling, graph: TaskGraph, by_name: Mapping[str, Task], say: Say) -> None:
    """Values that a branch never returns, and values of a branch that no task waits for."""
    waiting: dict[str, dict[str, Task]] = defaultdict(dict)
    for task in graph.tasks:
        for name, value in required(task.when).items():
            waiting[name].setdefault(value, task)
    for name, awaited in waiting.items():
        branch = by_name.get(name)
        if branch is None or branch.node is None or branch.node.facts.values is None:
            continue
        returned = {value.text: value for value in reversed(branch.node.facts.values)}
        for value, task in awaited.items():
            if value not in returned and task.node:
                say(_never_returned(task.node, value, branch.node))
        if len(returned) > 1 and not any(_asks_more(task, branch) for task in graph.tasks):
            for one in (one for text, one in returned.items() if text not in awaited):
                message = f"`{branch.node.name}` can return '{one.text}', for which no task waits"
                span = compiling.where(branch.node, one.start, one.end)
                say(Diagnostic(VALUES, message, span, Severity.WARNING))


def _never_returned(node: Node, value: str, branch: Node) -> Diagnostic:
    message = f"`{branch.name}` never returns '{value}', so this task never runs"
    known = dict.fromkeys(one.text for one in branch.facts.values or ())
    hint = f"It returns {' or '.join(map(repr, known))}."
    related = (Related(Span(branch.file.path), f"This is `{branch.name}`."),)
    return Diagnostic(VALUES, message, node.header.values["when"].span, Severity.WARNING, hint, related)


def _asks_more(task: Task, branch: Task) -> bool:
    """Whether a task looks at what a branch returned otherwise than by waiting for one value."""
    node = task.node
    if node is None or branch.node is None:
        return False
    names = {branch.name, branch.node.name.upper()}
    in_condition = any(name.upper() in names for name in asked(task.when or "")) and branch.name not in required(
        task.when
    )
    return in_condition or any((read.task or "").upper() in names for read in node.facts.returned)


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
