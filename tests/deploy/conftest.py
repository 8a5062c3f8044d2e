"""An account that keeps the rules of tasks that a deployment can break, and scripts to deploy to it."""

import json
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from neve.deploy.errors import SqlError
from neve.ir import Project, Script, ScriptStatement, Target

DATABASE, SCHEMA = "DB", "S"
KEY = {"database_name": DATABASE, "schema_name": SCHEMA}
NAME = r"(?:IF (?:NOT )?EXISTS )?DB\.S\.(?P<name>[\w$]+)"


@dataclass
class Member:
    comment: str
    body: str
    after: tuple[str, ...] = ()
    finalize: str | None = None
    state: str = "suspended"
    reason: str | None = None
    suspended_on: datetime | None = None


@dataclass
class FakeAccount:
    """Tasks, procedures, views and plain tables of one schema, in memory.

    Of procedures and views there are the comments, and `made`: the texts, and since when.
    `sent` holds every statement about tasks and procedures that changes something.
    """

    tasks: dict[str, Member] = field(default_factory=dict)
    procedures: dict[str, str] = field(default_factory=dict)
    views: dict[str, str] = field(default_factory=dict)
    made: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    broken: str = ""
    on_statement: Callable[[str], None] = lambda _sql: None
    tables: dict[str, str] = field(default_factory=dict)
    rows: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect(":memory:", isolation_level=None))
    now: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def copy(self):
        """The same account, on its own."""
        twin = replace(
            self, tasks={name: replace(task) for name, task in self.tasks.items()}, procedures=dict(self.procedures),
            views=dict(self.views), made=dict(self.made), sent=[],
            tables=dict(self.tables), rows=sqlite3.connect(":memory:", isolation_level=None),
        )  # fmt: skip
        self.rows.backup(twin.rows)
        return twin

    def definition(self):
        """All that a deployment is to bring about: what is there, and what runs."""
        tasks = {n: (t.comment, t.body, t.after, t.finalize, t.state) for n, t in self.tasks.items()}
        texts = {name: text for name, (text, _) in self.made.items() if name in {*self.procedures, *self.views}}
        return tasks, self.procedures, self.views, texts

    def graph(self, root):
        """The same for the members of one graph, without their states."""
        return {n: (t.comment, t.after, t.finalize) for n, t in self.tasks.items() if self.root(n) == root}

    def execute(self, sql):
        self.on_statement(sql)
        self.now += timedelta(milliseconds=1)
        if re.match(r"(CREATE|ALTER|DROP) TABLE|SHOW TABLES|SELECT|INSERT|UPDATE", sql):
            return self._plain(sql)
        if sql.startswith("SHOW"):
            return self._show(sql)
        if self.broken and self.broken in sql:
            raise SqlError("SQL compilation error:\nbroken on purpose", 1003, "42000")
        self.sent.append(sql)
        for pattern, act in (
            (rf"ALTER TASK {NAME} SUSPEND", self._suspend),
            (rf"ALTER TASK {NAME} RESUME", self._resume),
            (rf"DROP TASK {NAME}", self._drop),
            (rf"CREATE OR ALTER TASK {NAME}(?P<rest>.*)", self._create),
            (rf"CREATE OR REPLACE PROCEDURE {NAME}\(\)(?P<rest>.*)", self._make(self.procedures)),
            (rf"CREATE OR REPLACE VIEW {NAME}(?P<rest>.*)", self._make(self.views)),
            (rf"DROP PROCEDURE {NAME}\(\)", lambda name: self.procedures.pop(name, None)),
            (rf"DROP VIEW {NAME}", lambda name: self.views.pop(name, None)),
        ):
            if found := re.fullmatch(pattern, sql, re.DOTALL):
                act(**found.groupdict())
        return []

    def _plain(self, sql):
        """Tables: their comments in a dict, their rows in SQLite."""
        for pattern, act in (
            (rf"CREATE TABLE {NAME} \(holder VARCHAR\) COMMENT = '(?P<comment>.*)'", self._create_table),
            (rf"ALTER TABLE {NAME} RENAME TO DB\.S\.(?P<new>[\w$]+)", self._rename_table),
            (rf"ALTER TABLE {NAME} SET COMMENT = '(?P<comment>.*)'", self.tables.__setitem__),
            (rf"DROP TABLE {NAME}", lambda name: self.tables.pop(name, None)),
        ):
            if found := re.fullmatch(pattern, sql):
                act(*found.groups())
                return []
        if found := re.fullmatch(r"SHOW TABLES LIKE '(?P<start>.*)%' IN SCHEMA DB\.S", sql):
            return [{"name": n, "comment": c} for n, c in self.tables.items() if n.startswith(found["start"])]
        if "CURRENT_TIMESTAMP() AS now" in sql:
            return [{"now": self.now}]
        if found := re.match(rf"CREATE TABLE {NAME}", sql):
            self.tables.setdefault(found["name"], "")
        return self._query(sql)

    def _create_table(self, name, comment):
        if name in self.tables:
            raise SqlError(f"Object '{name}' already exists.", 2002, "42710")
        self.tables[name] = comment

    def _rename_table(self, name, new):
        if name not in self.tables:
            raise SqlError(f"Table '{name}' does not exist or not authorized.", 2003)
        if new in self.tables:
            raise SqlError(f"Object '{new}' already exists.", 2002)
        self.tables[new] = self.tables.pop(name)

    def _query(self, sql):
        try:
            self.now += timedelta(seconds=1)
            found = self.rows.execute(sql.replace("DB.S.NEVE", "NEVE").replace("CURRENT_TIMESTAMP()", f"'{self.now}'"))
        except sqlite3.OperationalError as error:
            raise SqlError(str(error), 2003) from error
        names = [column[0] for column in found.description or ()]
        times = {"started_at", "finished_at"}
        return [
            {n: datetime.fromisoformat(v) if n in times and v else v for n, v in zip(names, row, strict=True)}
            for row in found
        ]

    def _show(self, sql):
        if "TASKS" in sql:
            return [self._task_row(name, task) for name, task in self.tasks.items()]
        if "PROCEDURES" in sql:
            return [
                {"catalog_name": DATABASE, "schema_name": SCHEMA, **self._shown(name), "description": comment}
                for name, comment in self.procedures.items()
            ]
        tables = [{**KEY, "name": name, "kind": "TABLE", "comment": text} for name, text in self.tables.items()]
        views = [{**KEY, **self._shown(name), "kind": "VIEW", "comment": text} for name, text in self.views.items()]
        return [*tables, *views]

    def _shown(self, name):
        return {"name": name, "created_on": self.made[name][1]} if name in self.made else {"name": name}

    def _task_row(self, name, task):
        relations = {"FinalizedRootTask": f"DB.S.{task.finalize}"} if task.finalize else {}
        return {
            "database_name": DATABASE,
            "schema_name": SCHEMA,
            "name": name,
            "state": task.state,
            "comment": task.comment,
            "definition": task.body,
            "predecessors": json.dumps([f"DB.S.{above}" for above in task.after]),
            "task_relations": json.dumps(relations),
            "last_suspended_on": task.suspended_on,
            "last_suspended_reason": task.reason if task.state == "suspended" else None,
        }

    def root(self, name):
        """The root above a task; None within a cycle."""
        seen, at = set(), name
        while above := self.tasks[at].finalize or next(iter(self.tasks[at].after), None):
            if above in seen:
                return None
            seen.add(above)
            at = above
        return at

    def _must_stand_still(self, name):
        root = self.root(name)
        if root is not None and self.tasks[root].state == "started":
            message = f"Unable to update graph with root task {root} since that root task is not suspended."
            raise SqlError(message, 91421)

    def _suspend(self, name):
        if name in self.tasks:
            if self.root(name) != name:
                self._must_stand_still(name)
            self.tasks[name].state, self.tasks[name].reason = "suspended", "USER_SUSPENDED"
            self.tasks[name].suspended_on = self.now

    def _resume(self, name):
        if name not in self.tasks:
            raise SqlError(f"Task {name} does not exist or not authorized.", 2003)
        if self.root(name) != name:
            self._must_stand_still(name)
        self.tasks[name].state = "started"

    def _drop(self, name):
        if name not in self.tasks:
            return
        self._must_stand_still(name)
        del self.tasks[name]
        for other in self.tasks.values():
            if name in other.after or other.finalize == name:
                other.after = tuple(above for above in other.after if above != name)
                other.finalize = None if other.finalize == name else other.finalize
                if not other.after:
                    other.state = "suspended"

    def _create(self, name, rest):
        if name in self.tasks:
            self._must_stand_still(name)
        after = re.search(r"AFTER (.*)", rest)
        finalize = re.search(r"FINALIZE = DB\.S\.([\w$]+)", rest)
        above = tuple(part.removeprefix("DB.S.") for part in after[1].split(", ")) if after else ()
        for other in (*above, *([finalize[1]] if finalize else [])):
            if other not in self.tasks:
                raise SqlError(f"Invalid predecessor {other} was specified.", 1422)
            self._must_stand_still(other)
        if finalize and any(t.finalize == finalize[1] for n, t in self.tasks.items() if n != name):
            raise SqlError(f"Finalize target {finalize[1]} already have finalizer.", 1422)
        comment, body = re.search(r"COMMENT = '([^']*)'", rest)[1], rest.split("\nAS ", 1)[1]
        self.tasks[name] = Member(comment, body, above, finalize[1] if finalize else None)

    def _make(self, comments):
        def act(name, rest):
            comments[name] = re.search(r"COMMENT = '([^']*)'", rest)[1]
            self.made[name] = rest, self.now

        return act


