"""Which files a table has taken: a file is not loaded twice, unless it changed or COPY INTO has FORCE.

As on Snowflake this goes with the table: one that is replaced or truncated takes its files again.
"""

import hashlib
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from neve.local import marks
from neve.local.errors import not_exist
from neve.local.result import Column, Result, from_rows
from neve.local.sqltext import QualifiedName, parse_name, resolve
from neve.local.tables.facts import read_table
from neve.local.tables.names import need
from neve.local.transactions import changes
from neve.local.types import NUMBER, TEXT, TIMESTAMP_LTZ, SqlType

if TYPE_CHECKING:
    from sqlite3 import Row

    from neve.local.engine import Engine
    from neve.local.session import Session

_FACTS = """
    born TEXT NOT NULL, database TEXT NOT NULL, schema TEXT NOT NULL, name TEXT NOT NULL, file TEXT NOT NULL,
    digest TEXT NOT NULL, stage TEXT NOT NULL, size INTEGER NOT NULL, at TEXT NOT NULL, status TEXT NOT NULL,
    parsed INTEGER NOT NULL, loaded INTEGER NOT NULL, errors INTEGER NOT NULL, message TEXT
"""
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS loads ({_FACTS});
CREATE INDEX IF NOT EXISTS loads_born ON loads (born, file);
CREATE TABLE IF NOT EXISTS loads_begun ({_FACTS}, mark TEXT NOT NULL);
"""
"""What is begun holds once the transaction with its mark is committed."""


@dataclass(frozen=True, slots=True)
class Load:
    """What became of one file; `shown` is its path as LIST shows it, `line` the first error's."""

    file: Path
    shown: str
    parsed: int
    loaded: int
    errors: int = 0
    message: str | None = None
    line: int | None = None

    @property
    def status(self) -> str:
        if not self.errors:
            return "LOADED"
        return "PARTIALLY_LOADED" if self.loaded else "LOAD_FAILED"


def born(session: "Session", table: QualifiedName) -> str:
    """What tells a table from all others of its name. Raises SqlError 2003."""
    return str(read_table(session, need(session, table)).get("created_on", ""))


def digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def not_yet(session: "Session", table: QualifiedName, files: Iterable[Path]) -> list[Path]:
    """The files that the table has not taken as they are now."""
    with session.engine.store.transaction() as db:
        rows = db.execute("SELECT file, digest FROM loads WHERE born = ? AND loaded > 0", (born(session, table),))
        known = {(row["file"], row["digest"]) for row in rows}
    return [file for file in files if (str(file), digest(file)) not in known]


def remember(session: "Session", table: QualifiedName, done: Iterable[Load]) -> None:
    rows = _facts(session, table, done)
    with session.engine.store.transaction() as db:
        db.executemany(f"INSERT INTO loads VALUES ({', '.join('?' * 14)})", rows)


@contextmanager
def remembered(session: "Session", table: QualifiedName, done: Sequence[Load]) -> Iterator[None]:
    """Puts rows in inside. That their files are taken holds from the same commit on, also after a kill."""
    mark, rows, engine = uuid.uuid4().hex, _facts(session, table, done), session.engine
    try:
        with changes(session):
            yield
            marks.write(session, table.database, mark)
            with engine.store.transaction() as db:
                db.executemany(
                    f"INSERT INTO loads_begun VALUES ({', '.join('?' * 15)})", [(*row, mark) for row in rows]
                )
    except BaseException:
        _settle(engine, mark, holds=False)
        raise
    _settle(engine, mark, holds=True)


def recover(engine: "Engine", done: Collection[str]) -> None:
    """What a killed engine had begun: it holds where the mark says so."""
    with engine.store.transaction() as db:
        begun = [mark for (mark,) in db.execute("SELECT DISTINCT mark FROM loads_begun").fetchall()]
    for mark in begun:
        _settle(engine, mark, holds=mark in done)


def _settle(engine: "Engine", mark: str, *, holds: bool) -> None:
    columns = ", ".join(fact.split()[0] for fact in _FACTS.split(","))
    with engine.store.transaction() as db:
        if holds:
            db.execute(f"INSERT INTO loads SELECT {columns} FROM loads_begun WHERE mark = ?", (mark,))
        db.execute("DELETE FROM loads_begun WHERE mark = ?", (mark,))


def _facts(session: "Session", table: QualifiedName, done: Iterable[Load]) -> list[tuple[object, ...]]:
    now, identity = datetime.now(UTC).isoformat(), born(session, table)
    return [
        (identity, *table, str(load.file), digest(load.file), load.shown, load.file.stat().st_size, now, load.status,
         load.parsed, load.loaded, load.errors, load.message)
        for load in done
    ]  # fmt: skip


