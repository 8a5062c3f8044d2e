"""Databases and schemas: one DuckDB file for each database, attached under its name."""

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from neve.local.store import Store

if TYPE_CHECKING:
    import duckdb

    from neve.local.session import Session

SCHEMA = """
CREATE TABLE IF NOT EXISTS containers (
    database TEXT NOT NULL, schema TEXT NOT NULL, created_on TEXT NOT NULL, comment TEXT, transient INTEGER NOT NULL,
    PRIMARY KEY (database, schema)
);
"""


class Databases:
    """The files of a folder as databases. A database's own row in `containers` has an empty schema."""

    def __init__(self, duck: "duckdb.DuckDBPyConnection", folder: Path, store: Store) -> None:
        self._duck, self._folder, self._store = duck, folder, store
        self._names: set[str] = set()
        self._lock = threading.Lock()

    def attach_all(self) -> None:
        for file in sorted(self._folder.glob("*.duckdb")):
            self._attach(unquote(file.stem))

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def names(self) -> list[str]:
        return sorted(self._names)

    def has_schema(self, session: "Session", database: str, schema: str) -> bool:
        """Whether the session sees this schema."""
        if database not in self._names:
            return False
        if schema == "INFORMATION_SCHEMA":
            return True
        sql = "SELECT 1 FROM duckdb_schemas() WHERE database_name = ? AND schema_name = ?"
        return bool(session.fetch(sql, [database, schema]))

    def schemas(self, session: "Session", database: str) -> list[str]:
        """The database's schemas, without INFORMATION_SCHEMA."""
        sql = (
            "SELECT schema_name FROM duckdb_schemas()"
            " WHERE database_name = ? AND NOT internal AND schema_name != 'main'"
        )
        return sorted(name for (name,) in session.fetch(sql, [database]))

    def create(self, name: str, comment: str | None, *, transient: bool) -> bool:
        """A database with the schema PUBLIC; False when there is one of this name."""
        with self._lock:
            if name in self._names:
                return False
            self._attach(name)
            self._cursor().execute(f"CREATE SCHEMA IF NOT EXISTS {_duck_name(name)}.PUBLIC")
            self.remember(name, "", comment, transient=transient)
            self.remember(name, "PUBLIC", None, transient=transient)
            return True

    def drop(self, name: str) -> None:
        with self._lock:
            self._cursor().execute(f"DETACH {_duck_name(name)}")
            self._names.discard(name)
            for file in (self._file(name), self._file(name).with_suffix(".duckdb.wal")):
                file.unlink(missing_ok=True)
            with self._store.transaction() as db:
                db.execute("DELETE FROM containers WHERE database = ?", (name,))

    def remember(self, database: str, schema: str, comment: str | None, *, transient: bool) -> None:
        now = datetime.now(UTC).isoformat()
        with self._store.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO containers VALUES (?, ?, ?, ?, ?)", (database, schema, now, comment, transient)
            )

    def remember_clone(self, source: tuple[str, str], clone: tuple[str, str]) -> None:
        """A schema that was made as another is."""
        with self._store.transaction() as db:
            row = db.execute("SELECT * FROM containers WHERE database = ? AND schema = ?", source).fetchone()
        self.remember(*clone, row and row["comment"], transient=bool(row and row["transient"]))

    def comment(self, database: str, schema: str, comment: str | None) -> None:
        """Of a schema; of the database when `schema` is empty."""
        with self._store.transaction() as db:
            db.execute(
                "UPDATE containers SET comment = ? WHERE database = ? AND schema = ?", (comment, database, schema)
            )

    def forget_schema(self, database: str, schema: str) -> None:
        with self._store.transaction() as db:
            db.execute("DELETE FROM containers WHERE database = ? AND schema = ?", (database, schema))

    def _attach(self, name: str) -> None:
        path = str(self._file(name)).replace("'", "''")
        self._cursor().execute(f"ATTACH '{path}' AS {_duck_name(name)}")
        self._names.add(name)

    def _file(self, name: str) -> Path:
        return self._folder / f"{quote(name, safe='$')}.duckdb"

    def _cursor(self) -> "duckdb.DuckDBPyConnection":
        return self._duck.cursor()


def _duck_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
