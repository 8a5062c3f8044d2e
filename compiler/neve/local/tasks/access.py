"""The way from a session to the task service of its engine."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from neve.local.session import Session
    from neve.local.tasks.service import TaskService


def service_of(session: "Session") -> "TaskService":
    service: TaskService = session.engine.services["tasks"]
    return service