@dataclass(frozen=True)
class T:
    """One task of a graph to be: what it follows, its body, whether it runs a procedure of its own."""

    after: tuple[str, ...] = ()
    body: str = "select 1"
    python: bool = False


def make_script(
    graphs: Mapping[str, Mapping[str, T]], mark="p/local", finalizers=(), unscheduled=(), views=()
) -> Script:
    """A script as emit writes it, for graphs given as {root: {child: T}} and views given as {name: text}."""
    statements = [
        ScriptStatement("context", "DB.S", "USE SCHEMA DB.S", "project.yml"),
        *(_statement("suspend", root, f"ALTER TASK IF EXISTS DB.S.{root} SUSPEND", root) for root in graphs),
        *(_view(name, text, mark) for name, text in dict(views).items()),
        *(one for root, tasks in graphs.items() for one in _procedures(root, tasks, mark)),
        *(one for root, tasks in graphs.items() for one in _tasks(root, tasks, mark, root in finalizers)),
        *(
            _statement("resume", name, f"ALTER TASK DB.S.{name} RESUME", root)
            for root, tasks in graphs.items()
            for name in _resumed(root, tasks, root in finalizers, root not in unscheduled)
        ),
    ]
    return Script(tuple(statements), ";\n".join(s.sql for s in statements))


