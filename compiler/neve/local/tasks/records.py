"""Graph runs and task runs on disk: each attempt of a graph, each task that it started (fact sheet 3.1, 3.7, 3.8)."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from neve.local.store import Store
from neve.local.tasks.states import FAILURES, State

SCHEMA = """
CREATE TABLE IF NOT EXISTS graph_run (
  group_id INTEGER, attempt INTEGER, root_id TEXT, database TEXT, schema TEXT, root TEXT, version INTEGER,
  scheduled_from TEXT, config TEXT, scheduled_by TEXT, original_time INTEGER, scheduled_time INTEGER,
  last_success_group INTEGER, last_success_time INTEGER, state TEXT, query_start_time INTEGER, completed_time INTEGER,
  first_error_task TEXT, first_error_code TEXT, first_error_message TEXT,
  PRIMARY KEY (group_id, attempt)
);
CREATE INDEX IF NOT EXISTS graph_run_of_root ON graph_run (root_id, scheduled_time);
CREATE TABLE IF NOT EXISTS task_run (
  id INTEGER PRIMARY KEY, group_id INTEGER, attempt INTEGER, name TEXT, scheduled_time INTEGER, query_text TEXT,
  condition_text TEXT, state TEXT, query_start_time INTEGER, completed_time INTEGER, query_id TEXT, return_value TEXT,
  error_code TEXT, error_message TEXT
);
CREATE INDEX IF NOT EXISTS task_run_of_graph ON task_run (group_id, attempt);
CREATE INDEX IF NOT EXISTS task_run_by_time ON task_run (scheduled_time);
"""

MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(time: datetime) -> int:
    return (time - EPOCH) // MILLISECOND


def from_ms(time: int) -> datetime:
    return EPOCH + time * MILLISECOND


@dataclass(frozen=True, slots=True)
class GraphRun:
    """One attempt; times are milliseconds since 1970 in UTC. `original_time`, the scheduled time of the first attempt,
    is what RUN_ID shows.
    """

    group_id: int
    attempt: int
    root_id: str
    database: str
    schema: str
    root: str
    version: int
    scheduled_from: str
    config: str | None
    scheduled_by: str | None
    original_time: int
    scheduled_time: int
    last_success_group: int | None = None
    last_success_time: int | None = None
    state: str = State.SCHEDULED
    query_start_time: int | None = None
    completed_time: int | None = None
    first_error_task: str | None = None
    first_error_code: str | None = None
    first_error_message: str | None = None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One run of one task; `id` is 0 until it is stored."""

    id: int
    group_id: int
    attempt: int
    name: str
    scheduled_time: int
    query_text: str
    condition_text: str | None
    state: str
    query_start_time: int | None = None
    completed_time: int | None = None
    query_id: str | None = None
    return_value: str | None = None
    error_code: str | None = None
    error_message: str | None = None


Record = TypeVar("Record", GraphRun, TaskRow)


class Records:
    """Reads and writes runs; every method is one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def save_graph(self, *runs: GraphRun) -> None:
        with self._store.transaction() as db:
            marks = ", ".join("?" * len(fields(GraphRun)))
            db.executemany(f"INSERT OR REPLACE INTO graph_run VALUES ({marks})", map(astuple, runs))

    def save_task(self, row: TaskRow) -> int:
        """Writes a task run; gives its id."""
        values = astuple(row)
        with self._store.transaction() as db:
            marks = ", ".join("?" * len(values))
            cursor = db.execute(f"INSERT OR REPLACE INTO task_run VALUES ({marks})", (row.id or None, *values[1:]))
            return cursor.lastrowid or 0

    def forget_graph(self, run: GraphRun) -> None:
        with self._store.transaction() as db:
            db.execute("DELETE FROM graph_run WHERE (group_id, attempt) = (?, ?)", (run.group_id, run.attempt))

    def new_group(self, time: int) -> int:
        """An id that no group has, near `time` so that they sort."""
        with self._store.transaction() as db:
            last = db.execute("SELECT max(group_id) AS last FROM graph_run").fetchone()["last"]
        return max(time, (last or 0) + 1)

    def latest_graph(self, root_id: str) -> GraphRun | None:
        """The last attempt of the last graph run; a run whose root was skipped is no graph run."""
        return self._first(
            GraphRun,
            "SELECT * FROM graph_run WHERE root_id = ? AND state <> 'SKIPPED' ORDER BY group_id DESC, attempt DESC",
            root_id,
        )

    def latest_attempt(self, root_id: str, group_id: int) -> GraphRun | None:
        return self._first(
            GraphRun,
            "SELECT * FROM graph_run WHERE root_id = ? AND group_id = ? ORDER BY attempt DESC",
            root_id,
            group_id,
        )

    def last_success(self, root_id: str) -> GraphRun | None:
        return self._first(
            GraphRun,
            "SELECT * FROM graph_run WHERE root_id = ? AND state = 'SUCCEEDED' ORDER BY group_id DESC, attempt DESC",
            root_id,
        )

    def unfinished_graphs(self) -> list[GraphRun]:
        return self.graphs("state IN ('SCHEDULED', 'EXECUTING') ORDER BY group_id")

    def graphs(self, where: str, *arguments: object) -> list[GraphRun]:
        return self._all(GraphRun, f"SELECT * FROM graph_run WHERE {where}", *arguments)

    def tasks_of(self, group_id: int, attempt: int) -> list[TaskRow]:
        return self._all(
            TaskRow, "SELECT * FROM task_run WHERE (group_id, attempt) = (?, ?) ORDER BY id", group_id, attempt
        )

    def history(self, where: Mapping[str, object], limit: int) -> list[tuple[TaskRow, GraphRun]]:
        """Task runs `t` with their graph runs `g`, newest scheduled first; `where`: conditions and their values."""
        wide = len(fields(TaskRow))
        with self._store.transaction() as db:
            rows = db.execute(
                "SELECT t.*, g.* FROM task_run t JOIN graph_run g USING (group_id, attempt) "
                f"WHERE {' AND '.join(where)} ORDER BY t.scheduled_time DESC, t.id DESC LIMIT ?",
                (*where.values(), limit),
            ).fetchall()
        return [(TaskRow(*row[:wide]), GraphRun(*row[wide:])) for row in map(tuple, rows)]

    def consecutive_failures(self, root_id: str, name: str, since: int) -> int:
        """In how many graph runs in a row the task failed, by its last run in each, counted back from the latest one to
        `since`; failures of the system (code 603) are passed over, as is what was cancelled or skipped.
        """
        with self._store.transaction() as db:
            rows = db.execute(
                "SELECT t.group_id, t.state, t.error_code FROM task_run t JOIN graph_run g USING (group_id, attempt) "
                "WHERE g.root_id = ? AND t.name = ? AND t.scheduled_time >= ? ORDER BY t.group_id DESC, t.id DESC",
                (root_id, name, since),
            ).fetchall()
        last = dict[int, str]()
        for row in rows:
            if row["error_code"] != "000603":
                last.setdefault(row["group_id"], row["state"])
        ended = [state for state in last.values() if state in {*FAILURES, State.SUCCEEDED}]
        return next((count for count, state in enumerate(ended) if state == State.SUCCEEDED), len(ended))

    def _all(self, kind: type[Record], sql: str, *arguments: object) -> list[Record]:
        with self._store.transaction() as db:
            return [kind(*row) for row in db.execute(sql, arguments)]

    def _first(self, kind: type[Record], sql: str, *arguments: object) -> Record | None:
        return next(iter(self._all(kind, f"{sql} LIMIT 1", *arguments)), None)
