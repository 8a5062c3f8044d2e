"""How a graph starts, and for how long it may run (fact sheet 1.2, 1.2.4)."""

from neve.check.context import Compiling
from neve.diagnostics.model import Diagnostic, Related, Say, Severity
from neve.graph import is_triggered
from neve.graph.tasks import MANUAL
from neve.ir import Node, Target, TaskGraph, Value
from neve.names import parse_name
from neve.when import streams

MISSING = "NEVE108"
NO_START = "NEVE410"
NOT_CONSUMED = "NEVE411"
TIMEOUT = "NEVE412"
_ONE_HOUR = 3_600_000


def check(compiling: Compiling, say: Say) -> None:
    for name, graph in compiling.graphs.items():
        settings = graph.settings
        if settings.schedule is None and not is_triggered(graph.root.options, graph.root.when):
            message = f"The graph {name} has neither a schedule nor a trigger: only `neve run {name}` starts it"
            hint = "Add a `schedule:`, or `schedule: manual` if that is what you want."
            say(Diagnostic(NO_START, message, settings.span, Severity.WARNING, hint))
        if settings.schedule and settings.schedule.data == MANUAL and is_triggered(graph.root.options, graph.root.when):
            message = f"`schedule: manual` says that only people start {name}, but its `when:` lets a stream start it"
            say(Diagnostic(NO_START, message, settings.schedule.span, hint="Remove one of the two."))
        _streams(graph, say)
        _compute(compiling.project.target, graph, say)
        _timeouts(graph, say)


def _streams(graph: TaskGraph, say: Say) -> None:
    """A stream goes on having data until DML in a task reads it."""
    if not is_triggered(graph.root.options, graph.root.when):
        return
    nodes = [task.node for task in (graph.root, *graph.tasks) if task.node]
    read = {relation.name for node in nodes if _writes(node) for _, relation in node.links}
    when = _when(graph)
    for stream in streams(str(when.data)) if when else ():
        parts = parse_name(stream)
        if when and parts and parts[-1] not in read:
            message = f"No task of {graph.settings.name} takes the changes out of `{stream}`: it would run without end"
            hint = "Read the stream in an INSERT, MERGE or another statement that writes."
            say(Diagnostic(NOT_CONSUMED, message, when.span, Severity.WARNING, hint))


def _compute(target: Target, graph: TaskGraph, say: Say) -> None:
    """Snowflake starts a serverless task by a stream only when it knows by when that is to be done."""
    when = _when(graph)
    options = graph.root.options
    if not when or target.engine == "local" or not is_triggered(options, graph.root.when):
        return
    if not (options.get("warehouse") or target.warehouse or options.get("target_completion_interval")):
        name = graph.settings.name
        message = f"A stream starts {name}: without a warehouse that needs a `target_completion_interval`"
        hint = 'Add `target_completion_interval: "10 minutes"` to the graph, or a `warehouse:` to it or the target.'
        say(Diagnostic(MISSING, message, when.span, hint=hint))


def _when(graph: TaskGraph) -> Value | None:
    """The condition of the root, of the graph in project.yml or of a task that is a graph of its own."""
    return graph.settings.options.get("when") or (
        graph.root.node.header.values.get("when") if graph.root.node else None
    )


def _writes(node: Node) -> bool:
    return node.materialized is not None or any(reference.access != "read" for reference, _ in node.links)


def _timeouts(graph: TaskGraph, say: Say) -> None:
    key = "user_task_timeout_ms"
    whole = graph.root.options.get(key, _ONE_HOUR) or 0
    for task in graph.tasks:
        value = task.node.header.values.get(key) if task.node else None
        if value and whole and (value.data == 0 or value.data > whole):
            given = graph.settings.options.get(key)
            message = f"This task may run longer than the whole graph {graph.settings.name}, which has {whole} ms"
            related = (Related(given.span, "This is the graph's."),) if given else ()
            hint = f"Set `{key}` on the graph; without it a graph has one hour."
            say(Diagnostic(TIMEOUT, message, value.span, Severity.WARNING, hint, related))
