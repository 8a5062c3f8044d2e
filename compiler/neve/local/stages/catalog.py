"""The stages and file formats that exist; temporary ones belong to their session."""

import json
import shutil
import sqlite3
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from neve.local.errors import already_exists
from neve.local.sqltext import QualifiedName

if TYPE_CHECKING:
    from neve.local.engine import Engine
    from neve.local.session import Session

SCHEMA = """
CREATE TABLE IF NOT EXISTS stages (
    database TEXT NOT NULL, schema TEXT NOT NULL, name TEXT NOT NULL, session INTEGER NOT NULL DEFAULT 0,
    folder TEXT NOT NULL, options TEXT NOT NULL, created_on TEXT NOT NULL,
    PRIMARY KEY (database, schema, name, session)
);
CREATE TABLE IF NOT EXISTS file_formats (
    database TEXT NOT NULL, schema TEXT NOT NULL, name TEXT NOT NULL, session INTEGER NOT NULL DEFAULT 0,
    options TEXT NOT NULL, created_on TEXT NOT NULL,
    PRIMARY KEY (database, schema, name, session)
);
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A stage or file format. `folder` is below the engine's `stages` (empty for a format); `session` 0: it stays."""

    name: QualifiedName
    options: Mapping[str, str]
    session: int
    created_on: datetime
    folder: str = ""


def find_stage(session: "Session", name: QualifiedName) -> Stored | None:
    """The stage of this name that the session sees: its own temporary one first."""
    return _find(session, "stages", name)


def find_format(session: "Session", name: QualifiedName) -> Stored | None:
    """The file format of this name that the session sees."""
    return _find(session, "file_formats", name)


def find_as(session: "Session", table: str, name: QualifiedName, *, temporary: bool) -> Stored | None:
    """The one of this name that is temporary, or the one that stays, whichever the session sees."""
    with session.engine.store.transaction() as db:
        row = db.execute(
            f"SELECT * FROM {table} WHERE database = ? AND schema = ? AND name = ? AND session = ?",
            (*name, session.id if temporary else 0),
        ).fetchone()
    return _stored(row) if row else None


def _find(session: "Session", table: str, name: QualifiedName) -> Stored | None:
    with session.engine.store.transaction() as db:
        row = db.execute(
            f"SELECT * FROM {table} WHERE database = ? AND schema = ? AND name = ? AND session IN (0, ?)"
            " ORDER BY session DESC",
            (*name, session.id),
        ).fetchone()
    return _stored(row) if row else None


def _stored(row: sqlite3.Row) -> Stored:
    return Stored(
        QualifiedName(row["database"], row["schema"], row["name"]),
        json.loads(row["options"]),
        row["session"],
        datetime.fromisoformat(row["created_on"]),
        row["folder"] if "folder" in row.keys() else "",  # noqa: SIM118 - a row is no mapping
    )


def add_stage(session: "Session", name: QualifiedName, options: Mapping[str, str], *, temporary: bool) -> None:
    """A new, empty stage."""
    folder = f"{name.name.lower()}-{uuid.uuid4().hex}" if name.name.isalnum() else uuid.uuid4().hex
    (session.engine.state / "stages" / folder).mkdir(parents=True)
    owner = session.id if temporary else 0
    with session.engine.store.transaction() as db:
        db.execute(
            "INSERT INTO stages VALUES (?, ?, ?, ?, ?, ?, ?)", (*name, owner, folder, json.dumps(options), _now())
        )


def add_format(session: "Session", name: QualifiedName, options: Mapping[str, str], *, temporary: bool) -> None:
    owner = session.id if temporary else 0
    with session.engine.store.transaction() as db:
        db.execute("INSERT INTO file_formats VALUES (?, ?, ?, ?, ?, ?)", (*name, owner, json.dumps(options), _now()))


def change(engine: "Engine", table: str, found: Stored, name: QualifiedName, options: Mapping[str, str]) -> None:
    """Another name or other options for a stage or file format. Raises SqlError when there is one of that name."""
    try:
        with engine.store.transaction() as db:
            db.execute(
                f"UPDATE {table} SET database = ?, schema = ?, name = ?, options = ?"
                " WHERE database = ? AND schema = ? AND name = ? AND session = ?",
                (*name, json.dumps(dict(options)), *found.name, found.session),
            )
    except sqlite3.IntegrityError as error:
        raise already_exists(name.name) from error


def _now() -> str:
    return datetime.now(UTC).isoformat()


def remove_stage(engine: "Engine", stage: Stored) -> None:
    """The stage and its files."""
    _forget(engine, "stages", stage)
    shutil.rmtree(engine.state / "stages" / stage.folder, ignore_errors=True)


def remove_format(engine: "Engine", found: Stored) -> None:
    _forget(engine, "file_formats", found)


def _forget(engine: "Engine", table: str, found: Stored) -> None:
    with engine.store.transaction() as db:
        db.execute(
            f"DELETE FROM {table} WHERE database = ? AND schema = ? AND name = ? AND session = ?",
            (*found.name, found.session),
        )


def all_of(engine: "Engine", table: str) -> list[Stored]:
    """Every row of `stages` or `file_formats`, in order."""
    with engine.store.transaction() as db:
        rows = db.execute(f"SELECT * FROM {table} ORDER BY database, schema, name, session").fetchall()
    return [_stored(row) for row in rows]


def drop_schema(engine: "Engine", database: str, schema: str) -> None:
    """What was in a schema that is gone."""
    for stage in all_of(engine, "stages"):
        if stage.name[:2] == (database, schema):
            remove_stage(engine, stage)
    for found in all_of(engine, "file_formats"):
        if found.name[:2] == (database, schema):
            remove_format(engine, found)


def move(engine: "Engine", old: tuple[str, str], new: tuple[str, str]) -> None:
    """The stages of a schema that has another name now."""
    with engine.store.transaction() as db:
        db.execute(
            "UPDATE stages SET database = ?, schema = ? WHERE database = ? AND schema = ? AND session = 0", (*new, *old)
        )


def cloned(session: "Session", places: Mapping[tuple[str, str], tuple[str, str]]) -> None:
    """The file formats of schemas that are copied, for those that the copies are in. As on Snowflake, stages that are
    internal are not copied.
    """
    for found in all_of(session.engine, "file_formats"):
        target = places.get((found.name.database, found.name.schema))
        if target is not None and not found.session:
            add_format(session, QualifiedName(*target, found.name.name), found.options, temporary=False)


def drop_temporary(engine: "Engine", session: int | None) -> None:
    """What a closed session owned; None: what any session owned, when the engine opens."""
    for stage in all_of(engine, "stages"):
        if stage.session and session in {None, stage.session}:
            remove_stage(engine, stage)
    for found in all_of(engine, "file_formats"):
        if found.session and session in {None, found.session}:
            remove_format(engine, found)
