"""A part of a project, to be planned on its own.

A graph is one thing: its version is frozen as a whole when its root is resumed (fact sheet 2.2), so it is planned as a
whole. What is deployed beside the graphs (views, dynamic tables, the empty tables that they need) comes one by one,
with what it reads.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from neve.deploy.compare import SENT, Comparison
from neve.deploy.objects import DEFINED, TABLES, Key, LiveObject, key_of
from neve.ir import Node, ScriptStatement


@dataclass(frozen=True, slots=True)
class Part:
    """Whole graphs, and the files (by path) of what is deployed beside them. `more` are the nodes that are in it
    beside those that were chosen.
    """

    graphs: frozenset[str]
    paths: frozenset[str]
    more: frozenset[str]


def part_of(nodes: Mapping[str, Node], chosen: Collection[str]) -> Part:
    """The smallest part that holds the chosen nodes and can be deployed without the rest."""
    graphs = frozenset(graph for name in chosen if (graph := nodes[name].graph))
    members = {name for name, node in nodes.items() if node.graph in graphs}
    beside = set(_beside(nodes, members | set(chosen)))
    return Part(
        graphs, frozenset(nodes[name].file.path for name in beside), frozenset((members | beside) - set(chosen))
    )


def _beside(nodes: Mapping[str, Node], start: Collection[str]) -> Iterator[str]:
    """What is not run by a graph among `start` and above it, with the models that it needs empty ones of."""
    seen: set[str] = set()
    stack = [*start, *(above for name in start for above in nodes[name].depends_on if nodes[above].graph is None)]
    while stack:
        name = stack.pop()
        if name in seen:
            continue
        seen.add(name)
        if nodes[name].graph is None:
            if nodes[name].materialized != "ephemeral":
                yield name
            needed = [above for above in nodes[name].depends_on if nodes[above].materialized]
            yield from (above for above in needed if nodes[above].graph is not None)
            stack.extend(above for above in needed if nodes[above].graph is None)


def narrowed(found: Comparison, part: Part) -> Comparison:
    """The comparison of the part alone; with the graphs below which somebody has hung a task of it."""
    graphs = _entangled(found, part.graphs)

    def holds(statement: ScriptStatement) -> bool:
        if statement.graph is not None:
            return statement.graph in graphs
        return statement.kind not in TABLES or statement.path in part.paths

    statements = tuple(statement for statement in found.script.statements if holds(statement))
    kept = {key_of(statement) for statement in statements if statement.kind in DEFINED}
    return replace(
        found,
        script=replace(found.script, statements=statements),
        changes={key: change for key, change in found.changes.items() if key in kept},
        leaving=tuple(o for o in found.leaving if o.kind == "task" and found.graphs.get(found.live.root(o)) in graphs),
    )


def _entangled(found: Comparison, graphs: Collection[str]) -> set[str | None]:
    """These graphs and those that must stand still for them, as things are now in the account."""
    known: set[str | None] = set(graphs)
    while more := {found.graphs.get(root) for root in _roots(found, known)} - known - {None}:
        known |= more
    return known


def _roots(found: Comparison, graphs: Collection[str | None]) -> Iterator[Key]:
    for key, change in found.changes.items():
        there: LiveObject | None = found.live.objects.get(key)
        if there is not None and change.action in SENT and found.graphs.get(key) in graphs:
            yield found.live.root(there)
