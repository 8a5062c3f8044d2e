"""Nodes in Snowflake's terms: the options, the condition and the name of each task of a graph."""

from collections.abc import Iterable, Mapping
from typing import Any

from neve.dependencies import task_named
from neve.ir import GraphSettings, Node, Project, Relation, Task
from neve.names import parse_name, qualified
from neve.when import spell_out

SIZES = (
    "user_task_managed_initial_warehouse_size",
    "serverless_task_min_statement_size",
    "serverless_task_max_statement_size",
    "target_completion_interval",
)
_INHERITED = ("warehouse", *SIZES[:-1], "session_parameters", "log_level", "execute_as_user")
_ROOT_ONLY = (
    "schedule",
    "config",
    "overlap_policy",
    "user_task_timeout_ms",
    "suspend_task_after_num_failures",
    "error_integration",
    "task_auto_retry_attempts",
    "user_task_minimum_trigger_interval_in_seconds",
)
_OWN = (*_INHERITED, *_ROOT_ONLY, "success_integration", "target_completion_interval")
MANUAL = "manual"
"""The schedule of a graph that is only started by hand."""
_STATES = {
    "all_done": "ALL_DONE",
    "one_success": "AT_LEAST_ONE_SUCCEEDED",
    "none_failed": "NONE_FAILED",
    "none_failed_min_one_success": "NONE_FAILED_MIN_ONE_SUCCEEDED",
}


def physical(graph: str, node: str) -> str:
    """The stored name of a node's task, as Snowflake's own DAG API would call it (fact sheet 6.2)."""
    return f"{graph}${node}".upper()


def description(node: Node) -> str:
    """What the header says of a node, in one line."""
    return " ".join(str(node.header.get("description") or node.header.description).split())


class TaskWriter:
    """What all tasks of one graph share."""

    def __init__(self, project: Project, settings: GraphSettings, nodes: Mapping[str, Node]) -> None:
        self.project, self.settings, self.nodes = project, settings, nodes
        self.root_name = settings.name.upper()
        self.by_name = {name.upper(): name for name in nodes}
        self.shared = {key: value.data for key, value in settings.options.items()}

    def root(self) -> Task:
        settings = self.settings
        own = {key: self.shared[key] for key in _OWN if key in self.shared}
        if settings.schedule is not None and settings.schedule.data != MANUAL:
            own["schedule"] = settings.schedule.data
        if settings.config is not None:
            own["config"] = settings.config
        when = self.shared.get("when")
        return Task(
            name=self.root_name,
            node=None,
            after=(),
            when=self._condition(when, None) if when else None,
            options=self._computed(own),
            comment=str(self.shared.get("description") or f"The root of the graph {settings.name}."),
        )

    def task(self, node: Node, before: Iterable[str], fused: Iterable[Node] = ()) -> Task:
        """A node's task; those of `fused` run in it before the node itself."""
        return Task(
            name=physical(self.root_name, node.name),
            node=node,
            after=self._after(before),
            when=self._when(node),
            options=self.options(node),
            comment=description(node),
            fused=tuple(fused),
        )

    def standalone(self, node: Node) -> Task:
        """The task of a node that is a graph of its own."""
        return Task(self.root_name, node, (), self._when(node), self.options(node), description(node))

    def relay(self, name: str, before: Iterable[str], comment: str) -> Task:
        """A task that does nothing but stand between others."""
        return Task(physical(self.root_name, name), None, self._after(before), None, self._shared_options(), comment)

    def finalizer(self, written: Node | None, taken: Iterable[str]) -> Task | None:
        """The user's own finalizer, else the one that `cleanup:` asks for."""
        if written:
            name, when, options = physical(self.root_name, written.name), self._when(written), self.options(written)
            return Task(name, written, (), when, options, description(written), finalize=self.root_name)
        policy = self.settings.cleanup.data if self.settings.cleanup else "never"
        if self.settings.run_schema is None or policy == "never":
            return None
        name = "CLEANUP" if "CLEANUP" not in taken else "CLEANUP_OF_RUN"
        time = {"always": "when it is over", "on_success": "once it succeeded"}.get(policy, f"after {policy}")
        comment = f"Drop the schema of the run {time}."
        name = physical(self.root_name, name)
        return Task(name, None, (), None, self._shared_options(), comment, finalize=self.root_name)

    def options(self, node: Node) -> Mapping[str, Any]:
        """A task's options: its own, and what it inherits from its graph and the target."""
        values = node.header.values
        own = {key: values[key].data for key in _OWN if key in values}
        inherited = {key: self.shared[key] for key in _INHERITED if key in self.shared}
        sizes_here = any(key in values and values[key].span.path == node.file.path for key in SIZES)
        if sizes_here and "warehouse" in own and values["warehouse"].span.path != node.file.path:
            del own["warehouse"]
        if any(key in own for key in SIZES):
            inherited.pop("warehouse", None)
        if "warehouse" in own:
            inherited = {key: value for key, value in inherited.items() if key not in SIZES}
        return self._computed(inherited | own)

    def _after(self, before: Iterable[str]) -> tuple[str, ...]:
        return tuple(physical(self.root_name, one) for one in before) or (self.root_name,)

    def _shared_options(self) -> Mapping[str, Any]:
        return self._computed({key: self.shared[key] for key in _INHERITED if key in self.shared})

    def _computed(self, options: dict[str, Any]) -> dict[str, Any]:
        """With the target's warehouse, unless the task names one or is serverless by its own wish."""
        warehouse = self.project.target.warehouse
        if warehouse and "warehouse" not in options and not any(key in options for key in SIZES):
            return {"warehouse": warehouse, **options}
        return options

    def _when(self, node: Node) -> str | None:
        written = node.header.get("when")
        condition = self._condition(str(written), node) if written else None
        state = _STATES.get(node.header.get("trigger_rule", "all_success"))
        if state is None:
            return condition
        rule = f"SYSTEM$PREDECESSORS_STATE('{state}')"
        return f"{rule} AND ({condition})" if condition else rule

    def _condition(self, written: str, node: Node | None) -> str:
        def task(name: str) -> str:
            found = task_named(name, node, self.by_name) if node else None
            return physical(self.root_name, found) if found else name.upper()

        return spell_out(written, task, self._stream)

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
