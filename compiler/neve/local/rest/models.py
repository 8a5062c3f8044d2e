"""Rows of SHOW TASKS and of the graph functions -> what the REST API answers with.

Names are given as SQL reads them; times in ISO 8601, in UTC.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from neve.local.sqltext import parse_name, quote_identifier
from neve.local.tasks.options import OPTIONS
from neve.local.tasks.schedule import Every, parse_completion_interval, parse_schedule

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where `snowflake.core` demands a next run and none is planned. UNCONFIRMED what an account says there."""

_TASK_PARAMETERS = (
    "TASK_AUTO_RETRY_ATTEMPTS",
    "USER_TASK_TIMEOUT_MS",
    "SUSPEND_TASK_AFTER_NUM_FAILURES",
    "USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE",
    "SERVERLESS_TASK_MIN_STATEMENT_SIZE",
    "SERVERLESS_TASK_MAX_STATEMENT_SIZE",
)
_SAME = (
    "comment",
    "definition",
    "condition",
    "id",
    "owner",
    "owner_role_type",
    "state",
    "task_relations",
    "overlap_policy",
    "execute_as_user",
)
_RUN_SAME = ("state", "first_error_task_name", "first_error_message", "root_task_id", "graph_version", "run_id")


def task_model(row: Mapping[str, Any], parameters: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A task of its row in SHOW TASKS (or of the fewer columns of TASK_DEPENDENTS) and its SHOW PARAMETERS."""
    set_here = {one["key"]: _typed(one["value"], one["type"]) for one in parameters if one["level"] == "TASK"}
    relations = json.loads(row.get("task_relations") or "{}")
    finalized = relations.get("FinalizedRootTask")
    return {
        **{key: row.get(key) for key in _SAME},
        **{key.lower(): set_here.get(key) for key in _TASK_PARAMETERS},
        "session_parameters": {key: value for key, value in set_here.items() if key not in OPTIONS},
        "name": quote_identifier(row["name"]),
        "database_name": quote_identifier(row["database_name"]),
        "schema_name": quote_identifier(row["schema_name"]),
        "warehouse": quote_identifier(row["warehouse"]) if row["warehouse"] else None,
        "schedule": _schedule(row["schedule"]) if row["schedule"] else None,
        "target_completion_interval": _completion(row.get("target_completion_interval")),
        "config": json.loads(row.get("config") or "{}"),
        "predecessors": json.loads(row["predecessors"]),
        "finalize": quote_identifier(parse_name(finalized)[-1]) if finalized else None,
        "allow_overlapping_execution": _flag(row.get("allow_overlapping_execution")),
        "error_integration": _named(row.get("error_integration")),
        "success_integration": _named(row.get("success_integration")),
        **{key: _time(row.get(key)) for key in ("created_on", "last_committed_on", "last_suspended_on")},
    }


def run_model(row: Mapping[str, Any]) -> dict[str, Any]:
    """A run of its row in CURRENT_TASK_GRAPHS or COMPLETE_TASK_GRAPHS."""
    code = row["first_error_code"]
    return {
        **{key: row[key] for key in _RUN_SAME},
        "root_task_name": quote_identifier(row["root_task_name"]),
        "database_name": quote_identifier(row["database_name"]),
        "schema_name": quote_identifier(row["schema_name"]),
        "first_error_code": None if code is None else int(code),
        "scheduled_time": _time(row["scheduled_time"]),
        "query_start_time": _time(row["query_start_time"]),
        "completed_time": _time(row.get("completed_time")),
        "next_scheduled_time": _time(row["next_scheduled_time"] or NEVER),
    }


def _typed(value: str, kind: str) -> Any:
    """A parameter's value: BOOLEAN, NUMBER or STRING."""
    if kind == "BOOLEAN":
        return value.lower() == "true"
    return int(value) if kind == "NUMBER" else value


def _schedule(text: str) -> dict[str, Any]:
    schedule = parse_schedule(text)
    if isinstance(schedule, Every):
        return _interval(schedule.interval)
    *cron, zone = text.split()[2:]
    return {"schedule_type": "CRON_TYPE", "cron_expr": " ".join(cron), "timezone": zone}


def _completion(text: str | None) -> dict[str, Any] | None:
    return None if text is None else _interval(parse_completion_interval(text))


def _interval(interval: timedelta) -> dict[str, Any]:
    minutes, seconds = divmod(int(interval.total_seconds()), 60)
    return {"schedule_type": "MINUTES_TYPE", "minutes": minutes, "seconds": seconds}


def _flag(text: str | None) -> bool | None:
    return {"true": True, "false": False}.get(text or "")


def _named(text: str | None) -> str | None:
    return None if text == "null" else text


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()
