"""Makes happen what is due, on a thread that sleeps until then; on the virtual clock, without the sleep."""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from neve.local.tasks.model import Task
from neve.local.tasks.schedule import latest_due, next_due, parse_schedule
from neve.local.tasks.triggers import Triggers

if TYPE_CHECKING:
    from neve.local.tasks.service import TaskService

log = logging.getLogger("neve.local")

LONGEST_SLEEP = timedelta(minutes=1)
"""Bounds what a change of the system's clock, or a suspended laptop, can delay."""


class Alarm(Protocol):
    """A kind of thing that happens at times of its own. `ring` starts what is due and comes back."""

    def watches(self) -> timedelta:
        """How long the thread may sleep without missing what this waits for without knowing a time."""

    def next_due(self) -> datetime | None:
        """When something is due; the past when it is late."""

    def ring(self) -> None: ...

    def reset(self) -> None:
        """The clock was set back."""

    def is_busy(self) -> bool:
        """Whether what it started still goes on (graph runs are looked after by the service)."""


class Scheduler:
    def __init__(self, service: "TaskService") -> None:
        self._service = service
        self._awake = threading.Event()
        self._turn = threading.RLock()  # of who makes things happen: the thread, or an advance
        self._closed = False
        self.schedules = Schedules(service)
        self.alarms: list[Alarm] = [self.schedules, Triggers(service), service.engine.services["dynamic"]]
        self._thread = threading.Thread(target=self._loop, name="task-scheduler", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Something about what is due changed."""
        self._awake.set()

    def close(self) -> None:
        self._closed = True
        self.wake()
        if self._thread.is_alive():
            self._thread.join()

    def fire_due(self) -> None:
        """Starts everything that is due."""
        for alarm in self.alarms:
            alarm.ring()

    def next_ticks(self) -> dict[str, datetime]:
        """When each started root with a schedule runs next, by its id."""
        return self.schedules.next_ticks()

    def advance(self, span: timedelta, go_on: Callable[[], None]) -> None:
        """Lets this much time pass at once: what falls due happens in order, each thing once nothing runs any more of
        what came before. `go_on` is asked again and again, and may raise.
        """
        clock = self._service.clock
        with self._turn:
            self._settle(go_on)
            end = clock.now() + span
            while (due := self._next_due()) is not None and due <= max(end, clock.now()) and not self._closed:
                clock.move_to(due)
                self._settle(go_on)
            clock.move_to(end)
        self.wake()

    def reset(self) -> None:
        """Real time again, for everything that is due."""
        with self._service.lock:
            self._service.clock.reset()
            for alarm in self.alarms:
                alarm.reset()
        self.wake()

    def _settle(self, go_on: Callable[[], None]) -> None:
        """Starts what is due and waits until nothing runs; what falls due meanwhile is started too, or lost."""
        while not self._closed:
            go_on()
            self.fire_due()
            runs = self._service.records.unfinished_graphs()
            if not runs and not any(alarm.is_busy() for alarm in self.alarms):
                return
            if runs:
                self._service.runner.wait(runs[0], 0.2)
            else:
                self._awake.wait(0.01)

    def _next_due(self) -> datetime | None:
        return min(filter(None, (alarm.next_due() for alarm in self.alarms)), default=None)

    def _loop(self) -> None:
        while not self._closed:
            pause = LONGEST_SLEEP
            try:
                with self._turn:
                    self.fire_due()
                    pause = self._pause()
            except Exception:
                log.exception("the scheduler could not start what is due")
            self._awake.wait(pause.total_seconds())
            self._awake.clear()

    def _pause(self) -> timedelta:
        longest = min(alarm.watches() for alarm in self.alarms)
        due = self._next_due()
        return longest if due is None else min(max(due - self._service.clock.now(), timedelta()), longest)


class Schedules:
    """The roots with a SCHEDULE (fact sheet 1.2.1, 3.1)."""

    def __init__(self, service: "TaskService") -> None:
        self._service = service
        self._seen = service.clock.now()

    def watches(self) -> timedelta:
        return LONGEST_SLEEP

    def next_due(self) -> datetime | None:
        with self._service.lock:
            return min(self._ticks(self._seen).values(), default=None)

    def ring(self) -> None:
        """Starts each root that had a tick since the last call; of several missed ticks only the latest counts."""
        with self._service.lock:
            now = self._service.clock.now()
            for root in list(self._scheduled()):
                tick = latest_due(parse_schedule(root.settings["SCHEDULE"]), *_window(root, self._seen), now)
                if tick is not None:
                    self._service.runner.start(root, "SCHEDULE", tick)
            self._seen = max(now, self._seen)

    def reset(self) -> None:
        """What was resumed on the virtual clock counts as resumed now."""
        self._seen = now = self._service.clock.now()
        later = [root for root in self._scheduled() if root.base is not None and root.base > now]
        self._service.catalog.save(*(replace(root, base=now) for root in later))

    def is_busy(self) -> bool:
        return False

    def next_ticks(self) -> dict[str, datetime]:
        return self._ticks(self._service.clock.now())

    def _ticks(self, after: datetime) -> dict[str, datetime]:
        ticks = {root.id: _next_tick(root, after) for root in self._scheduled()}
        return {root_id: tick for root_id, tick in ticks.items() if tick is not None}

    def _scheduled(self) -> Iterator[Task]:
        return (task for task in self._service.catalog if task.is_started and "SCHEDULE" in task.settings)


def _next_tick(root: Task, after: datetime) -> datetime | None:
    return next_due(parse_schedule(root.settings["SCHEDULE"]), *_window(root, after))


def _window(root: Task, after: datetime) -> tuple[datetime, datetime]:
    """Where an interval counts from, and the instant after which ticks count: a run never starts before RESUME."""
    base = root.base or after
    return base, max(base, after)
