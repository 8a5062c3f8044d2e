"""Starts the roots that are due, on a thread that sleeps until the next tick (fact sheet 1.2.1, 3.1)."""

import logging
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from neve.local.tasks.model import Task
from neve.local.tasks.schedule import latest_due, next_due, parse_schedule

if TYPE_CHECKING:
    from neve.local.tasks.service import TaskService

log = logging.getLogger("neve.local")

LONGEST_SLEEP = timedelta(minutes=1)
"""Bounds what a change of the system's clock, or a suspended laptop, can delay."""


class Scheduler:
    def __init__(self, service: "TaskService") -> None:
        self._service = service
        self._awake = threading.Event()
        self._closed = False
        self._seen = service.clock.now()
        self._thread = threading.Thread(target=self._loop, name="task-scheduler", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Something about the schedules changed."""
        self._awake.set()

    def close(self) -> None:
        self._closed = True
        self.wake()
        if self._thread.is_alive():
            self._thread.join()

    def fire_due(self) -> None:
        """Starts each root that had a tick since the last call; of several missed ticks only the latest counts."""
        with self._service.lock:
            now = self._service.clock.now()
            for root in list(self._scheduled()):
                tick = latest_due(parse_schedule(root.settings["SCHEDULE"]), *_window(root, self._seen), now)
                if tick is not None:
                    self._service.runner.start(root, "SCHEDULE", tick)
            self._seen = max(now, self._seen)

    def next_ticks(self) -> dict[str, datetime]:
        """When each started root runs next, by its id."""
        now = self._service.clock.now()
        ticks = {root.id: _next_tick(root, now) for root in self._scheduled()}
        return {root_id: tick for root_id, tick in ticks.items() if tick is not None}

    def _scheduled(self) -> Iterator[Task]:
        return (task for task in self._service.catalog if task.is_started and "SCHEDULE" in task.settings)

    def _loop(self) -> None:
        while not self._closed:
            self._awake.wait(self._pause().total_seconds())
            self._awake.clear()
            if not self._closed:
                self._fire_safely()

    def _fire_safely(self) -> None:
        try:
            self.fire_due()
        except Exception:
            log.exception("the scheduler could not start a task")

    def _pause(self) -> timedelta:
        with self._service.lock:
            now = self._service.clock.now()
            next_tick = min(self.next_ticks().values(), default=now + LONGEST_SLEEP)
        return min(max(next_tick - now, timedelta()), LONGEST_SLEEP)


def _next_tick(root: Task, now: datetime) -> datetime | None:
    return next_due(parse_schedule(root.settings["SCHEDULE"]), *_window(root, now))


def _window(root: Task, after: datetime) -> tuple[datetime, datetime]:
    """Where an interval counts from, and the instant after which ticks count: a run never starts before RESUME."""
    base = root.base or after
    return base, max(base, after)
