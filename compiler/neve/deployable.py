"""Which views are made at deployment and which in a task, and the tables that must exist for the first.

Snowflake refuses a view or a dynamic table over a table that does not exist yet. Where such a table is a model, an
empty one can be made from its SELECT; where a task makes it in its own way, the view has to wait for that task.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from neve.dependencies import Resolved, Where
from neve.diagnostics.model import Diagnostic, Related, Say, Span
from neve.ir import Node

TOO_EARLY = "NEVE306"
_RUN_BY_TASKS = {"table", "incremental"}


def place_views(resolved: Resolved, where: Where, say: Say) -> Resolved:
    """The nodes, those views moved into a graph that cannot be made before its tasks ran (NEVE306: dynamic tables)."""
    possible = _possible(resolved.nodes)
    moved: dict[str, Node] = {}
    for name, node in resolved.nodes.items():
        if node.graph is None and node.materialized == "view" and not possible[name]:
            moved[name] = replace(node, graph=_graph_of(node, resolved.nodes))
        elif node.materialized == "dynamic_table" and not possible[name]:
            say(_too_early(node, resolved, possible, where))
    return replace(resolved, nodes={**resolved.nodes, **moved}) if moved else resolved


def needed_first(nodes: Mapping[str, Node]) -> set[str]:
    """The models that tasks fill, but of which a view or a dynamic table needs an empty one at deployment."""
    needed: set[str] = set()
    stack = [node for node in nodes.values() if node.graph is None and node.materialized != "ephemeral"]
    while stack:
        for name in stack.pop().depends_on:
            if nodes[name].materialized is not None and name not in needed:
                needed.add(name)
                stack.append(nodes[name])
    return {name for name in needed if nodes[name].materialized in _RUN_BY_TASKS}


def _possible(nodes: Mapping[str, Node]) -> dict[str, bool]:
    """Whether each node's SELECT can be used at deployment: it asks for nothing that only tasks make."""
    known: dict[str, bool] = {}

    def possible(name: str) -> bool:
        if name not in known:
            node = nodes[name]
            known[name] = False  # stands while a circle is being walked
            lasting = node.relation is not None and (node.relation.schema is not None or _inlined(node))
            in_run = node.facts.returned or node.facts.config_keys
            known[name] = lasting and not in_run and all(map(possible, node.depends_on))
        return known[name]

    for name in nodes:
        possible(name)
    return known


def _inlined(node: Node) -> bool:
    return node.materialized == "ephemeral"


def _graph_of(node: Node, nodes: Mapping[str, Node]) -> str | None:
    """The graph that a view's header names, else that of the tasks it waits for."""
    named = node.header.get("graph")
    return str(named) if named else next(iter(sorted(_graphs_before(node, nodes))), None)


def _graphs_before(node: Node, nodes: Mapping[str, Node]) -> Iterable[str]:
    seen: set[str] = set()
    stack = list(node.depends_on)
    while stack:
        name = stack.pop()
        if name not in seen:
            seen.add(name)
            stack.extend(nodes[name].depends_on)
    return {graph for name in seen if (graph := nodes[name].graph)}


def _too_early(node: Node, resolved: Resolved, possible: Mapping[str, bool], where: Where) -> Diagnostic:
    late = next((name for name in node.depends_on if not possible[name]), None)
    span = resolved.place(node.name, late, where) if late else Span(node.file.path)
    related = (Related(Span(resolved.nodes[late].file.path), f"`{late}` is made here."),) if late else ()
    return Diagnostic(
        TOO_EARLY,
        "A dynamic table is made at deployment, but this one reads what exists only once a task ran",
        span,
        hint="Make it a table, or declare what it reads below `sources:` when it exists already.",
        related=related,
    )