def _procedures(root, tasks, mark):
    for name, task in tasks.items():
        if task.python:
            text = f"CREATE OR REPLACE PROCEDURE DB.S.{root}${name}() %s\nAS {task.body}"
            yield _defined("procedure", f"{root}${name}", text, root, mark)


def _view(name, text, mark):
    return _defined("view", name, f"CREATE OR REPLACE VIEW DB.S.{name} %s\nAS {text}", None, mark)


def _tasks(root, tasks, mark, finalizer):
    yield _defined("task", root, f"CREATE OR ALTER TASK DB.S.{root} %s\nAS select 1", root, mark)
    for name, task in tasks.items():
        above = ", ".join(f"DB.S.{root}${a}" for a in task.after) or f"DB.S.{root}"
        body = f"CALL DB.S.{root}${name}()" if task.python else task.body
        text = f"CREATE OR ALTER TASK DB.S.{root}${name} %s\n  AFTER {above}\nAS {body}"
        yield _defined("task", f"{root}${name}", text, root, mark)
    if finalizer:
        text = f"CREATE OR ALTER TASK DB.S.{root}$END %s FINALIZE = DB.S.{root}\nAS select 0"
        yield _defined("task", f"{root}$END", text, root, mark)


def _resumed(root, tasks, finalizer, scheduled):
    if finalizer:
        yield f"{root}$END"
    yield from (f"{root}${name}" for name in tasks)
    if scheduled:
        yield root


def _statement(kind, name, sql, root, fingerprint=None):
    return ScriptStatement(kind, f"DB.S.{name}", sql, f"tasks/{name.lower()}.sql", fingerprint, root)


def _defined(kind, name, text, root, mark):
    fingerprint = f"{hash_of(text):08x}"
    return _statement(kind, name, text % f"COMMENT = '[neve:{mark}:{fingerprint}]'", root, fingerprint)


def hash_of(text):
    import zlib

    return zlib.crc32(text.encode())


def make_project(name="p", target="local"):
    return Project(name, Target(target, "local", DATABASE, SCHEMA), (target,), {}, {}, {}, {})


@pytest.fixture
def account():
    return FakeAccount()


@pytest.fixture
def project():
    return make_project()


@pytest.fixture
def task():
    return T


@pytest.fixture
def script():
    return make_script
