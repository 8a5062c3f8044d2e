"""From links to dependencies: what reads a table comes after what makes it, unless the user states the reverse."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from neve.diagnostics.model import Diagnostic, Span
from neve.header import item_span
from neve.ir import Node, Reference, Relation, altered
from neve.names import nearest
from neve.nodes import as_list
from neve.when import asked

UNKNOWN_TASK = "NEVE304"
MAKES = {"insert", "replace", "create", "alter"}

Where = Callable[[Node, int, int], Span]
"""The place, in the user's file, of a stretch of a node's rendered text."""

Reason = Span | tuple[int, int]
"""Where the text that makes a dependency stands: a place in a header, or offsets in the rendered body."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """The nodes, linked, and the reason of each (node, dependency)."""

    nodes: Mapping[str, Node]
    reasons: Mapping[tuple[str, str], Reason]

    def place(self, node: str, on: str, where: Where) -> Span:
        """Where the user says, in `node`, that it depends on `on`."""
        reason = self.reasons[node, on]
        named = self.nodes[node]
        return _in_header(named, on, reason) if isinstance(reason, Span) else where(named, *reason)


@dataclass(frozen=True, slots=True)
class _Edge:
    """A dependency of one node on another, and what makes it."""

    node: str
    on: str
    reason: Reason


NoTask = Callable[[Diagnostic, str], None]
"""Says that a task is not there, given what to say and the task's name."""


def depend(nodes: Mapping[str, Node], where: Where, no_task: NoTask) -> Resolved:
    """The nodes with what each depends on (NEVE304: a task that is not there, or not in this graph)."""
    by_name = {name.upper(): name for name in nodes}
    stated = [edge for node in nodes.values() for edge in _stated(node, nodes, by_name, where, no_task)]
    ahead = _ahead(stated)
    makers = _makers(nodes)
    reasons: dict[tuple[str, str], Reason] = {}
    for edge in stated:
        reasons.setdefault((edge.node, edge.on), edge.reason)
    for node in nodes.values():
        for edge in _by_tables(node, nodes, makers):
            if edge.node not in ahead(edge.on):
                reasons.setdefault((edge.node, edge.on), edge.reason)
    on: dict[str, set[str]] = defaultdict(set)
    for name, dependency in reasons:
        on[name].add(dependency)
    return Resolved({n: altered(node, depends_on=tuple(sorted(on[n]))) for n, node in nodes.items()}, reasons)


def texts(node: Node) -> Iterator[Node]:
    """A node with each of its texts: its own, the one that fills an empty table, those of its data tests."""
    yield node
    if node.initial:
        yield node.initial
    yield from (test.query for test in node.tests)


def _all_links(node: Node) -> Iterator[tuple[Node, Reference, Relation]]:
    return ((text, *link) for text in texts(node) for link in text.links)


def _makers(nodes: Mapping[str, Node]) -> Mapping[Relation, list[str]]:
    """For each table the nodes that make it or write to it."""
    makers: dict[Relation, list[str]] = defaultdict(list)
    for name, node in nodes.items():
        made = {relation for reference, relation in node.links if reference.access in MAKES}
        for relation in made | ({node.relation} if node.relation else set()):
            makers[relation].append(name)
    return makers


def _by_tables(node: Node, nodes: Mapping[str, Node], makers: Mapping[Relation, list[str]]) -> Iterator[_Edge]:
    """A node that reads what another makes comes after it; a task of another graph counts only for models."""
    for text, reference, relation in _all_links(node):
        if reference.access != "read":
            continue
        for maker in makers.get(relation, ()):
            other = nodes[maker]
            same_run = relation.schema is not None or other.graph == node.graph or node.graph is None
            near = other.relation == relation or node.graph is None or other.graph == node.graph
            if maker != node.name and same_run and near:
                reason: Reason = (reference.start, reference.end)
                if text is not node:
                    reason = text.rendered.span or Span(node.file.path)
                yield _Edge(node.name, maker, reason)


def _stated(
    node: Node, nodes: Mapping[str, Node], by_name: Mapping[str, str], where: Where, no_task: NoTask
) -> Iterator[_Edge]:
    """The edges that `after:`, `when:` and the return values asked for make."""
    wanted: list[tuple[str, Reason]] = []
    after = node.header.values.get("after")
    if after:
        wanted += [(name, after.span) for name in as_list(after.data)]
    wanted += [(read.task, (read.start, read.end)) for read in node.facts.returned if read.task]
    when = node.header.values.get("when")
    if when:
        wanted += [(name, when.span) for name in asked(str(when.data))]
    for name, reason in wanted:
        task = task_named(name, node, by_name)
        graph = nodes[task].graph if task else None
        if task and graph in {None, node.graph}:
            yield _Edge(node.name, task, reason)
            continue
        span = _in_header(node, name, reason) if isinstance(reason, Span) else where(node, *reason)
        if task and graph and node.graph:
            no_task(_elsewhere(task, graph, node.graph, span), name)
        elif not _is_root(name, node, reason):
            no_task(_no_task(name, span, by_name.values(), root=name.upper() == (node.graph or "").upper()), name)


def _is_root(name: str, node: Node, reason: Reason) -> bool:
    """Whether a name means the root; TaskContext, which a Python body asks, looks only for tasks below it."""
    in_python = node.file.kind == "python_task" and not isinstance(reason, Span)
    return name.upper() == (node.graph or "").upper() and not in_python


def _elsewhere(task: str, graph: str, own: str, span: Span) -> Diagnostic:
    return Diagnostic(
        UNKNOWN_TASK,
        f"`{task}` is a task of the graph {graph}, and tasks wait only for those of their own, {own}",
        span,
        hint="Move one of the two to the other's graph; or hand over in a table, which any graph can read.",
    )


def _in_header(node: Node, name: str, span: Span) -> Span:
    """The place of one name of a list of `after:`, else of the whole value."""
    after = node.header.values.get("after")
    listed = after.data if after and after.span == span and isinstance(after.data, list) else []
    found = [at for at, one in enumerate(listed) if one.upper() == name.upper()]
    return item_span(node.file, after, found[0]) if after and found else span


def task_named(name: str, node: Node, by_name: Mapping[str, str]) -> str | None:
    """The node that a task's name means: its own name, or the physical one with the graph before it."""
    upper = name.upper()
    return by_name.get(upper) or by_name.get(upper.removeprefix(f"{(node.graph or '').upper()}$"))


def _no_task(name: str, span: Span, known: Iterable[str], *, root: bool) -> Diagnostic:
    meant = nearest(name, known)
    hint = f"Did you mean `{meant}`?" if meant else "Tasks are called like their files."
    if root:
        hint = "What the root returns is the name of the run's schema: `run.schema`."
    return Diagnostic(UNKNOWN_TASK, f"There is no task `{name}`", span, hint=hint)


def _ahead(edges: Iterable[_Edge]) -> Callable[[str], set[str]]:
    """For a node all that stated edges put before it."""
    on: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        on[edge.node].add(edge.on)
    cache: dict[str, set[str]] = {}

    def ahead(name: str) -> set[str]:
        if name not in cache:
            found: set[str] = set()
            stack = list(on.get(name, ()))
            while stack:
                one = stack.pop()
                if one not in found:
                    found.add(one)
                    stack.extend(on.get(one, ()))
            cache[name] = found
        return cache[name]

    return ahead
