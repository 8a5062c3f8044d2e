"""Stored procedures and functions on disk: one row each, temporary ones with their session."""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from sqlite3 import Row
from typing import TYPE_CHECKING, Any

from neve.local.procedures.routine import Kind, Parameter, Routine
from neve.local.sqltext import QualifiedName
from neve.local.types import SqlType

if TYPE_CHECKING:
    from neve.local.engine import Engine
    from neve.local.session import Session
    from neve.local.store import Store

SCHEMA = """
CREATE TABLE IF NOT EXISTS routine (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, database TEXT NOT NULL, schema TEXT NOT NULL, name TEXT NOT NULL,
    signature TEXT NOT NULL, session INTEGER, owner TEXT NOT NULL, created_on TEXT NOT NULL, definition TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS routine_name ON routine (kind, name, schema, database);
DELETE FROM routine WHERE session IS NOT NULL;
"""
"""Temporary routines of an engine that is gone went with it."""
_KINDS: tuple[Kind, ...] = ("PROCEDURE", "FUNCTION")


@dataclass(frozen=True, slots=True)
class Stored:
    """A routine and what the catalog knows of it; `session` is the id of the session it is temporary in."""

    id: str
    name: QualifiedName
    routine: Routine
    owner: str
    created_on: datetime
    session: int | None

    @property
    def signature(self) -> str:
        return signature(parameter.type for parameter in self.routine.parameters)


def signature(types: Iterable[SqlType]) -> str:
    """Argument types as they tell overloads apart: without lengths and precisions."""
    return f"({', '.join(map(plain, types))})"


def plain(sql_type: SqlType) -> str:
    """A type's name alone: NUMBER, VARCHAR, FLOAT, TIMESTAMP_NTZ …"""
    return str(sql_type).partition("(")[0]


def save(session: "Session", name: QualifiedName, routine: Routine, *, temporary: bool) -> Stored:
    """Store `routine`, in place of what has its name and argument types."""
    owned = session.id if temporary else None
    stored = Stored(str(uuid.uuid4()), name, routine, session.role, datetime.now(UTC), owned)
    with session.engine.store.transaction() as db:
        if existing := find(session, routine.kind, name, stored.signature):
            db.execute("DELETE FROM routine WHERE id = ?", (existing.id,))
        row = (stored.id, routine.kind, *name, stored.signature, owned, stored.owner, stored.created_on.isoformat())
        db.execute(f"INSERT INTO routine VALUES ({', '.join('?' * 10)})", (*row, json.dumps(asdict(routine))))
    return stored


def find(session: "Session", kind: Kind, name: QualifiedName, types: str) -> Stored | None:
    """The one with exactly this signature."""
    return next((stored for stored in overloads(session, kind, name) if stored.signature == types), None)


def overloads(session: "Session", kind: Kind, name: QualifiedName) -> list[Stored]:
    """All of that name; a temporary one hides the stored one of the same signature."""
    with session.engine.store.transaction() as db:
        rows = db.execute(
            "SELECT * FROM routine WHERE kind = ? AND database = ? AND schema = ? AND name = ?"
            " AND (session IS NULL OR session = ?) ORDER BY session IS NULL DESC, created_on",
            (kind, *name, session.id),
        ).fetchall()
    return list({stored.signature: stored for stored in map(_stored, rows)}.values())


def is_called(session: "Session", name: QualifiedName) -> bool:
    """Whether a function or a procedure has the name."""
    return any(overloads(session, kind, name) for kind in _KINDS)


def has_routines(session: "Session") -> bool:
    """Whether there is anything that a query can call: asked by every query."""
    with session.engine.store.transaction() as db:
        return db.execute("SELECT 1 FROM routine LIMIT 1").fetchone() is not None


def listed(session: "Session", kind: Kind) -> list[Stored]:
    """Everything of that kind which the session sees, by name."""
    with session.engine.store.transaction() as db:
        rows = db.execute(
            "SELECT * FROM routine WHERE kind = ? AND (session IS NULL OR session = ?)"
            " ORDER BY database, schema, name, signature",
            (kind, session.id),
        ).fetchall()
    return list(map(_stored, rows))


def drop(session: "Session", stored: Stored) -> None:
    with session.engine.store.transaction() as db:
        db.execute("DELETE FROM routine WHERE id = ?", (stored.id,))


def drop_schema(engine: "Engine", database: str, schema: str) -> None:
    """Forget the routines of a schema that was dropped."""
    with engine.store.transaction() as db:
        db.execute("DELETE FROM routine WHERE database = ? AND schema = ?", (database, schema))


def cloned(session: "Session", places: Mapping[tuple[str, str], tuple[str, str]]) -> None:
    """The routines of schemas that are copied, by database and name, for those that the copies are in."""
    for kind in _KINDS:
        for stored in listed(session, kind):
            target = places.get((stored.name.database, stored.name.schema))
            if target is not None and stored.session is None:
                save(session, QualifiedName(*target, stored.name.name), stored.routine, temporary=False)


def drop_temporary(engine: "Engine", session: int) -> None:
    """Forget what was temporary in a session that is closed."""
    with engine.store.transaction() as db:
        db.execute("DELETE FROM routine WHERE session = ?", (session,))


def python_code(store: "Store") -> list[Routine]:
    """The routines in Python, for what they import."""
    with store.transaction() as db:
        rows = db.execute("SELECT * FROM routine").fetchall()
    return [stored.routine for stored in map(_stored, rows) if stored.routine.language == "PYTHON"]


def _stored(row: Row) -> Stored:
    name = QualifiedName(row["database"], row["schema"], row["name"])
    created_on = datetime.fromisoformat(row["created_on"])
    routine = _routine(json.loads(row["definition"]))
    return Stored(row["id"], name, routine, row["owner"], created_on, row["session"])


def _routine(data: dict[str, Any]) -> Routine:
    """The Routine of which `data` is the asdict() in JSON."""
    returns = SqlType(**data["returns"]) if data["returns"] else None
    pairs = {name: tuple(map(_parameter, data[name])) for name in ("parameters", "columns")}
    lists = {name: tuple(data[name]) for name in ("packages", "imports")}
    return Routine(**(data | pairs | lists | {"returns": returns}))


def _parameter(data: dict[str, Any]) -> Parameter:
    return Parameter(data["name"], SqlType(**data["type"]), data["default"], data.get("out", False))
