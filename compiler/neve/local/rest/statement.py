"""A task as the REST API is given it -> the text of CREATE TASK (fact sheet 1.1)."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from neve.local.rest.call import Call
from neve.local.sqltext import parse_name, quote_identifier, quote_string

READ_ONLY = frozenset(
    ("created_on", "id", "owner", "owner_role_type", "state", "last_committed_on", "last_suspended_on")
) | {"database_name", "schema_name", "task_relations"}


def literal(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value) if isinstance(value, int | float) else quote_string(str(value))


def identifier(value: Any) -> str:
    return ".".join(map(quote_identifier, parse_name(str(value))))


def _interval(value: Mapping[str, Any]) -> str:
    minutes, seconds = int(value.get("minutes") or 0), int(value.get("seconds") or 0)
    return quote_string(f"{60 * minutes + seconds} SECONDS" if seconds else f"{minutes} MINUTES")


def _schedule(value: Mapping[str, Any]) -> str:
    if value.get("schedule_type") == "CRON_TYPE":
        return quote_string(f"USING CRON {value.get('cron_expr')} {value.get('timezone')}")
    return _interval(value)


def _config(value: Any) -> str:
    return quote_string(json.dumps(value, separators=(",", ":"), ensure_ascii=False))


OPTIONS: Mapping[str, Callable[[Any], str]] = {
    "warehouse": identifier,
    "user_task_managed_initial_warehouse_size": literal,
    "schedule": _schedule,
    "config": _config,
    "overlap_policy": literal,
    "allow_overlapping_execution": literal,
    "user_task_timeout_ms": literal,
    "suspend_task_after_num_failures": literal,
    "error_integration": literal,
    "success_integration": literal,
    "comment": literal,
    "task_auto_retry_attempts": literal,
    "target_completion_interval": _interval,
    "serverless_task_min_statement_size": literal,
    "serverless_task_max_statement_size": literal,
}
"""The properties that are options of the same name, and how their values are written."""

_APART = frozenset({"name", "definition", "session_parameters", "predecessors", "finalize", "condition"})
_KNOWN = OPTIONS.keys() | _APART | {"execute_as_user"} | READ_ONLY


def create_task(head: str, call: Call) -> str:
    """The statement, whose `head` is formatted with kind and name; the name is the path's, or else the body's.

    Simple names of other tasks are those of the same schema. An empty config is none: so it is read back.
    Raises SqlError for a property that tasks do not have.
    """
    task = call.properties("task", _KNOWN)
    name = call.target if "name" in call.path else call.beside(parse_name(str(task.get("name", ""))))
    options = {key: task[key] for key in OPTIONS if task.get(key) not in (None, {})}
    parameters = task.get("session_parameters") or {}
    return "\n".join(
        [
            head.format("TASK", name),
            *(f"{key.upper()} = {OPTIONS[key](value)}" for key, value in options.items()),
            *(f"{identifier(key)} = {literal(value)}" for key, value in parameters.items()),
            *_links(call, task),
            f"AS {task.get('definition', '')}",
        ]
    )


def _links(call: Call, task: Mapping[str, Any]) -> Iterator[str]:
    """What ties a task to others and says when it runs, in the order of the grammar."""
    if task.get("finalize"):
        yield f"FINALIZE = {_beside(call, task['finalize'])}"
    if task.get("predecessors"):
        yield "AFTER " + ", ".join(_beside(call, other) for other in task["predecessors"])
    if task.get("execute_as_user"):
        yield f"EXECUTE AS USER {identifier(task['execute_as_user'])}"
    if task.get("condition"):
        yield f"WHEN {task['condition']}"


def _beside(call: Call, name: Any) -> str:
    return str(call.beside(parse_name(str(name))))


def tag_name(call: Call, tag: Mapping[str, Any]) -> str:
    """A tag's full name; without database or schema it is one of the task's own."""
    places = (tag.get("tag_database") or "", tag.get("tag_schema") or "", tag.get("tag_name") or "")
    return _beside(call, ".".join(filter(None, places)))


def tag_value(call: Call, tag: Mapping[str, Any]) -> str:
    return f"{tag_name(call, tag)} = {quote_string(str(tag.get('tag_value', '')))}"
