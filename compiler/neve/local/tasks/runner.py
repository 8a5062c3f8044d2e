"""Conducts graph runs: one thread a graph run decides, a pool runs the tasks (fact sheet 3.4 to 3.6, 3.9)."""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

from neve.local import marks
from neve.local.tasks import attempts, graph
from neve.local.tasks.active import ActiveGraph, Stop
from neve.local.tasks.decide import decide
from neve.local.tasks.execution import execute
from neve.local.tasks.model import Task
from neve.local.tasks.notifications import graph_succeeded
from neve.local.tasks.records import GraphRun, to_ms
from neve.local.tasks.states import State

if TYPE_CHECKING:
    from neve.local.tasks.service import TaskService

log = logging.getLogger("neve.local")

WORKERS = 8
CLOSING_SECONDS = 10.0


class Runner:
    def __init__(self, service: "TaskService") -> None:
        self._service = service
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="task")
        self._active: dict[str, list[ActiveGraph]] = {}
        self._idle = threading.Condition(service.lock)
        self._closed = False

    # What starts runs

    def start(self, root: Task, cause: str, scheduled: datetime, config: str | None = None, by: str = "") -> GraphRun:
        """A new graph run of a root: at once when its overlap policy allows, else queued (EXECUTE TASK, one at most a
        root) or dropped (a tick of the schedule). Raises SqlError when the graph is invalid.
        """
        version = self._service.catalog.freeze(root, self._service.clock.now())
        time = to_ms(scheduled)
        success = self._service.records.last_success(root.id)
        run = GraphRun(
            group_id=self._service.records.new_group(time),
            attempt=1,
            root_id=root.id,
            database=root.database,
            schema=root.schema,
            root=root.name,
            version=version.number,
            scheduled_from=cause,
            config=config if config is not None else root.settings.get("CONFIG"),
            scheduled_by=by or None,
            original_time=time,
            scheduled_time=time,
            last_success_group=success.group_id if success else None,
            last_success_time=success.original_time if success else None,
        )
        if self._may_start(root):
            self._launch(run)
        elif cause != "SCHEDULE":
            self._queue(run)
        return run

    def retry(self, run: GraphRun, cause: str) -> GraphRun:
        """The next attempt of a graph run that ended FAILED or CANCELLED."""
        return self._launch(attempts.following(run, cause, self._now()))

    def recover(self) -> None:
        """Closes what ran when the process died; starts what was queued."""
        for run in self._service.records.unfinished_graphs():
            if run.state == State.EXECUTING:
                self._interrupt(run)
            else:
                self._launch(run)

    def settle(self, root_id: str) -> None:
        """Ends the runs of a root whose end could not be written, for instance on a full disk."""
        with self._service.lock:
            known = {active.run.group_id for active in self._active.get(root_id, [])}
            for run in self._service.records.graphs("root_id = ? AND state = 'EXECUTING'", root_id):
                if run.group_id not in known:
                    self._interrupt(run)

    # What asks about runs

    def active(self, root_id: str | None = None) -> list[ActiveGraph]:
        with self._service.lock:
            return [run for key, runs in self._active.items() if root_id in {None, key} for run in runs]

    def wait(self, run: GraphRun, timeout: float | None = None) -> bool:
        """Waits until the graph run, with its automatic retries, has ended; False when the time is over before."""
        with self._idle:
            return self._idle.wait_for(lambda: not self._is_pending(run), timeout)

    def _is_pending(self, run: GraphRun) -> bool:
        latest = self._service.records.latest_attempt(run.root_id, run.group_id)
        is_active = any(active.run.group_id == run.group_id for active in self.active(run.root_id))
        return is_active or (latest is not None and latest.state == State.SCHEDULED and not self._closed)

    def close(self) -> None:
        """Stops what runs, again and again until it has ended: a stop can miss a statement that is just beginning."""
        self._closed = True
        patience = monotonic() + CLOSING_SECONDS
        with self._idle:
            while self.active() and monotonic() < patience:
                for task in [task for active in self.active() for task in list(active.running.values())]:
                    task.stop(Stop.ENGINE_CLOSED)
                self._idle.wait(0.1)
            if self.active():
                log.warning("tasks were still running when the engine closed")
        self._pool.shutdown(wait=False, cancel_futures=True)

    # One graph run

    def _may_start(self, root: Task) -> bool:
        others = self._active.get(root.id, [])
        match root.settings.get("OVERLAP_POLICY", "NO_OVERLAP"):
            case "ALLOW_ALL_OVERLAP":
                return True
            case "ALLOW_CHILD_OVERLAP":
                return not any(other.is_root_running for other in others)
        return not others

    def _queue(self, run: GraphRun) -> None:
        for queued in self._queued(run.root_id):
            self._service.records.forget_graph(queued)
        self._service.records.save_graph(run)

    def _queued(self, root_id: str) -> list[GraphRun]:
        return self._service.records.graphs("root_id = ? AND state = 'SCHEDULED'", root_id)

    def _start_queued(self, root_id: str) -> None:
        with self._service.lock:
            for run in [] if self._closed else self._queued(root_id):
                version = self._service.catalog.version(root_id, run.version)
                if self._may_start(version.tasks[0]):
                    self._launch(run)

    def _launch(self, run: GraphRun) -> GraphRun:
        with self._service.lock:
            active = self._activate(run)
            self._active.setdefault(run.root_id, []).append(active)
        threading.Thread(target=self._conduct, args=(active,), name=f"graph {run.root}", daemon=True).start()
        return active.run

    def _activate(self, run: GraphRun) -> ActiveGraph:
        run = replace(run, state=State.EXECUTING, query_start_time=run.query_start_time or self._now())
        self._service.records.save_graph(run)
        version = self._service.catalog.version(run.root_id, run.version)
        shape = graph.shape(version.tasks)
        states, values = attempts.kept(self._service.records, shape, run)
        return ActiveGraph(run, {task.name: task for task in version.tasks}, shape, states, values)

    def _conduct(self, active: ActiveGraph) -> None:
        """Runs a graph and its automatic retries to the end."""
        root_id = active.run.root_id
        try:
            while (run := self._attempt(active)) is not None:
                following = self._activate(run)
                with self._service.lock:
                    runs = self._active[root_id]
                    runs[runs.index(active)] = following
                active = following
        except Exception:
            log.exception("the graph run of %s broke off", active.root.full_name)
            self._end(active, lambda: self._interrupt(active.run))

    def _interrupt(self, run: GraphRun) -> None:
        version = self._service.catalog.version(run.root_id, run.version)
        attempts.interrupt(self._service.records, graph.shape(version.tasks), run, self._now(), self._done)

    def _done(self) -> frozenset[str]:
        return marks.read(self._service.engine)

    def _end(self, active: ActiveGraph, write: Callable[[], None]) -> None:
        """Writes how a graph run ended. Nobody sees it ended and active, or neither; but where it can't be written,
        `settle` does so later.
        """
        with self._idle:
            try:
                write()
            except Exception:
                log.exception("the end of the graph run of %s could not be written", active.root.full_name)
            self._active[active.run.root_id].remove(active)
            self._start_queued(active.run.root_id)
            self._idle.notify_all()

    def _attempt(self, active: ActiveGraph) -> GraphRun | None:
        """Runs one attempt; gives the next one when it is to be retried."""
        while True:
            step = decide(active.shape, active.states)
            active.states.update(dict.fromkeys(step.not_executed, State.NOT_EXECUTED))
            if step.outcome is not None:
                return self._finish(active, step.outcome)
            if not self._closed:
                self._submit(active, step.start)
            elif State.EXECUTING not in active.states.values():
                self._end(active, lambda: self._interrupt(active.run))
                return None
            name, state = active.completions.get()
            active.states[name] = state
            if name == active.shape.root:
                self._start_queued(active.run.root_id)

    def _submit(self, active: ActiveGraph, names: Sequence[str]) -> None:
        for name in names:
            active.states[name] = State.EXECUTING
            self._pool.submit(self._work, active, active.tasks[name])

    def _work(self, active: ActiveGraph, task: Task) -> None:
        state = State.FAILED
        try:
            if not self._closed:
                state = execute(self._service, active, task)
        except Exception:
            log.exception("the run of %s could not be recorded", task.full_name)
        finally:
            active.completions.put((task.name, state))

    def _finish(self, active: ActiveGraph, outcome: State) -> GraphRun | None:
        """Ends the attempt. A retry begins in the same transaction, so that nobody sees the run at rest in between."""
        records, now = self._service.records, self._now()
        attempts.close(records, active.run, now, self._done)
        ended = attempts.ended(records, active.run, outcome, now)
        if outcome is State.FAILED and self._retries_left(active):
            following = attempts.following(ended, "AUTOMATIC RETRY", now)
            records.save_graph(ended, following)
            return following
        if outcome is State.SUCCEEDED:
            graph_succeeded(self._service, active, ended)
        self._end(active, lambda: self._save_end(active, ended))
        return None

    def _save_end(self, active: ActiveGraph, ended: GraphRun) -> None:
        if ended.state is State.FAILED:
            self._suspend_after_failures(active)
        self._service.records.save_graph(ended)

    def _retries_left(self, active: ActiveGraph) -> bool:
        spent = attempts.automatic(self._service.records, active.run)
        return not self._closed and spent < active.root.number("TASK_AUTO_RETRY_ATTEMPTS")

    def _suspend_after_failures(self, active: ActiveGraph) -> None:
        """SUSPEND_TASK_AFTER_NUM_FAILURES: suspends the root once one task failed in that many graph runs in a row."""
        with self._service.lock:
            root = self._service.catalog.with_id(active.run.root_id)
            limit = active.root.number("SUSPEND_TASK_AFTER_NUM_FAILURES")
            if root is None or not root.is_started or root.base is None or not limit:
                return
            since = to_ms(root.base)
            for row in attempts.failures(self._service.records, active.run):
                if self._service.records.consecutive_failures(root.id, row.name, since) >= limit:
                    self._service.suspend(root, "SUSPENDED_DUE_TO_ERRORS")
                    self._service.records.save_task(replace(row, state=State.FAILED_AND_AUTO_SUSPENDED))

    def _now(self) -> int:
        return to_ms(self._service.clock.now())
