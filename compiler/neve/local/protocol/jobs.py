"""Statements that clients sent: each runs in a thread of its own, and can be asked after by query id or request id."""

import logging
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from neve.local import result as r
from neve.local.errors import SqlError, internal_error
from neve.local.protocol.bindings import read_bindings
from neve.local.protocol.limits import limited
from neve.local.protocol.request import Request
from neve.local.result import Column, Result
from neve.local.sqltext import split_statements

if TYPE_CHECKING:
    from neve.local.engine import Engine
    from neve.local.session import Session

log = logging.getLogger("neve.local")

_KEPT = 1000


@dataclass
class Job:
    """`results` has one Result; for several statements the first is their summary, and the others follow."""

    session: "Session"
    sql: str
    query_id: str
    request_id: str
    results: list[Result] = field(default_factory=list)
    error: SqlError | None = None
    started: int = 0
    ended: int = 0
    finished: threading.Event = field(default_factory=threading.Event)

    @property
    def status(self) -> str:
        if not self.finished.is_set():
            return "RUNNING"
        if self.error is None:
            return "SUCCESS"
        return "FAILED_WITH_ERROR" if self.error.code != 604 else "ABORTED"


class Jobs:
    """The latest jobs by query id and by request id."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def add(self, job: Job) -> None:
        with self._lock:
            self._jobs[job.query_id] = self._jobs[job.request_id] = job
            for key in list(self._jobs)[: max(0, len(self._jobs) - 2 * _KEPT)]:
                if self._jobs[key].finished.is_set():
                    del self._jobs[key]

    def get(self, key: str) -> Job | None:
        return self._jobs.get(key)


def start_job(engine: "Engine", session: "Session", request: Request, body: dict[str, Any]) -> Job:
    """Starts the statement or statements of a query request."""
    request_id = request.arguments.get("requestId") or str(uuid.uuid4())
    job = Job(session, str(body.get("sqlText") or ""), str(uuid.uuid4()), request_id, started=_now())
    engine.jobs.add(job)
    threading.Thread(target=_run, args=(job, body), name=f"query-{job.query_id}", daemon=True).start()
    return job


def _now() -> int:
    return int(time.time() * 1000)


def _run(job: Job, body: dict[str, Any]) -> None:
    try:
        job.session.cancelled.clear()
        with limited(job.session, body.get("parameters")):
            _run_all(job, body)
    except SqlError as error:
        job.error = error
    except Exception as error:
        log.exception("internal error in: %s", job.sql)
        job.error = internal_error(error)
    finally:
        job.ended = _now()
        job.finished.set()


def _run_all(job: Job, body: dict[str, Any]) -> None:
    """One statement, or as many as the client announced; 0 for any number."""
    count = int(job.session.parameter("MULTI_STATEMENT_COUNT"))
    if count == 1 and not _is_many(job.sql):
        job.results = [job.session.execute(job.sql, read_bindings(body.get("bindings")), job.query_id)]
    else:
        _run_many(job, count)


def _is_many(sql: str) -> bool:
    """Whether more than one statement was sent."""
    return ";" in sql.rstrip().rstrip(";") and len(split_statements(sql)) > 1


def _run_many(job: Job, count: int) -> None:
    statements = split_statements(job.sql)
    if count and len(statements) != count:
        raise SqlError(
            8, "0A000", f"Actual statement count {len(statements)} did not match the desired statement count {count}."
        )
    results = [job.session.execute(statement) for statement in statements]
    heading = Column("multiple statement execution")
    summary = r.from_rows(
        [heading], [("Multiple statements executed successfully.",)], statement_type=r.MULTI_STATEMENT
    )
    job.results = [Result(summary.columns, summary.table, 1, r.MULTI_STATEMENT, job.query_id), *results]
    job.session.engine.keep(job.results[0])
