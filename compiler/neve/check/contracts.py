"""What tasks promise each other: return values that are asked for, and configuration that is read."""

from collections.abc import Iterator, Mapping
from typing import Any

from neve.check.context import Compiling
from neve.dependencies import task_named
from neve.diagnostics.model import Diagnostic, Related, Say, Severity, Span
from neve.graph import members
from neve.ir import Node, TaskGraph
from neve.names import nearest
from neve.when import asked

NOT_RETURNED = "NEVE503"
NOT_SET = "NEVE504"
NOT_READ = "NEVE505"
NO_NAME = "NEVE409"
_OWN_KEYS = {"as_of"}
"""What `run.as_of` and `neve run --as-of` use."""


def check_returned(compiling: Compiling, say: Say) -> None:
    """Return values read from a task that sets none, or without a name where several tasks could be meant."""
    by_name = {name.upper(): name for name in compiling.nodes}
    for graph, task in compiling.tasks():
        node = task.node
        if node is None:
            continue
        for name, span in _asked(compiling, node):
            found = task_named(name, node, by_name)
            if name.upper() == graph.settings.name.upper() and not found and not graph.settings.run_schema:
                message = f"The root of {graph.settings.name} sets no return value, so there is none to ask for"
                hint = "It returns the name of the run's schema when the graph has a `run_schema`."
                say(Diagnostic(NOT_RETURNED, message, span, Severity.WARNING, hint))
            if found and not compiling.nodes[found].facts.returns:
                related = (Related(Span(compiling.nodes[found].file.path), f"This is `{found}`."),)
                message = f"`{found}` sets no return value, so there is none to ask for"
                hint = "Let its `main` return something, or call SYSTEM$SET_RETURN_VALUE in its SQL."
                say(Diagnostic(NOT_RETURNED, message, span, Severity.WARNING, hint, related))
        for read in node.facts.returned:
            if read.task is None and len(task.after) > 1 and task is not graph.root:
                message = f"This asks for the return value of the predecessor, but there are {len(task.after)}"
                hint = "Name the task: SYSTEM$GET_PREDECESSOR_RETURN_VALUE('...')."
                say(Diagnostic(NO_NAME, message, compiling.where(node, read.start, read.end), hint=hint))


def check_config(compiling: Compiling, say: Say) -> None:
    """Config keys that are read but not set, and set but not read."""
    for graph in compiling.graphs.values():
        reads = list(_config_reads(graph))
        config = graph.settings.config or {}
        for node, path, start, end in reads:
            keys = _keys(path)
            if path and not _has(config, keys) and keys[0] not in _OWN_KEYS:
                name = graph.settings.name
                message = f"The configuration of {name} has no `{'.'.join(keys)}`: only a run that sets it has a value"
                above = ["graphs", name, "config"] if name in compiling.project.graphs else ["config"]
                written = ": {".join([*above, *keys]) + ": ..." + "}" * (len(above) + len(keys) - 1)
                meant = nearest(keys[0], map(str, config)) if keys[0] not in config else None
                add = f"Add it in {'project.yml' if len(above) > 1 else 'the header'}: `{written}`."
                hint = f"Did you mean `{meant}`? {add}" if meant else add
                say(Diagnostic(NOT_SET, message, compiling.where(node, start, end), Severity.WARNING, hint))
        whole = any(not path for _, path, _, _ in reads)
        known = {_keys(path)[0] for _, path, _, _ in reads if path} | _OWN_KEYS
        for key in config:
            if compiling.complete and not whole and key not in known:
                message = f"No task of {graph.settings.name} reads the config key `{key}`"
                say(Diagnostic(NOT_READ, message, graph.settings.span, Severity.WARNING, "Remove it, or read it."))


def _keys(path: str) -> list[str]:
    """The keys of a path into the configuration, as far as they are names: `a.b[0].c` leads into `a.b`."""
    names, bracket, _ = path.partition("[")
    keys = [key.strip('"') for key in names.split(".")]
    return keys if names or not bracket else [bracket]


def _has(config: Any, keys: list[str]) -> bool:
    """Whether a path leads to something that is set; into what is no mapping nothing is known."""
    for key in keys:
        if not isinstance(config, Mapping):
            return True
        if key not in config:
            return False
        config = config[key]
    return True


def _asked(compiling: Compiling, node: Node) -> Iterator[tuple[str, Span]]:
    when = node.header.values.get("when")
    if when:
        yield from ((name, when.span) for name in asked(str(when.data)))
    for read in node.facts.returned:
        if read.task is not None:
            yield read.task, compiling.where(node, read.start, read.end)


def _config_reads(graph: TaskGraph) -> Iterator[tuple[Node, str, int, int]]:
    for task in members(graph):
        for node in (*task.fused, *((task.node,) if task.node else ())):
            yield from ((node, *read) for read in node.facts.config_keys)
