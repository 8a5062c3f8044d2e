"""A table made as another is, with or without its rows."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from neve.local.sqltext import QualifiedName
from neve.local.tables.facts import read_columns, read_table, write_column, write_table
from neve.local.tables.names import Place, need, quoted
from neve.local.tables.sequences import counting, duck_name, following

if TYPE_CHECKING:
    from neve.local.session import Session

Moved = Callable[[QualifiedName], QualifiedName]
_NEXT = re.compile(r"nextval\('((?:[^']|'')*)'\)")
_PART = re.compile(r'"((?:[^"]|"")*)"')
_KEPT = ("keys", "cluster_by")
_ROWS = "_neve_rows_of_model"


def make(place: Place) -> str:
    """The start of the statement that makes the table, in place of what has its name."""
    temporary = "TEMP " if place.stored.database == "temp" else ""
    return f"CREATE OR REPLACE {temporary}TABLE {place.sql}"


@dataclass(frozen=True, slots=True)
class _Copying:
    """`moved` tells which sequence takes the place of one that a default names."""

    session: "Session"
    model: Place
    place: Place
    rows: bool
    moved: Moved

    def default(self, column: str, default: str, told: Mapping[str, Any]) -> str:
        if "identity" in told:
            return self._own_sequence(column, default, told["identity"])
        return _NEXT.sub(lambda call: _next(self.moved(_sequence(call[1]))), default)

    def _own_sequence(self, column: str, default: str, identity: tuple[int, int]) -> str:
        """AUTOINCREMENT goes on where the rows end."""
        start, step = identity
        called = _NEXT.search(default)
        if self.rows and called:
            start = following(self.session, _sequence(called[1]))
        name = identity_sequence(self.place, column)
        self.session.fetch(f"CREATE SEQUENCE {duck_name(name)} {counting(start, step)}")
        return _next(name)


def copy(session: "Session", model: Place, place: Place, *, rows: bool, moved: Moved = lambda name: name) -> None:
    """The columns with their facts, the keys, and perhaps the rows; `moved` names the sequences of defaults."""
    facts, copied = read_columns(session, model), read_table(session, model)
    columns = ", ".join(_definitions(_Copying(session, model, place, rows, moved), facts))
    kept = f"temp.main.{_ROWS}" if rows and model.stored == place.stored else ""
    if kept:  # the copy takes the place of its model
        session.fetch(f"CREATE OR REPLACE TEMP TABLE {kept} AS SELECT * FROM {model.sql}")
    session.fetch(f"{make(place)} ({columns})")
    if rows:
        session.fetch(f"INSERT INTO {place.sql} SELECT * FROM {kept or model.sql}")
    if kept:
        session.fetch(f"DROP TABLE {kept}")
    for column, told in facts.items():
        write_column(session, place, column, told)
    write_table(session, place, {name: copied[name] for name in _KEPT if name in copied})


def _definitions(copying: _Copying, facts: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    found = copying.session.fetch(
        "SELECT column_name, data_type, is_nullable, column_default FROM duckdb_columns()"
        " WHERE database_name = ? AND schema_name = ? AND table_name = ? ORDER BY column_index",
        list(copying.model.stored),
    )
    for name, kind, nullable, default in found:
        given = f" DEFAULT ({copying.default(name, default, facts.get(name, {}))})" if default else ""
        yield f"{quoted(name)} {kind}{'' if nullable else ' NOT NULL'}{given}"


@contextmanager
def scratch(session: "Session", table: QualifiedName) -> Iterator[QualifiedName]:
    """An empty table as this one is, of the session's own, while it is needed."""
    name = QualifiedName(table.database, table.schema, f"_neve_trial_{token_hex(4)}")
    place = Place(name, QualifiedName("temp", "main", name.name), "TABLE")
    copy(session, need(session, table), place, rows=False)
    session.temporary[name] = place.stored.name
    try:
        yield name
    finally:
        del session.temporary[name]
        session.fetch(f"DROP TABLE {place.sql}")


def identity_sequence(place: Place, column: str) -> QualifiedName:
    """A new name for the sequence of an AUTOINCREMENT column."""
    return QualifiedName(*place.stored[:2], f"_neve_{place.stored.name}_{column}_{token_hex(4)}")


def _next(name: QualifiedName) -> str:
    literal = duck_name(name).replace("'", "''")
    return f"nextval('{literal}')"


def _sequence(text: str) -> QualifiedName:
    """The sequence that DuckDB's `nextval` names."""
    return QualifiedName(*(part.replace('""', '"') for part in _PART.findall(text.replace("''", "'"))))
