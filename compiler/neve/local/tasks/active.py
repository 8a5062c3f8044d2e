"""Graph runs and task runs while they execute."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from queue import SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING

from neve.local.tasks.decide import Shape
from neve.local.tasks.model import Task
from neve.local.tasks.records import GraphRun
from neve.local.tasks.states import UNFINISHED, State

if TYPE_CHECKING:
    from neve.local.session import Session

LONGEST_SECONDS = 604_800.0


class Stop(Enum):
    """Why a running task was told to stop."""

    CANCELLED = "cancelled"
    TIMED_OUT = "timed out"
    ENGINE_CLOSED = "engine closed"


@dataclass(slots=True)
class ActiveGraph:
    """One attempt in progress. `states` and `values` include what earlier attempts left."""

    run: GraphRun
    tasks: dict[str, Task]
    shape: Shape
    states: dict[str, State]
    values: dict[str, str | None]
    running: dict[str, "TaskRun"] = field(default_factory=dict)
    completions: SimpleQueue[tuple[str, State]] = field(default_factory=SimpleQueue)
    began: float = field(default_factory=monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def root(self) -> Task:
        return self.tasks[self.shape.root]

    @property
    def is_root_running(self) -> bool:
        return self.states.get(self.shape.root, State.EXECUTING) in UNFINISHED

    def ancestors(self, name: str) -> set[str]:
        """The resumed tasks that a task directly or indirectly follows."""
        seen: set[str] = set()
        waiting = list(self.shape.predecessors.get(name, ()))
        while waiting:
            above = waiting.pop()
            if above not in seen:
                seen.add(above)
                waiting.extend(self.shape.predecessors.get(above, ()))
        return seen

    def limit_of(self, task: Task) -> "Limit":
        """How long a task may run from now: its own timeout, or what is left of the root's, which bounds the graph;
        never more than STATEMENT_TIMEOUT_IN_SECONDS (fact sheet 1.2, 3.4).
        """
        has_own = task.finalizes is not None or (not task.is_root and "USER_TASK_TIMEOUT_MS" in task.settings)
        spent = 0.0 if has_own else monotonic() - self.began
        seconds = _task_seconds(task if has_own else self.root)
        statement = _statement_seconds(task)
        return Limit(statement, statement) if statement < seconds - spent else Limit(seconds, max(seconds - spent, 0.0))


@dataclass(frozen=True, slots=True)
class Limit:
    """A timeout in seconds, and what is left of it."""

    seconds: float = LONGEST_SECONDS
    left: float = LONGEST_SECONDS


def _task_seconds(task: Task) -> float:
    return task.number("USER_TASK_TIMEOUT_MS") / 1000 or LONGEST_SECONDS


def _statement_seconds(task: Task) -> float:
    return float(task.settings.get("STATEMENT_TIMEOUT_IN_SECONDS", 0)) or LONGEST_SECONDS


@dataclass(slots=True)
class TaskRun:
    """One task in progress; its session's `task`, which the SYSTEM$ functions read."""

    graph: ActiveGraph
    task: Task
    query_id: str
    session: "Session | None" = None
    return_value: str | None = None
    stopped: Stop | None = None
    limit: Limit = Limit()
    """How long the body may run."""

    def stop(self, why: Stop) -> None:
        """Tells the task to stop; the first reason counts."""
        with self.graph.lock:
            self.stopped = self.stopped or why
        if self.session is not None:
            self.session.cancel()

    def predecessor_states(self) -> list[State]:
        return [self.graph.states[name] for name in self.graph.shape.predecessors.get(self.task.name, ())]


def running_tasks(graphs: Iterable[ActiveGraph], task_id: str) -> list[TaskRun]:
    """What runs now of the task with this id."""
    return [run for graph in graphs for run in list(graph.running.values()) if run.task.id == task_id]
