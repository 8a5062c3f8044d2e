"""EXECUTE TASK: a run now, with a config of its own, or a retry (fact sheet 2.4)."""

from datetime import timedelta
from typing import TYPE_CHECKING

from neve.local.result import Result, status
from neve.local.sqltext import Statement, resolve
from neve.local.tasks import refusals
from neve.local.tasks.access import service_of
from neve.local.tasks.grammar import parse_execute
from neve.local.tasks.graph_config import merge_texts
from neve.local.tasks.model import Task
from neve.local.tasks.records import GraphRun, from_ms
from neve.local.tasks.states import State
from neve.local.tasks.syntax import Retry

if TYPE_CHECKING:
    from neve.local.session import Session
    from neve.local.tasks.service import TaskService

RETRY_WINDOW = timedelta(days=14)


def execute_task(session: "Session", statement: Statement) -> Result:
    """Starts a run and comes back at once; with AWAIT, when the run has ended."""
    parsed = parse_execute(statement.text)
    tasks = service_of(session)
    with tasks.lock:
        root = tasks.find(resolve(session, parsed.name))
        if not root.is_root:
            raise refusals.execute_non_root(root.full_name)
        tasks.runner.settle(root.id)
        if isinstance(parsed, Retry):
            run = tasks.runner.retry(_run_to_retry(tasks, root, parsed.group), "MANUAL RETRY")
        else:
            config = merge_texts(root.settings.get("CONFIG"), parsed.config)
            run = tasks.runner.start(root, "EXECUTE TASK", tasks.clock.now(), config, session.user)
    if not isinstance(parsed, Retry) and parsed.wait:
        tasks.runner.wait(run)
    return status(f"Task {root.name} is scheduled to run immediately.")


def _run_to_retry(tasks: "TaskService", root: Task, group: str | None) -> GraphRun:
    run = _named_run(tasks, root, group) if group else tasks.records.latest_graph(root.id)
    if run is None or run.state in {State.SCHEDULED, State.EXECUTING} or tasks.runner.active(root.id):
        raise refusals.nothing_to_retry(root.name)
    if run.state == State.SUCCEEDED:
        raise refusals.no_failures(str(run.group_id), run.attempt, root.name)
    is_old = tasks.clock.now() - from_ms(run.original_time) > RETRY_WINDOW
    if is_old or tasks.catalog.version(root.id, run.version).revision != root.revision:
        raise refusals.nothing_to_retry(root.name)
    return run


def _named_run(tasks: "TaskService", root: Task, group: str) -> GraphRun:
    run = tasks.records.latest_attempt(root.id, int(group)) if group.isdecimal() else None
    if run is None:
        raise refusals.no_run_group(group)
    return run
