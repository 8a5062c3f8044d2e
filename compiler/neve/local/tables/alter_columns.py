"""ALTER TABLE … ADD, ALTER and DROP COLUMN."""

from typing import TYPE_CHECKING

from neve.local.errors import (
    SqlError,
    already_exists,
    compilation_error,
    invalid_identifier,
    not_exist,
    unsupported,
    unsupported_feature,
)
from neve.local.procedures.grammar import read_type
from neve.local.reader import Reader
from neve.local.schemas import columns
from neve.local.sqltext import Statement, is_word, resolve
from neve.local.tables.columns import ColumnDefinition, definition
from neve.local.tables.facts import declared, read_columns, write_column
from neve.local.tables.names import Place, quoted
from neve.local.tables.room import is_wide
from neve.local.tables.sequences import duck_name
from neve.local.translate.places import placed
from neve.local.types import SqlType, to_duck

if TYPE_CHECKING:
    from neve.local.session import Session


def add(session: "Session", place: Place, reader: Reader) -> None:
    """ADD [COLUMN] [IF NOT EXISTS] definition, …"""
    from sqlglot import exp

    from neve.local.translate.parse import parse

    tolerant = reader.take("IF", "NOT", "EXISTS")
    if reader.at_end():
        raise reader.unexpected()
    text = reader.text[reader.offset :]
    reader.position = len(reader.tokens)
    known = _names(session, place)
    made = parse(f"CREATE TABLE t ({text})").this
    if not isinstance(made, exp.Schema):
        raise compilation_error("ALTER TABLE … ADD needs columns.")
    for node in made.expressions:
        column = definition(session, node)
        if column.name not in known:
            _add(session, place, column)
            known.add(column.name)
        elif not tolerant:
            raise compilation_error(f"column '{column.name}' already exists", 1430, "42601")


def _add(session: "Session", place: Place, column: ColumnDefinition) -> None:
    """DuckDB adds no columns with NOT NULL: that is said afterwards."""
    if column.identity:
        raise unsupported("ALTER TABLE … ADD of a column with AUTOINCREMENT")
    if not column.nullable and "default" not in column.facts and session.fetch(f"SELECT 1 FROM {place.sql} LIMIT 1"):
        raise _needs_default(place, column.name)
    session.fetch(f"ALTER TABLE {place.sql} ADD COLUMN {column.sql}")
    if not column.nullable:
        set_not_null(session, place, column.name)
    if column.facts:
        write_column(session, place, column.name, {**column.facts, "added": True})


def _needs_default(place: Place, name: str) -> SqlError:
    message = (
        f"Non-nullable column '{name}' cannot be added to non-empty table '{place.name.name}' "
        "unless it has a non-null default value."
    )
    return compilation_error(message, 2393, "22000", " ")


def rename(session: "Session", place: Place, reader: Reader) -> None:
    """RENAME COLUMN name TO name."""
    old = reader.dotted()[0]
    reader.expect("TO")
    new, known = reader.dotted()[0], _names(session, place)
    if old not in known:
        raise not_exist("Object", old)
    if new in known:
        raise already_exists(f"{place.name.name}.{new}")
    session.fetch(f"ALTER TABLE {place.sql} RENAME {quoted(old)} TO {quoted(new)}")


def _names(session: "Session", place: Place) -> set[str]:
    return {column.name for column in columns(session, *place.stored)}


def set_not_null(session: "Session", place: Place, name: str) -> None:
    """Raises SqlError 2393 when the column has a NULL."""
    if session.fetch(f"SELECT 1 FROM {place.sql} WHERE {quoted(name)} IS NULL LIMIT 1"):
        raise SqlError(2393, "22000", f"SQL compilation error:\nColumn '{name}' contains null values. "
                       "Not null constraint cannot be added.")  # fmt: skip
    session.fetch(f"ALTER TABLE {place.sql} ALTER COLUMN {quoted(name)} SET NOT NULL")


