"""Paths below /api/v2 to what answers them."""

import logging
import re
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from neve.local.errors import SqlError, internal_error
from neve.local.protocol.request import Reply, Request
from neve.local.rest import account, containers, tables, tasks
from neve.local.rest.call import Call

if TYPE_CHECKING:
    from neve.local.engine import Engine
    from neve.local.session import Session

log = logging.getLogger("neve.local")

PREFIX = "/api/v2/"
_SCHEMA = r"/api/v2/databases/(?P<database>[^/]+)/schemas/(?P<schema>[^/]+)"
_TASKS = f"{_SCHEMA}/tasks"
_TASK = f"{_TASKS}/(?P<name>[^/:]+)"

Handler = Callable[["Session", Call], Reply]

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", _TASKS, tasks.list_tasks),
    ("POST", _TASKS, tasks.create),
    ("GET", _TASK, tasks.fetch),
    ("PUT", _TASK, tasks.create_or_alter),
    ("DELETE", _TASK, tasks.drop),
    ("POST", f"{_TASK}:resume", tasks.resume),
    ("POST", f"{_TASK}:suspend", tasks.suspend),
    ("POST", f"{_TASK}:execute", tasks.execute),
    ("GET", f"{_TASK}/dependents", tasks.dependents),
    ("GET", f"{_TASK}/current[-_]graphs", tasks.current_graphs),
    ("GET", f"{_TASK}/complete[-_]graphs", tasks.complete_graphs),
    ("POST", f"{_TASK}:set-tags", tasks.set_tags),
    ("POST", f"{_TASK}:unset-tags", tasks.unset_tags),
    *containers.ROUTES,
    *tables.ROUTES,
    *account.ROUTES,
)

# HTTP statuses by the SQL error's code; any other error is the caller's: 400.
_STATUSES = {2002: 409, 2003: 404, 2043: 404, 3001: 403, 603: 500}


def respond(engine: "Engine", request: Request) -> Reply:
    """What the REST API says to a request; its session is the one whose token it carries. Never raises."""
    session = engine.session(request.token)
    if session is None:
        return _failed(401, "390111", "Session no longer exists. New login required to access the service.")
    for method, pattern, handler in ROUTES:
        match = re.fullmatch(pattern, request.path)
        if match and method == request.method:
            return _answered(handler, session, request, match)
    had = "of the REST API it has tasks, databases, schemas, stages, tables, warehouses and roles"
    return _failed(501, "000002", f"The local engine does not answer {request.method} {request.path}: {had}.")


def _answered(handler: Handler, session: "Session", request: Request, match: re.Match[str]) -> Reply:
    try:
        session.cancelled.clear()
        return handler(session, Call.of(request, match.groupdict()))
    except SqlError as error:
        return _refused(error)
    except Exception as error:
        log.exception("internal error at %s", request.path)
        return _refused(internal_error(error))


def _refused(error: SqlError) -> Reply:
    return _failed(_STATUSES.get(error.code, 400), f"{error.code:06d}", error.message)


def _failed(status: int, code: str, message: str) -> Reply:
    return Reply(status, {"message": message, "code": code, "error_code": code, "request_id": str(uuid.uuid4())})
