"""The history of a table that streams follow: every version of every row, in a table beside it that nobody sees.

It lies in the schema `main` of the table's database, so one transaction changes both. A version was made by a
transaction (SINCE) and ended by one (UNTIL, empty while the row is as it was). A row keeps its id through its updates.
Which version a row of the table is, is told by its values: rows of the same values are as good as each other.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from neve.local.reader import Reader
from neve.local.sqltext import QualifiedName
from neve.local.tables.facts import read_table, write_table
from neve.local.tables.names import Place, quoted, text_literal

if TYPE_CHECKING:
    from neve.local.session import Session

ROW_ID, BORN, SINCE, UNTIL = map(quoted, ("METADATA$ROW_ID", "METADATA$BORN", "METADATA$SINCE", "METADATA$UNTIL"))
ALWAYS = ""
"""The transaction of the versions that were there when the history began."""

PREFIX = "_neve_history_"
_FACT = "history"
_BEFORE = "temp.main._neve_before"
_MAIN = "main"


@dataclass(frozen=True, slots=True)
class History:
    """`columns` are the table's, as DuckDB's text. Through a view they are its, and `shown` has the versions."""

    id: str
    table: QualifiedName
    columns: tuple[str, ...]
    shown: str = ""

    @property
    def rows(self) -> str:
        """The table, as DuckDB's text."""
        return ".".join(map(quoted, self.table))

    @property
    def versions(self) -> str:
        """The history's own table, or what shows it, as DuckDB's text."""
        return self.shown or ".".join(map(quoted, versions_at(self.table.database, self.id)))

    def of(self, alias: str) -> str:
        """The columns of an alias."""
        return ", ".join(f"{alias}.{column}" for column in self.columns)

    def same(self, one: str, other: str) -> str:
        """Whether two aliases have the same values."""
        return " AND ".join(f"{one}.{column} IS NOT DISTINCT FROM {other}.{column}" for column in self.columns)


def versions_at(database: str, history: str) -> QualifiedName:
    return QualifiedName(database, _MAIN, f"{PREFIX}{history}")


def begin(session: "Session", place: Place) -> History:
    """The history of a table, which begins now if it has none."""
    known = history_of(session, place.name)
    if known is not None:
        return known
    found = History(uuid.uuid4().hex, place.name, columns_of(session, place.name))
    session.fetch(
        f"CREATE TABLE {found.versions} AS SELECT sha1(uuid()::VARCHAR) AS {ROW_ID}, TRUE AS {BORN}, "
        f"{text_literal(ALWAYS)} AS {SINCE}, NULL::VARCHAR AS {UNTIL}, {found.of('t')} FROM {found.rows} t"
    )
    write_table(session, place, {_FACT: found.id})
    return found


def forget(session: "Session", history: str, database: str) -> None:
    """Ends a history that no stream needs any more."""
    table = table_with(session, history)
    session.fetch(f"DROP TABLE IF EXISTS {'.'.join(map(quoted, versions_at(database, history)))}")
    if table is not None:
        write_table(session, Place(table, table, "TABLE"), {_FACT: None})


def history_of(session: "Session", name: QualifiedName) -> History | None:
    """The history of a table; None when it has none, or is none."""
    known = read_table(session, Place(name, name, "TABLE")).get(_FACT)
    return History(known, name, columns_of(session, name)) if known else None


def history_with(session: "Session", history: str) -> History | None:
    """The history of this id; None when its table was dropped or replaced."""
    table = table_with(session, history)
    return None if table is None else History(history, table, columns_of(session, table))


def table_with(session: "Session", history: str) -> QualifiedName | None:
    """The table that has this history, whatever its name is by now."""
    found = session.fetch(
        "SELECT database_name, schema_name, table_name FROM duckdb_tables() WHERE contains(comment, ?)",
        [f'"{_FACT}": "{history}"'],
    )
    return QualifiedName(*found[0]) if found else None


def with_its_columns(session: "Session", place: Place, change: Reader) -> list[Place]:
    """What must get a change of a table's columns as well: the table of its history."""
    known = history_of(session, place.name) if _is_of_columns(change) else None
    if known is None:
        return []
    versions = versions_at(place.name.database, known.id)
    return [Place(versions, versions, "TABLE")]


def _is_of_columns(change: Reader) -> bool:
    words = {change.word(ahead) for ahead in range(len(change.tokens) - change.position)}
    retyped = change.word() in {"ALTER", "MODIFY"} and "TYPE" in words
    return retyped or change.sees("RENAME", "COLUMN") or change.word() in {"ADD", "DROP"}


def columns_of(session: "Session", name: QualifiedName) -> tuple[str, ...]:
    """The columns of a table or a view, as DuckDB's text."""
    found = session.fetch(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = ? AND schema_name = ? AND table_name = ?"
        " ORDER BY column_index",
        list(name),
    )
    return tuple(quoted(column) for (column,) in found)


@contextmanager
def recorded(session: "Session", history: History, transaction: str) -> Iterator[None]:
    """Writes what happens to the table inside into its history, as done by `transaction`; in one transaction of
    DuckDB's, within which the rows keep DuckDB's own row numbers through an UPDATE.
    """
    numbered = f"row_number() OVER (PARTITION BY {', '.join(history.columns)}) AS nth"
    session.fetch(
        f"CREATE OR REPLACE TEMP TABLE _neve_before AS SELECT t.place, v.{ROW_ID}, {history.of('t')} "
        f"FROM (SELECT rowid AS place, *, {numbered} FROM {history.rows}) t "
        f"JOIN (SELECT *, {numbered} FROM {history.versions} WHERE {UNTIL} IS NULL) v "
        f"ON t.nth = v.nth AND {history.same('t', 'v')}"
    )
    yield
    same, by = history.same("t", "b"), text_literal(transaction)
    session.fetch(
        f"UPDATE {history.versions} SET {UNTIL} = {by} WHERE {UNTIL} IS NULL AND {ROW_ID} NOT IN "
        f"(SELECT b.{ROW_ID} FROM {_BEFORE} b JOIN {history.rows} t ON t.rowid = b.place AND {same})"
    )
    session.fetch(
        f"INSERT INTO {history.versions} ({ROW_ID}, {BORN}, {SINCE}, {UNTIL}, {', '.join(history.columns)}) "
        f"SELECT coalesce(b.{ROW_ID}, sha1(uuid()::VARCHAR)), b.{ROW_ID} IS NULL, {by}, NULL, {history.of('t')} "
        f"FROM {history.rows} t LEFT JOIN {_BEFORE} b ON t.rowid = b.place "
        f"WHERE b.{ROW_ID} IS NULL OR NOT ({same})"
    )
    session.fetch(f"DROP TABLE {_BEFORE}")
