"""Roots that a stream starts: WHEN asks SYSTEM$STREAM_HAS_DATA, and there is no SCHEDULE (fact sheet 1.2.4)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from neve.local.errors import SqlError
from neve.local.tasks.condition import STREAM_HAS_DATA, arguments_of, calls
from neve.local.tasks.model import Task
from neve.local.tasks.records import from_ms

if TYPE_CHECKING:
    from neve.local.tasks.service import TaskService

HEALTH_CHECK = timedelta(hours=12)
"""After this long without a run there is one, which is skipped when there is nothing to take."""


def is_triggered(root: Task) -> bool:
    return root.is_root and "SCHEDULE" not in root.settings and calls(root.condition, STREAM_HAS_DATA)


@dataclass(frozen=True, slots=True)
class _News:
    """What the streams of a root have to give, and since which change."""

    has_data: bool
    state: Sequence[object]


class Triggers:
    """A root runs when one of its streams has changes that were not there when it last ran; not while it runs, and not
    sooner after the last time than USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS.
    """

    def __init__(self, service: "TaskService") -> None:
        self._service = service
        self._known: dict[str, Sequence[object]] = {}

    def watches(self) -> timedelta:
        """Changes are looked for every second, if anything waits for them."""
        with self._service.lock:
            return timedelta(seconds=1 if any(self._waiting()) else 60)

    def next_due(self) -> datetime | None:
        with self._service.lock:
            now = self._service.clock.now()
            return min((self._due(root, now) for root in list(self._waiting())), default=None)

    def ring(self) -> None:
        with self._service.lock:
            now = self._service.clock.now()
            for root in list(self._waiting()):
                if self._due(root, now) <= now and not self._service.runner.active(root.id):
                    self._known[root.id] = self._news(root).state
                    self._service.runner.start(root, "TRIGGER", now)

    def reset(self) -> None:
        """Runs of a time that has not come yet delay nothing: see `_last`."""

    def is_busy(self) -> bool:
        return False

    def _waiting(self) -> Iterator[Task]:
        return (task for task in self._service.catalog if task.is_started and is_triggered(task))

    def _due(self, root: Task, now: datetime) -> datetime:
        last, news = self._last(root), self._news(root)
        if news.has_data and news.state != self._known.get(root.id):
            pause = timedelta(seconds=root.number("USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS"))
            return max(now, last + pause) if last else now
        return (last or root.base or now) + HEALTH_CHECK

    def _last(self, root: Task) -> datetime | None:
        """When a stream started it for the last time; the virtual clock may have been set back since."""
        asked = "root_id = ? AND scheduled_from = 'TRIGGER' ORDER BY group_id DESC LIMIT 1"
        found = [from_ms(run.original_time) for run in self._service.records.graphs(asked, root.id)]
        return found[0] if found and found[0] <= self._service.clock.now() else None

    def _news(self, root: Task) -> _News:
        """A stream that is not there, or cannot be read, has none: the next run says why."""
        from neve.local.streams.reading import news

        session = self._service.engine.open_session(root.database, root.schema)
        found = []
        try:
            for name in arguments_of(root.condition, STREAM_HAS_DATA):
                try:
                    found.append(news(session, name))
                except SqlError:
                    found.append((False, ()))
        finally:
            session.close()
        return _News(any(has_data for has_data, _ in found), [state for _, state in found])
