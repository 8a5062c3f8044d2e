"""The task graphs: which task runs after which, in Snowflake's terms."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from neve.diagnostics.model import Diagnostic, Related, Say
from neve.ir import GraphSettings, Node, Project, Relation, Task, TaskGraph
from neve.names import parse_name, qualified
from neve.resolve import Resolved, Where, task_named
from neve.when import spell_out

CYCLE = "NEVE305"
ROOT_ONLY = (
    "schedule",
    "config",
    "overlap_policy",
    "user_task_timeout_ms",
    "suspend_task_after_num_failures",
    "error_integration",
    "task_auto_retry_attempts",
    "user_task_minimum_trigger_interval_in_seconds",
)
"""What of a graph's settings holds for its root alone; the rest its tasks have too, unless they say otherwise."""
_SIZES = (
    "user_task_managed_initial_warehouse_size",
    "serverless_task_min_statement_size",
    "serverless_task_max_statement_size",
    "target_completion_interval",
)
_INHERITED = ("warehouse", *_SIZES[:-1], "session_parameters", "log_level", "execute_as_user")
_OWN = (*_INHERITED, *ROOT_ONLY, "success_integration", "target_completion_interval")
_STATES = {
    "all_done": "ALL_DONE",
    "one_success": "AT_LEAST_ONE_SUCCEEDED",
    "none_failed": "NONE_FAILED",
    "none_failed_min_one_success": "NONE_FAILED_MIN_ONE_SUCCEEDED",
}


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


def physical(graph: str, node: str) -> str:
    """The stored name of a node's task, as Snowflake's own DAG API would call it (fact sheet 6.2)."""
    return f"{graph}${node}".upper()


def ordered(nodes: Mapping[str, Node]) -> list[str]:
    """All nodes, each after what it depends on, names deciding; raises CycleError."""
    return _sorted({name: node.depends_on for name, node in sorted(nodes.items())})


def is_triggered(options: Mapping[str, Any], when: str | None) -> bool:
    """Whether a root waits for a stream (fact sheet 1.2.4)."""
    return options.get("schedule") is None and "SYSTEM$STREAM_HAS_DATA" in (when or "")


def _order(resolved: Resolved, where: Where, say: Say) -> list[str] | None:
    """All nodes, each after what it depends on, names deciding; None after saying every cycle there is."""
    left = {name: set(node.depends_on) for name, node in sorted(resolved.nodes.items())}
    cyclic = False
    while True:
        try:
            return None if _sorted(left) is None or cyclic else _sorted(left)
        except CycleError as error:
            cyclic = True
            path = list(reversed(error.args[1]))
            say(_cycle(path, resolved, where))
            left = {n: on - set(path) for n, on in left.items() if n not in path}


def _sorted(on: Mapping[str, Iterable[str]]) -> list[str]:
    sorter = TopologicalSorter({name: sorted(before) for name, before in on.items()})
    sorter.prepare()
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order += ready
        sorter.done(*ready)
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
        hint="Break the circle where a task does not need the other's newest data.",
    )


def _graph(project: Project, name: str, members: list[Node], nodes: Mapping[str, Node]) -> TaskGraph:
    if name not in project.graphs:
        return _standalone(project, members[0])
    settings = project.graphs[name]
    root = name.upper()
    writer = _Writer(project, settings, root, nodes)
    finalizers = [node for node in members if node.header.get("finalize") is not None]
    tasks = [node for node in members if node not in finalizers]
    after = _reduced(_predecessors(tasks, nodes), {node.name for node in tasks if has_rule(node)})
    return TaskGraph(
        settings,
        writer.root(),
        tuple(writer.task(node, after[node.name]) for node in tasks),
        writer.finalizer(finalizers, {node.name.upper() for node in tasks}),
    )


def _standalone(project: Project, node: Node) -> TaskGraph:
    header = node.header
    settings = GraphSettings(
        name=node.name,
        span=header.values["schedule"].span,
        schedule=header.values.get("schedule"),
        config=header.get("config"),
    )
    writer = _Writer(project, settings, node.name.upper(), {node.name: node})
    return TaskGraph(settings, writer.task(node, (), name=node.name.upper()), (), None)


def has_rule(node: Node) -> bool:
    """Whether a task looks at its predecessors' states, so that it matters which they are."""
    rule = node.header.get("trigger_rule", "all_success")
    when = str(node.header.get("when") or "").upper()
    unnamed = any(read.task is None for read in node.facts.returned)
    return rule != "all_success" or "PREDECESSORS_STATE" in when or unnamed


def _predecessors(tasks: list[Node], nodes: Mapping[str, Node]) -> dict[str, list[str]]:
    """The tasks of this graph that each needs; what is deployed and not run is looked through."""
    names = {node.name for node in tasks}
    through: dict[str, frozenset[str]] = {}

    def tasks_behind(name: str) -> frozenset[str]:
        if name in names:
            return frozenset((name,))
        if name not in through:
            through[name] = frozenset().union(*map(tasks_behind, nodes[name].depends_on))
        return through[name]

    return {node.name: sorted(frozenset().union(*map(tasks_behind, node.depends_on))) for node in tasks}


