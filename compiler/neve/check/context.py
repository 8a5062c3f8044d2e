"""What every rule looks at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from neve.cache.memo import Memo
from neve.columns import Columns
from neve.dependencies import Resolved, Where
from neve.diagnostics.model import Span
from neve.graph import members
from neve.ir import Node, Project, Reference, Relation, Task, TaskGraph


@dataclass(frozen=True, slots=True)
class Compiling:
    """A project that is resolved and ordered. `graphs` is empty after a cycle.

    `sound` holds the columns of models whose queries were found to be right before. `complete` says that no file is
    missing because of an error: what is not said then is not said at all. `columns` are the known ones of sources and
    models; the rule for columns fills it.
    """

    project: Project
    resolved: Resolved
    graphs: Mapping[str, TaskGraph]
    where: Where
    sound: Memo = field(default_factory=Memo)
    complete: bool = True
    columns: dict[Relation, Columns] = field(default_factory=dict)
    _bits: dict[str, Mapping[str, int]] = field(default_factory=dict)
    _ahead: dict[str, Mapping[str, int]] = field(default_factory=dict)
    _deployed: dict[Relation, Node] = field(default_factory=dict)

    @property
    def nodes(self) -> Mapping[str, Node]:
        return self.resolved.nodes

    @property
    def deployed(self) -> Mapping[Relation, Node]:
        """The models that are made at deployment or nowhere, by what they make."""
        if not self._deployed:
            self._deployed.update({n.relation: n for n in self.nodes.values() if n.relation and n.graph is None})
        return self._deployed

    def tasks(self) -> Iterator[tuple[TaskGraph, Task]]:
        """Every task of every graph, roots and finalizers too."""
        for graph in self.graphs.values():
            for task in members(graph):
                yield graph, task

    def ordered(self, graph: TaskGraph, one: str, other: str) -> bool:
        """Whether two tasks of a graph, by physical name, run one after the other."""
        return self.precedes(graph, one, other) or self.precedes(graph, other, one)

    def precedes(self, graph: TaskGraph, first: str, then: str) -> bool:
        """Whether a task is an ancestor of another."""
        ahead, bits = self._masks(graph), self._bits[graph.settings.name]
        return bool(ahead[then] & bits[first])

    def place(self, node: Node, reference: Reference) -> Span:
        """Where a node names a table: in its text, or in its header."""
        if reference.start == reference.end == 0:
            value = node.header.values.get("reads" if reference.access == "read" else "writes")
            if value:
                return value.span
        return self.where(node, reference.start, reference.end)

    def key_span(self, node: Node, key: str) -> Span:
        value = node.header.values.get(key)
        return value.span if value else Span(node.file.path)

    def _masks(self, graph: TaskGraph) -> Mapping[str, int]:
        """For each task all its ancestors; the finalizer comes after everything."""
        name = graph.settings.name
        if name not in self._ahead:
            bits = self._bits[name] = {task.name: 1 << i for i, task in enumerate(members(graph))}
            masks: dict[str, int] = {}
            for task in members(graph):
                before = list(masks) if task.finalize else task.after
                masks[task.name] = sum_of(masks[one] | bits[one] for one in before)
            self._ahead[name] = masks
        return self._ahead[name]


def sum_of(masks: Iterator[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def touched(compiling: Compiling, node: Node) -> Iterator[tuple[Reference, Relation]]:
    """The tables that a node's task reads and writes; what views and ephemeral models read counts as read by it."""
    makers = compiling.deployed
    seen: set[Relation] = set()
    for reference, relation in node.links:
        yield reference, relation
        stack = [makers[relation]] if relation in makers and reference.access == "read" else []
        while stack:
            for _, behind in stack.pop().links:
                if behind not in seen:
                    seen.add(behind)
                    yield reference, behind
                    if behind in makers:
                        stack.append(makers[behind])
