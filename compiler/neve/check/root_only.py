"""Options that only a root can have, on a task that follows others or finalizes (fact sheet 1.2.2)."""

from neve.check.context import Compiling
from neve.diagnostics.model import Diagnostic, Say

CODE = "NEVE402"
_ROOT_ONLY = ("schedule", "config", "overlap_policy", "task_auto_retry_attempts")
_MEANT_FOR_ROOTS = ("suspend_task_after_num_failures", "error_integration")


def check(compiling: Compiling, say: Say) -> None:
    for graph, task in compiling.tasks():
        if task.node is None or task is graph.root:
            continue
        values = task.node.header.values
        for key in (*_ROOT_ONLY, *_MEANT_FOR_ROOTS):
            if key in values and values[key].span.path == task.node.file.path:
                message = f"`{key}` belongs to the root of a graph, but this task is part of {graph.settings.name}"
                hint = f"Set it in project.yml: `graphs: {{{graph.settings.name}: {{{key}: ...}}}}`."
                say(Diagnostic(CODE, message, values[key].span, hint=hint))
