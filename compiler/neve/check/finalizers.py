"""Finalizers: one for a graph, before and after nothing (fact sheet 1.2.2)."""

from neve.check.context import Compiling
from neve.diagnostics.model import Diagnostic, Related, Say, Span
from neve.ir import Node

CODE = "NEVE405"


def check(compiling: Compiling, say: Say) -> None:
    finalizers: dict[str, list[Node]] = {}
    for node in compiling.nodes.values():
        if node.header.get("finalize") is not None and node.graph:
            finalizers.setdefault(node.graph, []).append(node)
    for graph, nodes in finalizers.items():
        _several(compiling, graph, nodes, say)
        for node in nodes:
            _edges(compiling, node, say)


def _several(compiling: Compiling, graph: str, nodes: list[Node], say: Say) -> None:
    settings = compiling.project.graphs[graph]
    first, *more = nodes
    for node in more:
        related = (Related(compiling.key_span(first, "finalize"), "This is the first."),)
        message = f"The graph {graph} has two finalizers"
        say(
            Diagnostic(
                CODE, message, compiling.key_span(node, "finalize"), related=related, hint="Let one task do both."
            )
        )
    if settings.cleanup and settings.cleanup.data != "never" and settings.run_schema:
        message = f"The graph {graph} has two finalizers: this task, and the one that `cleanup:` makes"
        related = (Related(settings.cleanup.span, "This makes the other."),)
        hint = "Say `cleanup: never`, and drop the schema of the run in this task."
        say(Diagnostic(CODE, message, compiling.key_span(first, "finalize"), related=related, hint=hint))


def _edges(compiling: Compiling, node: Node, say: Say) -> None:
    graph = node.header.values.get("graph")
    if graph and graph.span.path == node.file.path and graph.data != node.graph:
        message = f"A finalizer belongs to the graph that it finalizes, {node.graph}, and not to {graph.data}"
        say(Diagnostic(CODE, message, graph.span, hint="Remove `graph:`."))
    if "after" in node.header.values:
        message = "A finalizer runs after everything: it has no predecessors of its own"
        say(Diagnostic(CODE, message, compiling.key_span(node, "after"), hint="Remove `after:`."))
    for other in compiling.nodes.values():
        if node.name in other.depends_on:
            span = compiling.resolved.place(other.name, node.name, compiling.where)
            related = (Related(Span(node.file.path), "This is the finalizer."),)
            message = f"Nothing can run after `{node.name}`: it is a finalizer"
            hint = "What needs its result belongs into the finalizer itself."
            say(Diagnostic(CODE, message, span, related=related, hint=hint))
