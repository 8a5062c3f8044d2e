"""Starting a graph and following it until it is done: EXECUTE TASK, then its history (fact sheet 2.4)."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from neve.deploy.clock import server_time, utc
from neve.deploy.connect import Connection
from neve.deploy.errors import NOT_THERE, NeveError, SqlError, Usage
from neve.ir import GraphSettings
from neve.names import can_dollar_quote, dollar_quote, quote_string
from neve.runs.history import read_runs
from neve.runs.model import RootTask, Run


@dataclass(frozen=True, slots=True)
class Started:
    """A run that was asked for: from when on the history has it, and which of the runs there it is (None: not yet)."""

    since: datetime
    find: Callable[[tuple[Run, ...]], Run | None]


_ACCEPTED = {"EXECUTE TASK", "AUTOMATIC RETRY"}  # a run tells what started its latest attempt


def execute(connection: Connection, root: RootTask, config: Mapping[str, Any]) -> Started:
    """Start a run of the graph with `config` merged over its own.

    Snowflake does not tell the id of the run: ours is the first that EXECUTE TASK started from the moment just before.
    """
    before = server_time(connection)
    using = f" USING CONFIG = {_literal(json.dumps(config, ensure_ascii=False))}" if config else ""
    _explained(connection, root, f"EXECUTE TASK {root.full_name}{using}")

    def find(runs: tuple[Run, ...]) -> Run | None:
        ours = [r for r in runs if r.scheduled_from in _ACCEPTED and r.scheduled_time and r.scheduled_time >= before]
        return min(ours, key=lambda run: run.run_id, default=None)

    return Started(before, find)


def retry(connection: Connection, root: RootTask, last: Run) -> Started:
    """Run what failed in the last run once more, and what follows it, within the same run group."""
    _explained(connection, root, f"EXECUTE TASK {root.full_name} RETRY LAST")

    def find(runs: tuple[Run, ...]) -> Run | None:
        return next((r for r in runs if r.run_group_id == last.run_group_id and r.attempt > last.attempt), None)

    return Started((last.scheduled_time or datetime.now(UTC)) - timedelta(seconds=1), find)


@dataclass(frozen=True, slots=True)
class Patience:
    """How to wait: seconds between two looks, the automatic retries to allow for, seconds to give up after."""

    every: float
    retries: int = 0
    timeout: float | None = None


def automatic_retries(graph: GraphSettings) -> int:
    """How often Snowflake retries the graph by itself (fact sheet 3.4)."""
    value = graph.options.get("task_auto_retry_attempts")
    return int(value.data) if value else 0


def watch(connection: Connection, root: RootTask, started: Started, patience: Patience) -> Iterator[Run]:
    """Snapshots of the run that was started, until it is finished; the last one is final.

    A failed attempt that an automatic retry may follow is watched a little longer.
    Raises NeveError when nothing shows up within two minutes, and TimeoutError when the patience is over.
    """
    began, quiet = time.monotonic(), 0
    while True:
        run = started.find(read_runs(connection, [root], started.since))
        waited = time.monotonic() - began
        if run is None and waited > 120:
            raise NeveError("the run did not show up in the task history within two minutes", "neve runs")
        if run is not None:
            yield run
            quiet = quiet + 1 if run.complete else 0
            if quiet > (3 if run.state == "FAILED" and run.attempt <= patience.retries else 0):
                return
        if patience.timeout is not None and waited > patience.timeout:
            raise TimeoutError
        time.sleep(patience.every)


def _literal(text: str) -> str:
    return dollar_quote(text) if can_dollar_quote(text) else quote_string(text)


def _explained(connection: Connection, root: RootTask, sql: str) -> None:
    try:
        connection.execute(sql)
    except SqlError as error:
        if error.code in NOT_THERE:
            unknown = f"{root.full_name} is not deployed, or not to be seen by this role"
            raise NeveError(unknown, "neve apply") from error
        raise


def as_of(text: str) -> str:
    """A time as `--as-of` takes it, ISO 8601; without a zone it is UTC. Gives ISO text in UTC. Raises Usage."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        example = "--as-of 2024-03-11, or --as-of 2024-03-11T06:00:00+01:00"
        raise Usage(f"--as-of {text!r} is no time", example) from error
    return (utc(moment) or moment).strftime("%Y-%m-%d %H:%M:%S")