def _reduced(after: Mapping[str, list[str]], ruled: set[str]) -> dict[str, list[str]]:
    """Without the edges that others imply. A task with a rule of its own implies nothing of its predecessors."""
    bits = {name: 1 << i for i, name in enumerate(after)}
    implied: dict[str, int] = {}
    kept: dict[str, list[str]] = {}
    for name, before in after.items():
        beyond = 0
        for one in before:
            beyond |= implied[one]
        kept[name] = before if name in ruled else [one for one in before if not bits[one] & beyond]
        implied[name] = 0 if name in ruled else beyond | sum(bits[one] for one in before)
    return kept


class _Writer:
    """What all tasks of one graph share."""

    def __init__(self, project: Project, settings: GraphSettings, root: str, nodes: Mapping[str, Node]) -> None:
        self.project, self.settings, self.root_name, self.nodes = project, settings, root, nodes
        self.by_name = {name.upper(): name for name in nodes}
        self.shared = {key: value.data for key, value in settings.options.items()}

    def root(self) -> Task:
        settings = self.settings
        own = {key: self.shared[key] for key in _OWN if key in self.shared}
        if settings.schedule is not None:
            own["schedule"] = settings.schedule.data
        if settings.config is not None:
            own["config"] = settings.config
        when = self.shared.get("when")
        return Task(
            name=self.root_name,
            node=None,
            after=(),
            when=self.condition(when, None) if when else None,
            options=self._computed(own),
            comment=str(self.shared.get("description") or f"The root of the graph {settings.name}."),
        )

    def task(self, node: Node, before: Iterable[str], name: str | None = None) -> Task:
        root = () if name else (self.root_name,)
        return Task(
            name=name or physical(self.root_name, node.name),
            node=node,
            after=tuple(physical(self.root_name, one) for one in before) or root,
            when=self._when(node),
            options=self._options(node),
            comment=description(node),
        )

    def finalizer(self, written: list[Node], taken: set[str]) -> Task | None:
        """The user's own finalizer, else the one that `cleanup:` asks for."""
        if written:
            task = self.task(written[0], ())
            return Task(task.name, task.node, (), task.when, task.options, task.comment, finalize=self.root_name)
        policy = self.settings.cleanup.data if self.settings.cleanup else "never"
        if self.settings.run_schema is None or policy == "never":
            return None
        name = "CLEANUP" if "CLEANUP" not in taken else "CLEANUP_OF_RUN"
        options = self._computed({key: self.shared[key] for key in _INHERITED if key in self.shared})
        comment = {"always": "when it is over", "on_success": "once it succeeded"}.get(policy, f"after {policy}")
        return Task(
            name=physical(self.root_name, name),
            node=None,
            after=(),
            when=None,
            options=options,
            comment=f"Drop the schema of the run {comment}.",
            finalize=self.root_name,
        )

    def condition(self, written: str, node: Node | None) -> str:
        def task(name: str) -> str:
            if node is None:
                return name
            found = task_named(name, node, self.by_name)
            return physical(self.root_name, found) if found else name.upper()

        return spell_out(written, task, self._stream)

    def _when(self, node: Node) -> str | None:
        written = node.header.get("when")
        condition = self.condition(str(written), node) if written else None
        state = _STATES.get(node.header.get("trigger_rule", "all_success"))
        if state is None:
            return condition
        rule = f"SYSTEM$PREDECESSORS_STATE('{state}')"
        return f"{rule} AND ({condition})" if condition else rule

    def _stream(self, name: str) -> str:
        parts = parse_name(name)
        if parts is None:
            return name
        target = self.project.target
        known = [r for one in self.nodes.values() for _, r in one.links if r.name == parts[-1] and r.schema]
        known += [Relation(s.database, s.schema, s.name.upper()) for s in self.project.sources.values()]
        for relation in known:
            if relation.name == parts[-1] and relation.schema and (len(parts) == 1 or relation.schema == parts[-2]):
                return qualified(relation.database, relation.schema, relation.name)
        return qualified(*(target.database, target.schema, *parts)[-3:] if len(parts) < 3 else parts)

    def _options(self, node: Node) -> Mapping[str, Any]:
        own = {key: node.header.values[key].data for key in _OWN if key in node.header.values}
        inherited = {key: self.shared[key] for key in _INHERITED if key in self.shared}
        if any(key in own for key in _SIZES):
            inherited.pop("warehouse", None)
        if "warehouse" in own:
            inherited = {key: value for key, value in inherited.items() if key not in _SIZES}
        return self._computed(inherited | own)

    def _computed(self, options: dict[str, Any]) -> dict[str, Any]:
        """With the target's warehouse, unless the task names one or is serverless by its own wish."""
        warehouse = self.project.target.warehouse
        if warehouse and "warehouse" not in options and not any(key in options for key in _SIZES):
            return {"warehouse": warehouse, **options}
        return options


def description(node: Node) -> str:
    """What the header says of a node, in one line."""
    return " ".join(str(node.header.get("description") or node.header.description).split())


def members(graph: TaskGraph) -> tuple[Task, ...]:
    """Every task of a graph: root, children, finalizer."""
    return (graph.root, *graph.tasks, *((graph.finalizer,) if graph.finalizer else ()))