def forget(session: "Session", table: QualifiedName) -> None:
    """The table was emptied."""
    with session.engine.store.transaction() as db:
        db.execute("DELETE FROM loads WHERE born = ?", (born(session, table),))


def drop_schema(engine: "Engine", database: str, schema: str) -> None:
    """What was loaded in a schema that is gone."""
    with engine.store.transaction() as db:
        db.execute("DELETE FROM loads WHERE database = ? AND schema = ?", (database, schema))


# History ----------------------------------------------------------------------------------------------
_STATUSES = {"LOADED": "Loaded", "PARTIALLY_LOADED": "Partially loaded", "LOAD_FAILED": "Load failed"}
_COPY_HISTORY: tuple[tuple[str, SqlType], ...] = (
    ("FILE_NAME", TEXT), ("STAGE_LOCATION", TEXT), ("LAST_LOAD_TIME", TIMESTAMP_LTZ), ("ROW_COUNT", NUMBER),
    ("ROW_PARSED", NUMBER), ("FILE_SIZE", NUMBER), ("FIRST_ERROR_MESSAGE", TEXT), ("ERROR_COUNT", NUMBER),
    ("STATUS", TEXT), ("TABLE_CATALOG_NAME", TEXT), ("TABLE_SCHEMA_NAME", TEXT), ("TABLE_NAME", TEXT),
)  # fmt: skip
_LOAD_HISTORY: tuple[tuple[str, SqlType], ...] = (
    ("SCHEMA_NAME", TEXT), ("FILE_NAME", TEXT), ("TABLE_NAME", TEXT), ("LAST_LOAD_TIME", TIMESTAMP_LTZ),
    ("STATUS", TEXT), ("ROW_COUNT", NUMBER), ("ROW_PARSED", NUMBER), ("FIRST_ERROR_MESSAGE", TEXT),
    ("ERROR_COUNT", NUMBER),
)  # fmt: skip


def copy_history(session: "Session", arguments: Mapping[str, object]) -> Result:
    """INFORMATION_SCHEMA.COPY_HISTORY(TABLE_NAME => …, START_TIME => … [, END_TIME => …])."""
    name = resolve(session, parse_name(str(arguments.get("TABLE_NAME", arguments.get("1")))))
    rows = [
        {**_told(row), "STATUS": _STATUSES[row["status"]]}
        for row in _rows(session, name.database)
        if (row["schema"], row["name"]) == name[1:]
        and _within(row["at"], arguments.get("START_TIME"), arguments.get("END_TIME"))
    ]
    return _result(_COPY_HISTORY, rows)


def load_history(session: "Session", database: str) -> Result:
    """The view LOAD_HISTORY of INFORMATION_SCHEMA."""
    return _result(_LOAD_HISTORY, [_told(row) for row in _rows(session, database)])


def _within(at: str, first: object, last: object) -> bool:
    moment = datetime.fromisoformat(at)
    return all(
        not isinstance(bound, datetime) or sign * (moment - _aware(bound)).total_seconds() >= 0
        for bound, sign in ((first, 1), (last, -1))
    )


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _rows(session: "Session", database: str) -> Iterator["Row"]:
    if database not in session.engine.databases:
        raise not_exist("Database", database)
    with session.engine.store.transaction() as db:
        yield from db.execute("SELECT * FROM loads WHERE database = ? ORDER BY at, file", (database,)).fetchall()


def _told(row: "Row") -> dict[str, object]:
    return {
        "FILE_NAME": row["stage"].partition("/")[2],
        "STAGE_LOCATION": row["stage"].partition("/")[0],
        "LAST_LOAD_TIME": datetime.fromisoformat(row["at"]),
        "ROW_COUNT": row["loaded"],
        "ROW_PARSED": row["parsed"],
        "FILE_SIZE": row["size"],
        "FIRST_ERROR_MESSAGE": row["message"],
        "ERROR_COUNT": row["errors"],
        "STATUS": row["status"],
        "TABLE_CATALOG_NAME": row["database"],
        "TABLE_SCHEMA_NAME": row["schema"],
        "SCHEMA_NAME": row["schema"],
        "TABLE_NAME": row["name"],
    }


def _result(heads: tuple[tuple[str, SqlType], ...], rows: list[dict[str, object]]) -> Result:
    return from_rows([Column(*head) for head in heads], [tuple(row[name] for name, _ in heads) for row in rows])


TABLE_FUNCTIONS = {"COPY_HISTORY": copy_history}
VIEWS = {"LOAD_HISTORY": load_history}
