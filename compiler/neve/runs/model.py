"""A run of a graph, as its history tells it. Times are in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from neve.names import qualified

BUSY = frozenset({"SCHEDULED", "EXECUTING"})
BAD = frozenset({"FAILED", "FAILED_AND_AUTO_SUSPENDED", "CANCELLED"})


class RootTask(NamedTuple):
    """The task that a graph is started by; parts as Snowflake stores them."""

    database: str
    schema: str
    name: str

    @property
    def full_name(self) -> str:
        return qualified(*self)


@dataclass(frozen=True, slots=True)
class TaskRun:
    """The newest run of one task within a run of its graph. `name` is the stored one, `GRAPH$TASK`."""

    name: str
    state: str
    attempt: int
    return_value: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    scheduled_time: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def seconds(self) -> float | None:
        if self.started_at is None or self.completed_at is None:
            return None
        return (self.completed_at - self.started_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Run:
    """One run group of a graph at its latest attempt (fact sheet 3.1).

    `tasks` holds each task's newest row, whose `attempt` tells when it ran last; a task that never ran is not there.
    `complete` says that the service itself calls the attempt finished.
    """

    root: str
    root_id: str
    run_id: int
    run_group_id: str
    attempt: int
    state: str
    scheduled_from: str
    config: Mapping[str, Any] | None
    tasks: tuple[TaskRun, ...]
    scheduled_time: datetime | None = None
    completed_at: datetime | None = None
    complete: bool = False

    @property
    def succeeded(self) -> bool:
        return self.state == "SUCCEEDED"

    @property
    def seconds(self) -> float | None:
        """How long the latest attempt took, None while it goes on."""
        starts = [task.started_at for task in self.tasks if task.started_at and task.attempt == self.attempt]
        if not starts or self.completed_at is None:
            return None
        return (self.completed_at - min(starts)).total_seconds()

    def failed(self) -> tuple[TaskRun, ...]:
        """The tasks that failed or were cancelled, the first one first."""
        return tuple(task for task in self.tasks if task.state in BAD)
