"""The task graphs: which task runs after which, in Snowflake's terms."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from neve.dependencies import Resolved, Where
from neve.diagnostics.model import Diagnostic, Related, Say
from neve.graph.edges import edges
from neve.graph.tasks import TaskWriter
from neve.ir import GraphSettings, Node, Project, Task, TaskGraph

CYCLE = "NEVE305"


def make_graphs(project: Project, resolved: Resolved, where: Where, say: Say) -> Mapping[str, TaskGraph]:
    """A TaskGraph for each graph that has tasks, root first; empty after a cycle (NEVE305)."""
    order = _order(resolved, where, say)
    if order is None:
        return {}
    members: dict[str, list[Node]] = {}
    for name in order:
        node = resolved.nodes[name]
        if node.graph is not None:
            members.setdefault(node.graph, []).append(node)
    return {name: _graph(project, name, members[name], resolved.nodes) for name in sorted(members)}


def members(graph: TaskGraph) -> tuple[Task, ...]:
    """Every task of a graph: root, children, finalizer."""
    return (graph.root, *graph.tasks, *((graph.finalizer,) if graph.finalizer else ()))


def ordered(nodes: Mapping[str, Node]) -> list[str]:
    """All nodes, each after what it depends on, names deciding; raises CycleError."""
    return _sorted({name: node.depends_on for name, node in nodes.items()})


def is_triggered(options: Mapping[str, Any], when: str | None) -> bool:
    """Whether a root waits for a stream (fact sheet 1.2.4)."""
    return options.get("schedule") is None and "SYSTEM$STREAM_HAS_DATA" in (when or "")


def _order(resolved: Resolved, where: Where, say: Say) -> list[str] | None:
    """All nodes, each after what it depends on, names deciding; None after saying every cycle there is."""
    left: dict[str, Iterable[str]] = {name: node.depends_on for name, node in resolved.nodes.items()}
    cyclic = False
    while True:
        try:
            order = _sorted(left)
        except CycleError as error:
            cyclic = True
            path = list(reversed(error.args[1]))
            say(_cycle(path, resolved, where))
            left = {n: set(on) - set(path) for n, on in left.items() if n not in path}
        else:
            return None if cyclic else order


def _sorted(on: Mapping[str, Iterable[str]]) -> list[str]:
    """In rounds, in each of which stands what needs only the rounds before, by name."""
    followers: dict[str, list[str]] = {name: [] for name in on}
    missing = dict.fromkeys(on, 0)
    for name, before in on.items():
        for one in before:
            followers[one].append(name)
            missing[name] += 1
    order: list[str] = []
    ready = sorted(name for name, count in missing.items() if not count)
    while ready:
        order += ready
        freed: list[str] = []
        for follower in (follower for name in ready for follower in followers[name]):
            missing[follower] -= 1
            if not missing[follower]:
                freed.append(follower)
        ready = sorted(freed)
    if len(order) < len(on):
        TopologicalSorter({name: sorted(before) for name, before in sorted(on.items())}).prepare()  # says the circle
    return order


def _cycle(path: list[str], resolved: Resolved, where: Where) -> Diagnostic:
    """`path` starts and ends with the same node; each depends on the one after it."""
    first = path.index(min(path))
    ring = path[first:-1] + path[:first]
    steps = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    places = [(node, on, resolved.place(node, on, where)) for node, on in steps]
    return Diagnostic(
        CYCLE,
        "These depend on each other in a circle: " + " → ".join([*ring, ring[0]]),
        places[0][2],
        related=tuple(Related(span, f"`{node}` depends on `{on}` here.") for node, on, span in places[1:]),
        hint="Break the circle where a task does not need the other's newest data; `after:` says which one goes first.",
    )


def _graph(project: Project, name: str, members: list[Node], nodes: Mapping[str, Node]) -> TaskGraph:
    if name not in project.graphs:
        return _standalone(project, members[0])
    settings = project.graphs[name]
    writer = TaskWriter(project, settings, nodes)
    finalizers = [node for node in members if node.header.get("finalize") is not None]
    tasks = [node for node in members if node not in finalizers]

    def alike(one: Node, other: Node) -> bool:
        return writer.options(one) == writer.options(other) and not any(n.header.get("when") for n in (one, other))

    found = edges(tasks, nodes, alike if settings.fuse else None)
    written = tuple(
        writer.relay(one, before, found.relays[one])
        if one in found.relays
        else writer.task(nodes[one], before, [nodes[earlier] for earlier in found.fused.get(one, ())])
        for one, before in found.after.items()
    )
    finalizer = writer.finalizer(next(iter(finalizers), None), {node.name.upper() for node in tasks})
    return TaskGraph(settings, writer.root(), written, finalizer)


def _standalone(project: Project, node: Node) -> TaskGraph:
    values = node.header.values
    settings = GraphSettings(node.name, values["schedule"].span, values["schedule"], node.header.get("config"))
    return TaskGraph(settings, TaskWriter(project, settings, {node.name: node}).standalone(node), (), None)
