"""The history of applies: one row each in a table of its own in the target's schema, written before and after.

The row holds what a later plan or rollback needs: which tasks the apply was to resume, and the script itself, packed
(a statement's text may not exceed 1 MB; fact sheet 5). The table's COMMENT holds a note for whoever lists the schema.
"""

import base64
import getpass
import json
import socket
import uuid
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from neve.deploy.clock import server_time, utc
from neve.deploy.connect import Connection, Row, rows_if_there
from neve.deploy.errors import NeveError
from neve.deploy.live import journal_name, schemas_of
from neve.deploy.note import Note, write_note
from neve.deploy.objects import Past
from neve.deploy.plan import Plan
from neve.deploy.redact import redact
from neve.ir import Project, Script, ScriptStatement
from neve.names import qualified, quote_string

_COLUMNS = (
    "id VARCHAR, started_at TIMESTAMP_LTZ, finished_at TIMESTAMP_LTZ, who VARCHAR,"
    " host VARCHAR, revision VARCHAR, fingerprint VARCHAR, statements NUMBER(38,0), sent NUMBER(38,0), outcome VARCHAR,"
    " message VARCHAR, resumes VARCHAR, stays VARCHAR, script VARCHAR"
)
_LISTED = (
    "id, started_at, finished_at, who, host, revision, fingerprint, statements, sent, outcome, message, resumes, stays"
)
_MOST_PACKED = 900_000
_KEPT = ("kind", "object", "sql", "path", "fingerprint", "graph")


@dataclass(frozen=True, slots=True)
class Deployment:
    """One apply. `outcome`: running (or killed), done, done in part (of the project), failed, interrupted; `resumes`:
    tasks that it was to resume; `stays`: tasks that it was to leave suspended.
    """

    id: str
    started_at: datetime | None
    finished_at: datetime | None
    who: str
    host: str
    revision: str
    fingerprint: str
    statements: int
    sent: int
    outcome: str
    message: str
    resumes: tuple[str, ...]
    stays: tuple[str, ...]


class Journal:
    """The history table of a project and target, in the target's schema."""

    def __init__(self, connection: Connection, project: Project) -> None:
        self.connection, self.project = connection, project
        self.table = qualified(project.target.database, project.target.schema, journal_name(project))

    def begin(self, plan: Plan, revision: str) -> str:
        """Write the row of an apply that begins; gives its id."""
        self.connection.execute(f"CREATE TABLE IF NOT EXISTS {self.table} ({_COLUMNS})")
        self._note(Note(plan.note.schemas | schemas_of(plan.script), plan.note.whole, partly=True))
        row_id = uuid.uuid4().hex[:8]
        values: Mapping[str, str | int] = {
            "id": row_id,
            "who": getpass.getuser(),
            "host": socket.gethostname(),
            "revision": revision,
            "fingerprint": fingerprint(plan.script),
            "statements": len(plan.steps),
            "sent": 0,
            "outcome": "running",
            "message": "",
            "resumes": json.dumps(plan.resumes),
            "stays": json.dumps(plan.stays),
            "script": pack(plan.script),
        }
        texts = ", ".join(quote_string(v) if isinstance(v, str) else str(v) for v in values.values())
        self.connection.execute(
            f"INSERT INTO {self.table} (started_at, {', '.join(values)}) SELECT CURRENT_TIMESTAMP(), {texts}"
        )
        return row_id

    def end(self, row_id: str, outcome: str, sent: int, message: str = "") -> None:
        """Complete the row of an apply."""
        self.connection.execute(
            f"UPDATE {self.table} SET finished_at = CURRENT_TIMESTAMP(), outcome = {quote_string(outcome)},"
            f" sent = {sent}, message = {quote_string(redact(message))} WHERE id = {quote_string(row_id)}"
        )

    def settle(self, plan: Plan) -> None:
        """Note that what is deployed now is what was sent; and, unless that was a part, nothing is elsewhere."""
        schemas = schemas_of(plan.script) if plan.part is None else plan.note.schemas | schemas_of(plan.script)
        self._note(Note(schemas, server_time(self.connection)))

    def _note(self, note: Note) -> None:
        self.connection.execute(f"ALTER TABLE {self.table} SET COMMENT = {quote_string(write_note(note))}")

    def read(self, limit: int = 50) -> tuple[Deployment, ...]:
        """The last deployments of this project and target, newest first; none when there is no table yet."""
        sql = f"SELECT {_LISTED} FROM {self.table} ORDER BY started_at DESC LIMIT {limit}"
        rows = rows_if_there(self.connection, sql) or ()
        return tuple(map(_deployment, rows))

    def script(self, row_id: str) -> Script:
        """The script of a deployment. Raises NeveError for an unknown id."""
        sql = f"SELECT script FROM {self.table} WHERE id = {quote_string(row_id)}"
        rows = rows_if_there(self.connection, sql)
        if not rows or not rows[0]["script"]:
            raise NeveError(f"there is no script of a deployment {row_id!r}", "neve deployments")
        return unpack(rows[0]["script"])

    def last_script(self) -> Script | None:
        """The script that was applied last and to its end; None when there is none."""
        done = next((deployment.id for deployment in self.read() if deployment.outcome == "done"), None)
        return self.script(done) if done else None

    def past(self) -> Past | None:
        """Who stands still because of an unfinished apply, and who because of somebody; None without a history."""
        deployments = self.read()
        left: dict[str, datetime | None] = {}
        for deployment in deployments:
            if deployment.outcome == "done":
                break
            left = {**dict.fromkeys(deployment.resumes, deployment.finished_at), **left}
        return Past(left, frozenset(deployments[0].stays)) if deployments else None


def _deployment(row: Row) -> Deployment:
    return Deployment(
        id=row["id"],
        started_at=utc(row["started_at"]),
        finished_at=utc(row["finished_at"]),
        who=row["who"],
        host=row["host"],
        revision=row["revision"] or "",
        fingerprint=row["fingerprint"],
        statements=int(row["statements"]),
        sent=int(row["sent"]),
        outcome=row["outcome"],
        message=row["message"] or "",
        resumes=tuple(json.loads(row["resumes"] or "[]")),
        stays=tuple(json.loads(row["stays"] or "[]")),
    )


def fingerprint(script: Script) -> str:
    """What tells one script from another."""
    import hashlib

    return hashlib.sha256(script.text.encode()).hexdigest()[:12]


def pack(script: Script) -> str:
    """A script as a short text; "" when it is too long even so."""
    data = [[getattr(statement, name) for name in _KEPT] for statement in script.statements]
    packed = base64.b64encode(zlib.compress(json.dumps([script.text, data]).encode(), 9)).decode()
    return packed if len(packed) <= _MOST_PACKED else ""


def unpack(text: str) -> Script:
    """The script that was packed; without its maps to the files of then."""
    script_text, data = json.loads(zlib.decompress(base64.b64decode(text)))
    return Script(tuple(_statements(data)), script_text)


def _statements(data: Iterable[Sequence[Any]]) -> Iterable[ScriptStatement]:
    for values in data:
        yield ScriptStatement(**dict(zip(_KEPT, values, strict=True)))
