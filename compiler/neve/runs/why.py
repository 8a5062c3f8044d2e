"""Why a run failed: which task, where in the user's files, what it says, and what it blocked."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from neve.ir import Compiled, Task
from neve.runs.model import BAD, Run, TaskRun

_FRAME = re.compile(r'File "([^"]+)", line (\d+)')
_CODE = "_udf_code.py"
_HELPERS = "python_tasks/"
Trace = Callable[[str, int], tuple[str, int] | None]
"""(stored name of a procedure, line of its code) -> (file, line) of the user's."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One failed task: its file, the line in a file of the user's if it can be told, and the error."""

    task: str
    path: str
    place: tuple[str, int] | None
    code: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A failed run, its causes in the order they occurred, and the tasks that did not run because of them."""

    run: Run
    causes: tuple[Cause, ...]
    blocked: tuple[str, ...]


def explain(run: Run, compiled: Compiled | None, trace: Trace) -> Explanation:
    """What is to be said about a failed run. Without the compiled project: what the history says alone."""
    tasks = _tasks(compiled, run.root)
    causes = tuple(_cause(task, tasks.get(task.name), trace) for task in run.failed())
    ran = {task.name for task in run.tasks}
    bad = {task.name for task in run.tasks if task.state in BAD}
    return Explanation(run, causes, tuple(name for name in _below(bad, tasks.values()) if name not in ran))


def _tasks(compiled: Compiled | None, root: str) -> Mapping[str, Task]:
    """The graph's tasks by their stored short names, in the order of the graph."""
    for graph in compiled.graphs.values() if compiled else ():
        if _short(graph.root.name) == root:
            return {_short(task.name): task for task in (graph.root, *graph.tasks)}
    return {}


def _short(name: str) -> str:
    return name.rsplit(".", 1)[-1].strip('"')


def _below(names: set[str], tasks: Iterable[Task]) -> list[str]:
    """The descendants of these tasks, in the graph's order."""
    reached = set(names)
    below = []
    for task in tasks:
        if {_short(above) for above in task.after} & reached:
            name = _short(task.name)
            reached.add(name)
            below.append(name)
    return below


def _cause(run: TaskRun, task: Task | None, trace: Trace) -> Cause:
    message = (run.error_message or "no message").strip()
    path = task.node.file.path if task and task.node else ""
    return Cause(run.name, path, _place(run.name, message, trace), run.error_code, message)


def _place(procedure: str, message: str, trace: Trace) -> tuple[str, int] | None:
    """The innermost line of a Python traceback that stands in a file of the user's: the task's, or a helper's."""
    for file, line in reversed(_FRAME.findall(message)):
        place = trace(procedure, int(line)) if file == _CODE else (file, int(line))
        if place and (file == _CODE or file.startswith(_HELPERS)):
            return place
    return None
