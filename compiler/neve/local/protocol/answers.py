"""The answers to each path of the protocol."""

import hmac
from typing import TYPE_CHECKING, Any

from neve.local.errors import SqlError
from neve.local.parameters import PARAMETERS
from neve.local.protocol import files
from neve.local.protocol.jobs import Job, start_job
from neve.local.protocol.request import Request
from neve.local.protocol.wire import described, failure, success
from neve.local.stages.transfer import Transfer

if TYPE_CHECKING:
    from neve.local.engine import Engine
    from neve.local.session import Session

IN_PROGRESS, IN_PROGRESS_ASYNC = "333333", "333334"
PATIENCE = 20.0
VERSION = "10.0.0"


def failed(code: str, message: str, data: Any = None) -> dict[str, Any]:
    return {"success": False, "code": code, "message": message, "data": data}


def done(data: Any = None) -> dict[str, Any]:
    return {"success": True, "code": None, "message": None, "data": data}


def nothing(engine: "Engine", request: Request) -> dict[str, Any]:
    """Telemetry is not kept."""
    del engine, request
    return done()


def login(engine: "Engine", request: Request) -> dict[str, Any]:
    """A session for who knows the password; database, schema, role and warehouse come in the URL."""
    from neve.local.engine import USER

    data = request.json().get("data", {})
    given = str(data.get("PASSWORD") or data.get("TOKEN") or "")
    named = str(data.get("LOGIN_NAME") or USER)
    if named.upper() != USER.upper() or not hmac.compare_digest(given.encode(), request.password.encode()):
        return failed("390100", "Incorrect username or password was specified.")
    session = engine.open_session()
    try:
        _enter(session, request, data.get("SESSION_PARAMETERS") or {})
    except SqlError as error:
        session.close()
        return failed(f"{error.code:06d}", error.message)
    return done(_logged_in(session))


def _enter(session: "Session", request: Request, parameters: dict[str, Any]) -> None:
    """A database or schema that does not exist leaves the session without one, as on Snowflake."""
    from neve.local import context

    for name, value in parameters.items():
        if name.upper() in PARAMETERS:
            context.set_parameter(session, name.upper(), context.parameter_text(value))
    context.enter(session, **{kind: request.arguments.get(f"{kind}Name") or request.arguments.get(kind) for kind in
                              ("database", "schema", "role", "warehouse")})  # fmt: skip


def _logged_in(session: "Session") -> dict[str, Any]:
    return {
        "token": session.token,
        "masterToken": session.master_token,
        "validityInSeconds": 86400,
        "masterValidityInSeconds": 864000,
        "displayUserName": session.user,
        "serverVersion": VERSION,
        "sessionId": session.id,
        "parameters": parameters_of(session),
        "sessionInfo": {
            "databaseName": session.database,
            "schemaName": session.schema,
            "warehouseName": session.warehouse,
            "roleName": session.role,
        },
    }


def parameters_of(session: "Session") -> list[dict[str, Any]]:
    """The session's parameters, with booleans and numbers as such."""
    return [{"name": name, "value": _typed(session.parameter(name))} for name in PARAMETERS]


def _typed(value: str) -> Any:
    if value in {"true", "false"}:
        return value == "true"
    return int(value) if value.isdigit() else value


def renew(engine: "Engine", request: Request) -> dict[str, Any]:
    session = engine.session_of_master(request.token)
    if session is None:
        return failed("390114", "Authentication token has expired. The user must authenticate again.")
    return done({"sessionToken": session.token, "masterToken": session.master_token, "validityInSecondsST": 86400})


def heartbeat(engine: "Engine", request: Request) -> dict[str, Any]:
    return done() if engine.session(request.token) else _no_session()


def end_session(engine: "Engine", request: Request) -> dict[str, Any]:
    if request.arguments.get("delete", "").lower() == "true":
        engine.end(request.token)
    return done()


def _no_session() -> dict[str, Any]:
    return failed("390111", "Session no longer exists. New login required to access the service.")


# Queries


def query(engine: "Engine", request: Request) -> dict[str, Any]:
    """Runs a statement. One that takes long, or is sent to run on its own, is answered with where to ask again."""
    session = engine.session(request.token)
    if session is None:
        return _no_session()
    body = request.json()
    if body.get("describeOnly"):
        return described(session, body)
    job = engine.jobs.get(request.arguments.get("requestId", "")) or start_job(engine, session, request, body)
    if body.get("asyncExec"):
        return _later(job, IN_PROGRESS_ASYNC)
    return _answer(engine, request, job)


def query_result(engine: "Engine", request: Request) -> dict[str, Any]:
    session, job = engine.session(request.token), engine.jobs.get(request.arguments["id"])
    if session is None:
        return _no_session()
    if job is not None:
        return _answer(engine, request, job)
    result = engine.result(request.arguments["id"])
    return success(session, result) if result else failed("000709", "Statement not found")


def _answer(engine: "Engine", request: Request, job: Job) -> dict[str, Any]:
    if not job.finished.wait(PATIENCE):
        return _later(job, IN_PROGRESS)
    if job.error:
        return failure(job.session, job.error, job.query_id)
    answer = success(job.session, job.results[0], job)
    if isinstance(transfer := job.results[0], Transfer):
        answer["data"] |= {**transfer.data, "stageInfo": files.stage_info(engine, request, transfer.folder)}
    return answer


def _later(job: Job, code: str) -> dict[str, Any]:
    data = {
        "queryId": job.query_id,
        "getResultUrl": f"/queries/{job.query_id}/result",
        "queryAbortsAfterSecs": 300,
        "progressDesc": None,
    }
    return {"success": True, "code": code, "message": "Query execution in progress.", "data": data}


def abort(engine: "Engine", request: Request) -> dict[str, Any]:
    """By the query's id in the path, or by the request id in the body."""
    job = engine.jobs.get(request.arguments.get("id") or str(request.json().get("requestId")))
    if job is not None and not job.finished.is_set():
        job.session.cancel()
    return done()


def status(engine: "Engine", request: Request) -> dict[str, Any]:
    job = engine.jobs.get(request.arguments["id"])
    if job is None:
        known = engine.result(request.arguments["id"]) is not None
        return done({"queries": [{"id": request.arguments["id"], "status": "SUCCESS"}] if known else []})
    error = job.error
    entry = {
        "id": job.query_id,
        "status": job.status,
        "sqlText": job.sql,
        "sessionId": job.session.id,
        "startTime": job.started,
        "endTime": job.ended,
        "errorCode": f"{error.code:06d}" if error else None,
        "errorMessage": error.message if error else None,
    }
    return done({"queries": [entry]})
