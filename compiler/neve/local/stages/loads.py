"""Which files a table has taken: a file is not loaded twice, unless it changed or COPY INTO has FORCE.

As on Snowflake this goes with the table: one that is replaced or truncated takes its files again. It is written into
the table's own database, by the transaction that takes the files: what is rolled back was not taken.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neve.local.errors import no_database
from neve.local.result import Column, Result, from_rows
from neve.local.sqltext import QualifiedName, parse_name, resolve
from neve.local.tables.facts import read_table
from neve.local.tables.names import need, quoted
from neve.local.tasks.arguments import instant, named
from neve.local.types import NUMBER, TEXT, TIMESTAMP_LTZ, SqlType

if TYPE_CHECKING:
    from neve.local.engine import Engine
    from neve.local.session import Session

_TABLE = "_neve_loads"
_COLUMNS = (
    "born VARCHAR, schema VARCHAR, name VARCHAR, file VARCHAR, digest VARCHAR, stage VARCHAR, size BIGINT, "
    "loaded_at TIMESTAMPTZ, status VARCHAR, parsed BIGINT, loaded BIGINT, errors BIGINT, error_limit BIGINT, "
    "message VARCHAR, line BIGINT"
)


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
    limit: int = 1

    @property
    def status(self) -> str:
        if not self.errors:
            return "LOADED"
        return "PARTIALLY_LOADED" if self.loaded else "LOAD_FAILED"


def born(session: "Session", table: QualifiedName) -> str:
    """What tells a table from all others of its name. Raises SqlError 2003."""
    return str(read_table(session, need(session, table)).get("created_on", ""))


def not_yet(session: "Session", table: QualifiedName, files: Mapping[Path, str]) -> dict[Path, str]:
    """The files, by what their content is, that the table has not taken as they are now."""
    sql = "SELECT file, digest FROM {} WHERE born = ? AND loaded > 0"
    known = set(_fetch(session, table.database, sql, [born(session, table)]))
    return {file: digest for file, digest in files.items() if (str(file), digest) not in known}


def remember(session: "Session", table: QualifiedName, done: Iterable[Load], digests: Mapping[Path, str]) -> None:
    identity, loads = born(session, table), _name(table.database)
    session.fetch(f"CREATE TABLE IF NOT EXISTS {loads} ({_COLUMNS})")
    for load in done:
        row = (identity, *table[1:], str(load.file), digests[load.file], load.shown, load.file.stat().st_size,
               session.engine.clock.now(), load.status, load.parsed, load.loaded, load.errors, load.limit, load.message,
               load.line)  # fmt: skip
        session.fetch(f"INSERT INTO {loads} VALUES ({', '.join('?' * len(row))})", row)


def forget(session: "Session", table: QualifiedName) -> None:
    """The table was emptied."""
    if _is_there(session, table.database):
        session.fetch(f"DELETE FROM {_name(table.database)} WHERE born = ?", [born(session, table)])


def drop_schema(engine: "Engine", database: str, schema: str) -> None:
    """What was loaded in a schema that is gone."""
    if database in engine.databases:
        session = engine.open_session()
        if _is_there(session, database):
            session.fetch(f"DELETE FROM {_name(database)} WHERE schema = ?", [schema])
        session.close()


def _name(database: str) -> str:
    return f"{quoted(database)}.main.{_TABLE}"


def _is_there(session: "Session", database: str) -> bool:
    sql = "SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'main' AND table_name = ?"
    return bool(session.fetch(sql, [database, _TABLE]))


def _fetch(session: "Session", database: str, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """`{}` of the query is the table; no rows when there is none."""
    return session.fetch(sql.format(_name(database)), parameters) if _is_there(session, database) else []


# History ----------------------------------------------------------------------------------------------
_STATUSES = {"LOADED": "Loaded", "PARTIALLY_LOADED": "Partially loaded", "LOAD_FAILED": "Load failed"}
_COPY_HISTORY: tuple[tuple[str, SqlType], ...] = (
    ("FILE_NAME", TEXT), ("STAGE_LOCATION", TEXT), ("LAST_LOAD_TIME", TIMESTAMP_LTZ), ("ROW_COUNT", NUMBER),
    ("ROW_PARSED", NUMBER), ("FILE_SIZE", NUMBER), ("FIRST_ERROR_MESSAGE", TEXT), ("FIRST_ERROR_LINE_NUMBER", NUMBER),
    ("FIRST_ERROR_CHARACTER_POS", NUMBER), ("FIRST_ERROR_COLUMN_NAME", TEXT), ("ERROR_COUNT", NUMBER),
    ("ERROR_LIMIT", NUMBER), ("STATUS", TEXT), ("TABLE_CATALOG_NAME", TEXT), ("TABLE_SCHEMA_NAME", TEXT),
    ("TABLE_NAME", TEXT), ("PIPE_CATALOG_NAME", TEXT), ("PIPE_SCHEMA_NAME", TEXT), ("PIPE_NAME", TEXT),
    ("PIPE_RECEIVED_TIME", TIMESTAMP_LTZ),
)  # fmt: skip
_LOAD_HISTORY: tuple[tuple[str, SqlType], ...] = (
    ("SCHEMA_NAME", TEXT), ("FILE_NAME", TEXT), ("TABLE_NAME", TEXT), ("LAST_LOAD_TIME", TIMESTAMP_LTZ),
    ("STATUS", TEXT), ("ROW_COUNT", NUMBER), ("ROW_PARSED", NUMBER), ("FIRST_ERROR_MESSAGE", TEXT),
    ("FIRST_ERROR_LINE_NUMBER", NUMBER), ("FIRST_ERROR_CHARACTER_POSITION", NUMBER), ("FIRST_ERROR_COL_NAME", TEXT),
    ("ERROR_COUNT", NUMBER), ("ERROR_LIMIT", NUMBER),
)  # fmt: skip


def copy_history(session: "Session", arguments: Mapping[str, object]) -> Result:
    """INFORMATION_SCHEMA.COPY_HISTORY(TABLE_NAME => …, START_TIME => … [, END_TIME => …])."""
    arguments = named("COPY_HISTORY", arguments, ("TABLE_NAME", "START_TIME", "END_TIME"))
    name = resolve(session, parse_name(str(arguments.get("TABLE_NAME"))))
    first, last = instant(arguments, "START_TIME", None), instant(arguments, "END_TIME", None)
    rows = [
        {**_told(row), "STATUS": _STATUSES[row["status"]]}
        for row in _rows(session, name.database)
        if (row["schema"], row["name"]) == name[1:]
        and (first is None or row["loaded_at"] >= first)
        and (last is None or row["loaded_at"] <= last)
    ]
    return _result(_COPY_HISTORY, rows)


def load_history(session: "Session", database: str) -> Result:
    """The view LOAD_HISTORY of INFORMATION_SCHEMA."""
    return _result(_LOAD_HISTORY, [_told(row) for row in _rows(session, database)])


def _rows(session: "Session", database: str) -> Iterator[dict[str, Any]]:
    if database not in session.engine.databases:
        raise no_database(database)
    names = [column.split()[0] for column in _COLUMNS.split(", ")]
    for row in _fetch(session, database, f"SELECT {', '.join(names)} FROM {{}} ORDER BY loaded_at, file"):
        yield {"database": database, **dict(zip(names, row, strict=True))}


def _told(row: Mapping[str, Any]) -> dict[str, object]:
    return {
        "FILE_NAME": row["stage"].partition("/")[2],
        "STAGE_LOCATION": row["stage"].partition("/")[0],
        "LAST_LOAD_TIME": row["loaded_at"],
        "ROW_COUNT": row["loaded"],
        "ROW_PARSED": row["parsed"],
        "FILE_SIZE": row["size"],
        "FIRST_ERROR_MESSAGE": row["message"],
        "FIRST_ERROR_LINE_NUMBER": row["line"],
        "ERROR_COUNT": row["errors"],
        "ERROR_LIMIT": row["error_limit"],
        "STATUS": row["status"],
        "TABLE_CATALOG_NAME": row["database"],
        "TABLE_SCHEMA_NAME": row["schema"],
        "SCHEMA_NAME": row["schema"],
        "TABLE_NAME": row["name"],
    }


def _result(heads: tuple[tuple[str, SqlType], ...], rows: list[dict[str, object]]) -> Result:
    return from_rows([Column(*head) for head in heads], [tuple(row.get(name) for name, _ in heads) for row in rows])


TABLE_FUNCTIONS = {"COPY_HISTORY": copy_history}
VIEWS = {"LOAD_HISTORY": load_history}
