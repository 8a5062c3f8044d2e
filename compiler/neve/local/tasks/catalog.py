"""The tasks there are: in memory for reading, written through to the store (fact sheet 2.2)."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from neve.local.sqltext import QualifiedName
from neve.local.store import Store
from neve.local.tasks import graph
from neve.local.tasks.graph import Tasks
from neve.local.tasks.model import Task, from_json, to_json

SCHEMA = """
CREATE TABLE IF NOT EXISTS task (
  database TEXT, schema TEXT, name TEXT, task TEXT, PRIMARY KEY (database, schema, name)
);
CREATE TABLE IF NOT EXISTS task_version (
  root_id TEXT, version INTEGER, revision INTEGER, created_on TEXT, tasks TEXT, PRIMARY KEY (root_id, version)
);
"""


@dataclass(frozen=True, slots=True)
class Version:
    """A graph frozen by RESUME or EXECUTE TASK: the root first, then its tasks in topological order."""

    root_id: str
    number: int
    revision: int
    tasks: tuple[Task, ...]


class Catalog:
    """Not thread-safe: who uses it holds the task service's lock."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._schemas: dict[tuple[str, str], dict[str, Task]] = {}
        with store.transaction() as db:
            for row in db.execute("SELECT task FROM task"):
                self._keep(from_json(row["task"])[0])

    def __iter__(self) -> Iterator[Task]:
        return (task for tasks in self._schemas.values() for task in tasks.values())

    def get(self, name: QualifiedName) -> Task | None:
        return self.beside(name.database, name.schema).get(name.name)

    def beside(self, database: str, schema: str) -> Tasks:
        """The tasks of a schema, by simple name."""
        return self._schemas.get((database, schema), {})

    def with_id(self, task_id: str) -> Task | None:
        return next((task for task in self if task.id == task_id), None)

    def save(self, *tasks: Task) -> None:
        """Writes tasks without counting it as a change of their graphs."""
        with self._store.transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO task VALUES (?, ?, ?, ?)",
                [(task.database, task.schema, task.name, to_json([task])) for task in tasks],
            )
        for task in tasks:
            self._keep(task)

    def change(self, task: Task) -> None:
        """Writes a new or changed task: every graph that it leaves, joins or belongs to counts as modified."""
        tasks = self.beside(task.database, task.schema)
        roots = graph.roots_above(tasks, task.name)
        self.save(task)
        self._count_change(task, roots | graph.roots_above(self.beside(task.database, task.schema), task.name))

    def drop(self, task: Task, left: Iterable[Task]) -> None:
        """Removes a task; `left` are others as they are without it."""
        roots = graph.roots_above(self.beside(task.database, task.schema), task.name)
        with self._store.transaction() as db:
            key = (task.database, task.schema, task.name)
            db.execute("DELETE FROM task WHERE (database, schema, name) = (?, ?, ?)", key)
            self._schemas[key[:2]].pop(task.name)
            self.save(*left)
            self._count_change(task, roots)

    def drop_schema(self, database: str, schema: str | None = None) -> None:
        """Forgets the tasks of a schema, or of a whole database, that was dropped."""
        for key in [key for key in self._schemas if key[0] == database and schema in {None, key[1]}]:
            with self._store.transaction() as db:
                db.execute("DELETE FROM task WHERE (database, schema) = (?, ?)", key)
            del self._schemas[key]

    def _keep(self, task: Task) -> None:
        self._schemas.setdefault((task.database, task.schema), {})[task.name] = task

    def _count_change(self, task: Task, roots: set[str]) -> None:
        tasks = self.beside(task.database, task.schema)
        self.save(*(replace(tasks[root], revision=tasks[root].revision + 1) for root in roots if root in tasks))

    def latest_version(self, root_id: str) -> Version | None:
        with self._store.transaction() as db:
            row = db.execute(
                "SELECT * FROM task_version WHERE root_id = ? ORDER BY version DESC LIMIT 1", (root_id,)
            ).fetchone()
        return None if row is None else _version(row)

    def latest_number(self, root_id: str) -> int:
        """GRAPH_VERSION of the latest version, 1 before there is any."""
        with self._store.transaction() as db:
            query = "SELECT max(version) AS number FROM task_version WHERE root_id = ?"
            return db.execute(query, (root_id,)).fetchone()["number"] or 1

    def version(self, root_id: str, number: int) -> Version:
        with self._store.transaction() as db:
            row = db.execute(
                "SELECT * FROM task_version WHERE root_id = ? AND version = ?", (root_id, number)
            ).fetchone()
        return _version(row)

    def freeze(self, root: Task, now: datetime) -> Version:
        """The version that a run uses: the latest one, or a new one when the graph changed since (fact sheet 2.2).

        Raises SqlError when the graph has a cycle or a second root.
        """
        latest = self.latest_version(root.id)
        if latest is not None and latest.revision == root.revision:
            return latest
        members = graph.members(self.beside(root.database, root.schema), root.name)
        committed = tuple(replace(task, last_committed_on=now) for task in members)
        version = Version(root.id, latest.number + 1 if latest else 1, root.revision, committed)
        with self._store.transaction() as db:
            self.save(*committed)
            row = (version.root_id, version.number, version.revision, now.isoformat(), to_json(committed))
            db.execute("INSERT INTO task_version VALUES (?, ?, ?, ?, ?)", row)
        return version


def _version(row: sqlite3.Row) -> Version:
    return Version(row["root_id"], row["version"], row["revision"], from_json(row["tasks"]))
