"""ALTER TABLE … ADD, ALTER and DROP COLUMN."""

from typing import TYPE_CHECKING

from neve.local.errors import SqlError, compilation_error, invalid_identifier, unsupported
from neve.local.procedures.grammar import read_type
from neve.local.reader import Reader
from neve.local.schemas import columns
from neve.local.tables.columns import ColumnDefinition, definition
from neve.local.tables.facts import declared, write_column
from neve.local.tables.names import Place, quoted
from neve.local.types import SqlType, to_duck

if TYPE_CHECKING:
    from neve.local.session import Session


def add(session: "Session", place: Place, reader: Reader) -> None:
    """ADD [COLUMN] [IF NOT EXISTS] definition, …"""
    from sqlglot import exp

    from neve.local.translate.parse import parse

    tolerant = reader.take("IF", "NOT", "EXISTS")
    text = reader.text[reader.tokens[reader.position].start :]
    reader.position = len(reader.tokens)
    known = {column.name for column in columns(session, *place.stored)}
    made = parse(f"CREATE TABLE t ({text})").this
    if not isinstance(made, exp.Schema):
        raise compilation_error("ALTER TABLE … ADD needs columns.")
    for node in made.expressions:
        column = definition(session, node)
        if column.name not in known:
            _add(session, place, column)
        elif not tolerant:
            raise compilation_error(f"column '{column.name}' already exists", 1430, "42601")


def _add(session: "Session", place: Place, column: ColumnDefinition) -> None:
    """DuckDB adds no columns with NOT NULL: that is said afterwards."""
    if column.identity:
        raise unsupported("ALTER TABLE … ADD of a column with AUTOINCREMENT")
    needed = " NOT NULL" in column.sql
    session.fetch(f"ALTER TABLE {place.sql} ADD COLUMN {column.sql.replace(' NOT NULL', '')}")
    if needed:
        _not_null(session, place, column.name)
    if column.facts:
        write_column(session, place, column.name, column.facts)


def _not_null(session: "Session", place: Place, name: str) -> None:
    if session.fetch(f"SELECT 1 FROM {place.sql} WHERE {quoted(name)} IS NULL LIMIT 1"):
        raise SqlError(2393, "22000", f"SQL compilation error:\nColumn '{name}' contains null values. "
                       "Not null constraint cannot be added.")  # fmt: skip
    session.fetch(f"ALTER TABLE {place.sql} ALTER COLUMN {quoted(name)} SET NOT NULL")


def drop(session: "Session", place: Place, reader: Reader) -> None:
    """DROP [COLUMN] [IF EXISTS] name, …"""
    tolerant = "IF EXISTS " if reader.take("IF", "EXISTS") else ""
    while True:
        session.fetch(f"ALTER TABLE {place.sql} DROP COLUMN {tolerant}{quoted(reader.dotted()[0])}")
        if not reader.take(","):
            return


def alter(session: "Session", place: Place, reader: Reader) -> None:
    """ALTER | MODIFY [COLUMN] name change, [COLUMN] name change …, also all of them in parentheses."""
    inside = Reader(reader.text, reader.group().tokens) if reader.sees("(") else reader
    while not inside.at_end():
        inside.take("COLUMN")
        name = inside.name()
        kind = next((c.type for c in columns(session, *place.stored) if c.name == name), None)
        if kind is None:
            raise invalid_identifier(name)
        _change(session, place, name, kind, inside)
        if not inside.at_end():
            inside.expect(",")


def _change(session: "Session", place: Place, name: str, kind: SqlType, reader: Reader) -> None:
    column = f"ALTER TABLE {place.sql} ALTER COLUMN {quoted(name)}"
    if reader.take("SET", "NOT", "NULL") or reader.take("NOT", "NULL"):
        _not_null(session, place, name)
    elif reader.take("DROP", "NOT", "NULL"):
        session.fetch(f"{column} DROP NOT NULL")
    elif reader.take("DROP", "DEFAULT"):
        session.fetch(f"{column} DROP DEFAULT")
        write_column(session, place, name, {"default": None})
    elif reader.take("COMMENT"):
        write_column(session, place, name, {"comment": reader.string()})
    elif reader.take("UNSET", "COMMENT"):
        write_column(session, place, name, {"comment": None})
    elif reader.take("SET", "DATA", "TYPE") or reader.take("TYPE"):
        _retype(session, place, name, kind, read_type(reader))
    else:
        raise unsupported(f"ALTER TABLE … ALTER COLUMN … {' '.join(filter(None, (reader.word(), reader.word(1))))}")


def _retype(session: "Session", place: Place, name: str, old: SqlType, new: SqlType) -> None:
    """Text may get longer, numbers more digits."""
    reason = ""
    if old.kind != new.kind:
        reason = "it is another type"
    elif old.kind == "TEXT" and new.length < old.length:
        reason = "reducing the byte-length of a varchar is not supported"
    elif old.kind == "FIXED" and new.scale != old.scale:
        reason = "changing the scale of a number is not supported"
    if reason:
        raise compilation_error(
            f"cannot change column {name} from type {old} to {new} because {reason}.", 2108, "22000"
        )
    session.fetch(f"ALTER TABLE {place.sql} ALTER COLUMN {quoted(name)} SET DATA TYPE {to_duck(new)}")
    write_column(session, place, name, {"type": None, **declared(new)})
