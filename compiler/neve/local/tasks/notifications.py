"""What notification integrations would be sent (fact sheet 1.2, 8): a line of JSON in a file."""

import json
import logging
import uuid
from typing import TYPE_CHECKING, Any

from neve.local.tasks.active import ActiveGraph
from neve.local.tasks.model import Task
from neve.local.tasks.records import GraphRun, TaskRow, from_ms

if TYPE_CHECKING:
    from neve.local.tasks.service import TaskService

log = logging.getLogger("neve.local")

FILE = "notifications.jsonl"
"""In the state folder; the last line is the latest."""

MESSAGE_TYPES = {"ERROR_INTEGRATION": "USER_TASK_FAILED", "SUCCESS_INTEGRATION": "USER_TASK_SUCCEEDED"}


def task_failed(service: "TaskService", active: ActiveGraph, task: Task, row: TaskRow) -> None:
    """Tells the error integration of the root, which counts for all of its graph, of a failed task run."""
    message = {
        "runId": str(active.run.original_time),
        "scheduledTime": _time(row.scheduled_time),
        "queryStartTime": _time(row.query_start_time),
        "completedTime": _time(row.completed_time),
        "queryId": row.query_id,
        "errorCode": row.error_code,
        "errorMessage": row.error_message,
    }
    _send(service, "ERROR_INTEGRATION", active.root, task, message)


def graph_succeeded(service: "TaskService", active: ActiveGraph, run: GraphRun) -> None:
    """Tells the success integration of the root that a graph run succeeded."""
    message = {
        "runId": str(run.original_time),
        "scheduledTime": _time(run.scheduled_time),
        "queryStartTime": _time(run.query_start_time),
        "completedTime": _time(run.completed_time),
    }
    _send(service, "SUCCESS_INTEGRATION", active.root, active.root, message)


def _send(service: "TaskService", option: str, root: Task, task: Task, message: dict[str, Any]) -> None:
    from neve.local.engine import ACCOUNT

    if option not in root.settings:
        return
    payload = {
        "version": "1.0",
        "messageId": str(uuid.uuid4()),
        "messageType": MESSAGE_TYPES[option],
        "timestamp": service.clock.now().isoformat(),
        "accountName": ACCOUNT.upper(),
        "taskName": task.full_name,
        "taskId": task.id,
        "rootTaskName": root.full_name,
        "rootTaskId": root.id,
        "messages": [message],
    }
    write(service, {"integration": root.settings[option], "payload": payload})


def write(service: "TaskService", message: dict[str, Any]) -> None:
    """Adds a line to the file: the integration, and what it would have been sent."""
    line = json.dumps(message, ensure_ascii=False, default=str)
    try:
        with service.lock, (service.engine.state / FILE).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    except OSError:
        log.exception("a notification could not be written")


def _time(time: int | None) -> str | None:
    return None if time is None else from_ms(time).isoformat()