def drop(session: "Session", place: Place, reader: Reader) -> None:
    """DROP [COLUMN] [IF EXISTS] name, …"""
    tolerant = reader.take("IF", "EXISTS")
    while True:
        name = reader.dotted()[0]
        if name in _names(session, place):
            session.fetch(f"ALTER TABLE {place.sql} DROP COLUMN {quoted(name)}")
        elif not tolerant:
            raise compilation_error(f"column '{name}' does not exist", 904)
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
            raise placed(invalid_identifier(name), Statement(reader.text, tuple(reader.tokens)))
        _change(session, place, name, kind, inside)
        if not inside.at_end():
            inside.expect(",")


def _change(session: "Session", place: Place, name: str, kind: SqlType, reader: Reader) -> None:
    column = f"ALTER TABLE {place.sql} ALTER COLUMN {quoted(name)}"
    if reader.take("SET", "NOT", "NULL") or reader.take("NOT", "NULL"):
        set_not_null(session, place, name)
    elif reader.take("DROP", "NOT", "NULL"):
        session.fetch(f"{column} DROP NOT NULL")
    elif reader.take("DROP", "DEFAULT"):
        _drop_default(session, place, name)
    elif reader.take("COMMENT"):
        write_column(session, place, name, {"comment": reader.string()})
    elif reader.take("UNSET", "COMMENT"):
        write_column(session, place, name, {"comment": None})
    elif reader.take("SET", "DATA", "TYPE") or reader.take("TYPE"):
        _retype(session, place, name, kind, read_type(reader))
    elif reader.take("SET", "DEFAULT"):
        _set_default(session, place, name, reader)
    elif reader.word() in _OTHERS:
        raise unsupported(f"ALTER TABLE … ALTER COLUMN … {' '.join(filter(None, (reader.word(), reader.word(1))))}")
    else:
        _retype(session, place, name, kind, read_type(reader))


_OTHERS = frozenset({"SET", "UNSET", "DROP"})


def _drop_default(session: "Session", place: Place, name: str) -> None:
    told = read_columns(session, place).get(name, {})
    if told.get("added") and "default" in told:
        reason = "because the column was added after table was created."
        raise SqlError(2, "0A000", f"Dropping default value is not allowed for column '{name}' {reason}")
    session.fetch(f"ALTER TABLE {place.sql} ALTER COLUMN {quoted(name)} DROP DEFAULT")
    write_column(session, place, name, {"default": None})


def _set_default(session: "Session", place: Place, name: str, reader: Reader) -> None:
    """A default can become another sequence, and nothing else."""
    told = read_columns(session, place).get(name, {})
    if reader.at_end():
        raise reader.unexpected()
    start, parts = reader.offset, reader.dotted() if is_word(reader.tokens[reader.position]) else ("",)
    if parts[-1] != "NEXTVAL" or not str(told.get("default", "")).upper().endswith(".NEXTVAL"):
        raise unsupported_feature("Alter Column Set Default")
    sequence = duck_name(resolve(session, parts[:-1])).replace("'", "''")
    session.fetch(f"ALTER TABLE {place.sql} ALTER COLUMN {quoted(name)} SET DEFAULT nextval('{sequence}')")
    write_column(session, place, name, {"default": reader.text[start : reader.done]})


def _retype(session: "Session", place: Place, name: str, old: SqlType, new: SqlType) -> None:
    check_type(name, old, new)
    if to_duck(new) != "BIGINT" or not is_wide(session, place, name):
        session.fetch(f"ALTER TABLE {place.sql} ALTER COLUMN {quoted(name)} SET DATA TYPE {to_duck(new)}")
    write_column(session, place, name, {"type": None, **declared(new)})


def check_type(name: str, old: SqlType, new: SqlType) -> None:
    """Text may get longer, numbers more digits. Raises SqlError 2108 for another change of type."""
    reason = ""
    if old.kind == new.kind == "TEXT" and new.length < old.length:
        reason = " because reducing the byte-length of a varchar is not supported."
    elif old.kind == new.kind == "FIXED" and new.scale != old.scale:
        reason = " because changing the scale of a number is not supported."
    if reason or old.kind != new.kind:
        message = f"cannot change column {name} from type {old} to {new}{reason}\n"
        raise compilation_error(message, 2108, "22000", " ")
