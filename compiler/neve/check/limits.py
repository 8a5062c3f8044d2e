"""Snowflake's limits on the size of a graph (fact sheet 5)."""

from collections import Counter

from neve.check.context import Compiling
from neve.diagnostics.model import Diagnostic, Say, Span
from neve.graph import members

CODE = "NEVE408"
MOST_TASKS = 1000
MOST_EDGES = 100


def check(compiling: Compiling, say: Say) -> None:
    for name, graph in compiling.graphs.items():
        tasks = members(graph)
        if len(tasks) > MOST_TASKS:
            message = f"The graph {name} has {len(tasks)} tasks; Snowflake's limit is {MOST_TASKS}"
            hint = "Set `fuse: chains` on the graph, make some models views or dynamic tables, or split the graph."
            say(Diagnostic(CODE, message, graph.settings.span, hint=hint))
        children = Counter(one for task in tasks for one in task.after)
        for task in tasks:
            span = Span(task.node.file.path) if task.node else graph.settings.span
            if len(task.after) > MOST_EDGES:
                message = f"This task has {len(task.after)} predecessors; Snowflake's limit is {MOST_EDGES}"
                say(Diagnostic(CODE, message, span))
            if children[task.name] > MOST_EDGES:
                message = f"{children[task.name]} tasks follow this one; Snowflake's limit is {MOST_EDGES}"
                say(Diagnostic(CODE, message, span))
