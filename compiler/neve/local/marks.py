"""Marks of transactions that were committed: an id that the transaction itself writes, where it writes.

The store is committed after DuckDB. When the engine is killed in between, the mark tells that what the store has as
begun was done.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from neve.local.tables.names import quoted, text_literal
from neve.local.transactions import changes

if TYPE_CHECKING:
    import duckdb

    from neve.local.engine import Engine
    from neve.local.session import Session

_TABLE = "_neve_done"


@contextmanager
def marked(session: "Session", database: Callable[[], str | None]) -> Iterator[None]:
    """Runs a statement inside; when it is the last one of a task's body, it marks that it is done. In a transaction
    COMMIT does so.
    """
    mark = session.mark
    name = database() if mark or session.in_transaction else None
    if session.in_transaction:
        session.changed = name or session.changed
    if name is None or session.in_transaction or session.parameter("AUTOCOMMIT") == "false":
        yield
        return
    with changes(session):
        yield
        write(session, name, mark)
    session.mark = ""


def before_commit(session: "Session") -> None:
    """Marks the end of a body whose last statement is COMMIT."""
    if session.mark and session.changed:
        write(session, session.changed, session.mark)


@contextmanager
def unmarked(session: "Session") -> Iterator[str]:
    """What runs inside is a part of the statement only. Gives the mark, for the part that is the last one."""
    mark, session.mark = session.mark, ""
    try:
        yield mark
    finally:
        session.mark = mark


def write(session: "Session", database: str, mark: str) -> None:
    table = _table(database)
    session.fetch(f"CREATE TABLE IF NOT EXISTS {table} (mark VARCHAR)")
    session.fetch(f"INSERT INTO {table} VALUES ({text_literal(mark)})")


def read(engine: "Engine") -> frozenset[str]:
    cursor = engine.duck.cursor()
    return frozenset(
        mark for table in _tables(cursor) for (mark,) in cursor.execute(f"SELECT mark FROM {table}").fetchall()
    )


def forget(engine: "Engine", marks: Collection[str]) -> None:
    """Those that the store has caught up with."""
    cursor = engine.duck.cursor()
    for table in _tables(cursor) if marks else ():
        cursor.execute(f"DELETE FROM {table} WHERE mark IN ({', '.join(map(text_literal, marks))})")


def _tables(cursor: "duckdb.DuckDBPyConnection") -> list[str]:
    found = cursor.execute("SELECT database_name FROM duckdb_tables() WHERE table_name = ?", [_TABLE]).fetchall()
    return [_table(database) for (database,) in found]


def _table(database: str) -> str:
    return f"{quoted(database)}.main.{_TABLE}"
