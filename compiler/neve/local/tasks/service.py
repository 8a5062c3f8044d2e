"""The task service of an engine: its catalog, its runs, its scheduler, and the lock that keeps them together."""

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from neve.local.sqltext import QualifiedName
from neve.local.tasks import graph, refusals
from neve.local.tasks.catalog import Catalog
from neve.local.tasks.model import Task, suspended
from neve.local.tasks.records import Records
from neve.local.tasks.runner import Runner
from neve.local.tasks.scheduler import Scheduler

if TYPE_CHECKING:
    from neve.local.engine import Engine


class TaskService:
    """Statements hold `lock` while they read and change tasks; runs take it only to start and to end."""

    def __init__(self, engine: "Engine") -> None:
        self.engine, self.clock = engine, engine.clock
        self.lock = threading.RLock()
        self.catalog = Catalog(engine.store)
        self.records = Records(engine.store)
        self.runner = Runner(self)
        self.scheduler = Scheduler(self)

    def close(self) -> None:
        """Stops the scheduler and what runs; the task runs that are stopped end FAILED, to be retried."""
        self.scheduler.close()
        self.runner.close()

    def find(self, name: QualifiedName) -> Task:
        """The task of this name. Raises SqlError 2003."""
        task = self.catalog.get(name)
        if task is None:
            raise refusals.no_task(str(name))
        return task

    def require_suspended(self, database: str, schema: str, *names: str) -> None:
        """Refuses (091421) when the root of a graph that one of the tasks belongs to is started (fact sheet 2.1)."""
        tasks = self.catalog.beside(database, schema)
        for root in sorted(set().union(*(graph.roots_above(tasks, name) for name in names))):
            if tasks[root].is_started:
                raise refusals.root_not_suspended(tasks[root].full_name)

    def resume(self, task: Task) -> None:
        """RESUME: of a root it freezes a version and starts the schedule, of others it needs a suspended root."""
        if not task.is_root:
            self.require_suspended(task.database, task.schema, task.name)
        if task.is_started:
            return
        if task.is_root:
            now = self.clock.now()
            self.catalog.freeze(task, now)
            current = self.catalog.beside(task.database, task.schema)[task.name]
            started = replace(current, is_started=True, base=now, last_committed_on=now, suspended_reason=None)
            self.catalog.save(started)
            self.scheduler.wake()
        else:
            self.catalog.change(replace(task, is_started=True, suspended_reason=None))

    def suspend(self, task: Task, reason: str) -> None:
        if not task.is_root:
            self.require_suspended(task.database, task.schema, task.name)
        if not task.is_started:
            return
        if task.is_root:
            self.catalog.save(suspended(task, reason, self.clock.now()))
        else:
            self.catalog.change(suspended(task, reason, self.clock.now()))


def start(engine: "Engine") -> TaskService:
    """Opens the service of an engine: what ran when the process died is closed as failed, what was queued starts."""
    service = TaskService(engine)
    service.runner.recover()
    service.scheduler.start()
    return service
