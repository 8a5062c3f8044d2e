"""Snowflake's history functions, and runs made of their rows (fact sheet 3.7, 3.8).

TASK_HISTORY has the tasks, CURRENT_ and COMPLETE_TASK_GRAPHS the state of the whole; the latter forgets after an hour,
so the state of an older run is concluded from its tasks.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from graphlib import TopologicalSorter
from typing import Any

from neve.deploy.clock import timestamp, utc
from neve.deploy.connect import Connection, Row
from neve.deploy.errors import NOT_THERE, SqlError
from neve.deploy.live import read_tasks
from neve.deploy.objects import LiveObject
from neve.names import quote_identifier, quote_string
from neve.runs.model import BAD, BUSY, RootTask, Run, TaskRun

_COLUMNS = (
    "name, database_name, schema_name, state, error_code, error_message, scheduled_time, query_start_time,"
    " completed_time, root_task_id, run_id, return_value, scheduled_from, attempt_number, config, graph_run_group_id"
)
_MOST = 10_000


def read_runs(connection: Connection, roots: Sequence[RootTask], since: datetime | None = None) -> tuple[Run, ...]:
    """The runs of these roots, newest first: of the last seven days, or from `since` on. All roots share a schema."""
    try:
        graphs, tasks = _rows(connection, roots, since)
    except SqlError as error:
        if error.code in NOT_THERE:  # nothing has been deployed yet
            return ()
        raise
    return runs_of(tasks, graphs, {root.name for root in roots})


def _rows(connection: Connection, roots: Sequence[RootTask], since: datetime | None) -> tuple[list[Row], list[Row]]:
    """Of the graphs and of the tasks. First the graphs: when one is finished, its tasks, read after it, are so too."""
    database, schema, _ = roots[0]
    graphs = [
        row
        for function in ("COMPLETE_TASK_GRAPHS", "CURRENT_TASK_GRAPHS")
        for row in connection.execute(f"SELECT * FROM {_function(database, function, None, _only(roots))}")
        if (row["database_name"], row["schema_name"]) == (database, schema)
    ]
    tasks = connection.execute(
        f"SELECT {_COLUMNS} FROM {_function(database, 'TASK_HISTORY', since)}"
        f" WHERE database_name = {quote_string(database)} AND schema_name = {quote_string(schema)}"
    )
    return graphs, tasks


def _only(roots: Sequence[RootTask]) -> str:
    return f", ROOT_TASK_NAME => {quote_string(roots[0].name)}" if len(roots) == 1 else ""


def _function(database: str, name: str, since: datetime | None, more: str = "") -> str:
    start = f", SCHEDULED_TIME_RANGE_START => {timestamp(since)}" if since else ""
    return f"TABLE({quote_identifier(database)}.INFORMATION_SCHEMA.{name}(RESULT_LIMIT => {_MOST}{start}{more}))"


def runs_of(tasks: Iterable[Row], graphs: Iterable[Row], roots: Iterable[str]) -> tuple[Run, ...]:
    """Runs of the roots with these stored names, newest first, of rows of TASK_HISTORY and of the graph functions."""
    wanted = set(roots)
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in tasks:
        if row["graph_run_group_id"] is not None:
            grouped[str(row["graph_run_group_id"])].append(row)
    states = _graph_states(graphs)
    runs = []
    for group, rows in grouped.items():
        graph = states.get(group)
        root = _root_of(rows, graph, wanted)
        if root:
            runs.append(_run(root, group, rows, graph))
    return tuple(sorted(runs, key=lambda run: (run.run_id, run.run_group_id), reverse=True))


def _graph_states(graphs: Iterable[Row]) -> dict[str, Row]:
    """The row of the latest attempt of each group; that of a finished attempt counts more than a current one."""
    newest: dict[str, Row] = {}
    for row in graphs:
        group = str(row["graph_run_group_id"])
        if group not in newest or _rank(row) > _rank(newest[group]):
            newest[group] = row
    return newest


def _rank(row: Row) -> tuple[int, bool]:
    return int(row["attempt_number"] or 1), row["state"] not in BUSY


def _root_of(rows: Sequence[Row], graph: Row | None, wanted: set[str]) -> str | None:
    """The stored name of the root that these rows belong to, when it is among the wanted."""
    if graph is not None:
        return str(graph["root_task_name"]) if graph["root_task_name"] in wanted else None
    return next((str(row["name"]) for row in rows if row["name"] in wanted), None)


def _run(root: str, group: str, rows: Sequence[Row], graph: Row | None) -> Run:
    attempts = [int(row["attempt_number"] or 1) for row in (*rows, *([graph] if graph else []))]
    attempt = max(attempts)
    newest = _newest_of_each(rows)
    known = graph is not None and int(graph["attempt_number"] or 1) == attempt
    latest = max(rows, key=_order)
    complete = known and graph is not None and graph["state"] not in BUSY
    tasks = tuple(_task_run(row) for row in newest)
    return Run(
        root=root,
        root_id=str(latest["root_task_id"]),
        run_id=int(latest["run_id"]),
        run_group_id=group,
        attempt=attempt,
        state=str(graph["state"]) if known and graph is not None else state_of(tasks, root),
        scheduled_from=str(latest["scheduled_from"]).replace("_", " "),
        config=_config(latest["config"]),
        tasks=tasks,
        scheduled_time=min((time for row in rows if (time := utc(row["scheduled_time"]))), default=None),
        completed_at=_completed(tasks),
        complete=complete or any(task.name == root and task.state == "SKIPPED" for task in tasks),
    )


def _newest_of_each(rows: Iterable[Row]) -> list[Row]:
    newest: dict[str, Row] = {}
    for row in sorted(rows, key=_order):
        newest[row["name"]] = row
    return sorted(newest.values(), key=lambda row: (utc(row["query_start_time"]) or _LATE, *_order(row)))


_LATE = datetime.max.replace(tzinfo=UTC)


def _order(row: Row) -> tuple[int, datetime, str]:
    return int(row["attempt_number"] or 1), utc(row["scheduled_time"]) or _LATE, str(row["name"])


def state_of(tasks: Sequence[TaskRun], root: str) -> str:
    """The state of a whole run, concluded from its tasks (fact sheet 3.2, 3.9)."""
    states = {task.state for task in tasks}
    if states & BUSY:
        return "SCHEDULED" if states == {"SCHEDULED"} else "EXECUTING"
    if states & (BAD - {"CANCELLED"}):
        return "FAILED"
    if "CANCELLED" in states:
        return "CANCELLED"
    skipped = any(task.name == root and task.state == "SKIPPED" for task in tasks)
    return "SKIPPED" if skipped else "SUCCEEDED"


def _completed(tasks: Sequence[TaskRun]) -> datetime | None:
    times = [task.completed_at for task in tasks]
    return None if None in times else max((time for time in times if time), default=None)


def _task_run(row: Row) -> TaskRun:
    return TaskRun(
        name=str(row["name"]),
        state=str(row["state"]),
        attempt=int(row["attempt_number"] or 1),
        return_value=row["return_value"],
        error_code=None if row["error_code"] is None else str(row["error_code"]),
        error_message=row["error_message"],
        scheduled_time=utc(row["scheduled_time"]),
        started_at=utc(row["query_start_time"]),
        completed_at=utc(row["completed_time"]),
    )


def _config(text: Any) -> Mapping[str, Any] | None:
    config = json.loads(text) if isinstance(text, str) and text else text
    return config if isinstance(config, Mapping) else None


def read_order(connection: Connection, root: RootTask) -> tuple[str, ...]:
    """The stored names of a deployed graph's tasks: the root first, each after those it follows, the finalizer last."""
    return order_of(read_tasks(connection, (root.database, root.schema)), root)


def order_of(tasks: Iterable[LiveObject], root: RootTask) -> tuple[str, ...]:
    """The same, of the tasks of a whole schema."""
    above = {task.key.parts: set(task.follows) for task in tasks if task.finalizes != root}
    members: dict[tuple[str, ...], set[tuple[str, ...]]] = {tuple(root): set()}
    while more := {name for name, follows in above.items() if name not in members and follows & members.keys()}:
        members |= {name: above[name] for name in more}
    order = TopologicalSorter({name: follows & members.keys() for name, follows in members.items()}).static_order()
    finalizer = [task.key.parts for task in tasks if task.finalizes == root]
    return tuple(name[-1] for name in (*order, *finalizer))
