"""SHOW TASKS, DESCRIBE TASK, SHOW PARAMETERS IN TASK (fact sheet 2.5)."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from neve.local.listing import Scope, like, scope
from neve.local.reader import Reader
from neve.local.result import Column, Result, from_rows
from neve.local.sqltext import Statement, resolve
from neve.local.tasks.access import service_of
from neve.local.tasks.graph import Tasks, finalizer_of
from neve.local.tasks.model import Task
from neve.local.tasks.options import DEFAULTS, OPTIONS, SESSION_PARAMETERS, Kind, parameter_kind
from neve.local.tasks.reading import dotted
from neve.local.types import TIMESTAMP_LTZ

if TYPE_CHECKING:
    from neve.local.session import Session

MOST_ROWS = 10_000
TIMES = frozenset({"created_on", "last_committed_on", "last_suspended_on"})

COLUMNS = [
    "created_on",
    "name",
    "id",
    "database_name",
    "schema_name",
    "owner",
    "comment",
    "warehouse",
    "schedule",
    "predecessors",
    "state",
    "definition",
    "condition",
    "allow_overlapping_execution",
    "error_integration",
    "last_committed_on",
    "last_suspended_on",
    "owner_role_type",
    "config",
    "task_relations",
    "last_suspended_reason",
    "success_integration",
    "scheduling_mode",
    "target_completion_interval",
    "execute_as_user",
    "overlap_policy",
    "created_by_user",
]
TERSE_COLUMNS = ["created_on", "name", "kind", "database_name", "schema_name", "schedule"]
PARAMETER_COLUMNS = ["key", "value", "default", "level", "description", "type"]

TASK_PARAMETERS = {
    **SESSION_PARAMETERS,
    **{name: DEFAULTS[name] for name in DEFAULTS if name != "OVERLAP_POLICY"},
    "LOG_LEVEL": "OFF",
    "SERVERLESS_TASK_MIN_STATEMENT_SIZE": "XSMALL",
    "SERVERLESS_TASK_MAX_STATEMENT_SIZE": "XXLARGE",
    "USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE": "MEDIUM",
}
"""What SHOW PARAMETERS IN TASK lists, with the values of a task that sets none."""

TYPES: dict[Kind, str] = {"boolean": "BOOLEAN", "number": "NUMBER", "text": "STRING", "name": "STRING"}


@dataclass(frozen=True, slots=True)
class Filter:
    is_terse: bool
    pattern: re.Pattern[str]
    scope: Scope
    prefix: str
    roots_only: bool
    limit: int
    after: str

    def admits(self, task: Task) -> bool:
        return (
            self.scope.holds(task.database, task.schema)
            and bool(self.pattern.fullmatch(task.name))
            and task.name.startswith(self.prefix)
            and (task.is_root or not self.roots_only)
            and task.name > self.after
        )


def show_tasks(session: "Session", statement: Statement) -> Result:
    wanted = _filter(session, statement.text)
    tasks = service_of(session)
    with tasks.lock:
        found = sorted(filter(wanted.admits, tasks.catalog), key=lambda task: (task.database, task.schema, task.name))
        return _rows(
            TERSE_COLUMNS if wanted.is_terse else COLUMNS,
            [describe(task, tasks.catalog.beside(task.database, task.schema)) for task in found[: wanted.limit]],
        )


def _filter(session: "Session", text: str) -> Filter:
    reader = Reader.of(text)
    reader.expect("SHOW")
    is_terse = reader.take("TERSE")
    reader.expect("TASKS")
    pattern = like(reader)
    where = scope(session, reader)
    prefix = reader.string() if reader.take("STARTS", "WITH") else ""
    roots_only = reader.take("ROOT", "ONLY")
    limit = min(reader.number(), MOST_ROWS) if reader.take("LIMIT") else MOST_ROWS
    after = reader.string() if reader.take("FROM") else ""
    reader.finish()
    return Filter(is_terse, pattern, where, prefix, roots_only, limit, after)


def describe_task(session: "Session", statement: Statement) -> Result:
    reader = Reader.of(statement.text)
    reader.take_any("DESC", "DESCRIBE")
    reader.expect("TASK")
    name = resolve(session, dotted(reader))
    reader.finish()
    tasks = service_of(session)
    with tasks.lock:
        return _rows(COLUMNS, [describe(tasks.find(name), tasks.catalog.beside(name.database, name.schema))])


def show_parameters(session: "Session", statement: Statement) -> Result:
    """SHOW PARAMETERS [LIKE '…'] IN TASK t."""
    reader = Reader.of(statement.text)
    reader.expect("SHOW", "PARAMETERS")
    pattern = like(reader)
    reader.expect("IN", "TASK")
    task = service_of(session).find(resolve(session, dotted(reader)))
    reader.finish()
    rows = [_parameter(task, name) for name in sorted(TASK_PARAMETERS) if pattern.fullmatch(name)]
    return from_rows([Column(name) for name in PARAMETER_COLUMNS], rows)


def _parameter(task: Task, name: str) -> tuple[str, ...]:
    default = TASK_PARAMETERS[name]
    level = "TASK" if name in task.settings else ""
    kind = OPTIONS.get(name) or parameter_kind(name)
    return name, task.settings.get(name, default), default, level, "", TYPES[kind]


def describe(task: Task, beside: Tasks) -> dict[str, Any]:
    """A task's row of SHOW TASKS, by column."""
    settings = task.settings
    policy = settings.get("OVERLAP_POLICY", "NO_OVERLAP") if task.is_root else None
    return {
        "created_on": task.created_on,
        "name": task.name,
        "id": task.id,
        "database_name": task.database,
        "schema_name": task.schema,
        "owner": task.owner,
        "comment": settings.get("COMMENT", ""),
        "warehouse": settings.get("WAREHOUSE"),
        "schedule": settings.get("SCHEDULE"),
        "predecessors": _json_list(task),
        "state": "started" if task.is_started else "suspended",
        "definition": task.definition,
        "condition": task.condition,
        "allow_overlapping_execution": _flag(policy),
        "error_integration": settings.get("ERROR_INTEGRATION", "null"),
        "last_committed_on": task.last_committed_on,
        "last_suspended_on": task.last_suspended_on,
        "owner_role_type": "ROLE",
        "config": settings.get("CONFIG"),
        "task_relations": _relations(task, beside),
        "last_suspended_reason": task.suspended_reason,
        "success_integration": settings.get("SUCCESS_INTEGRATION", "null"),
        "scheduling_mode": None,
        "target_completion_interval": settings.get("TARGET_COMPLETION_INTERVAL"),
        "execute_as_user": task.execute_as,
        "overlap_policy": policy,
        "created_by_user": task.created_by,
        "kind": None,
    }


def _flag(policy: str | None) -> str:
    return "null" if policy is None else "true" if policy == "ALLOW_CHILD_OVERLAP" else "false"


def predecessor_names(task: Task) -> list[str]:
    return [task.beside(name) for name in task.predecessors]


def _json_list(task: Task) -> str:
    return json.dumps(predecessor_names(task), separators=(",", ":"), ensure_ascii=False)


def _relations(task: Task, beside: Tasks) -> str:
    relations: dict[str, Any] = {"Predecessors": predecessor_names(task)}
    if task.finalizes is not None:
        relations = {"FinalizedRootTask": task.beside(task.finalizes), **relations}
    elif task.is_root and (finalizer := finalizer_of(beside, task.name)):
        relations["FinalizerTask"] = finalizer.full_name
    return json.dumps(relations, separators=(",", ":"), ensure_ascii=False)


def _rows(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> Result:
    heads = [Column(name, TIMESTAMP_LTZ) if name in TIMES else Column(name) for name in columns]
    return from_rows(heads, [tuple(row[name] for name in columns) for row in rows])
