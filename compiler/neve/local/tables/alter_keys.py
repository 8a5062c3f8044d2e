"""ALTER TABLE … ADD, ALTER, RENAME and DROP of keys."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from neve.local.errors import SqlError, compilation_error, not_exist
from neve.local.reader import Reader
from neve.local.schemas import columns
from neve.local.tables import keys
from neve.local.tables.alter_columns import set_not_null
from neve.local.tables.facts import read_table, write_table
from neve.local.tables.names import Place

if TYPE_CHECKING:
    from neve.local.session import Session

_FIRST = frozenset({"CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN"})
_KINDS = ("PRIMARY KEY", "UNIQUE", "FOREIGN KEY")


def is_key(reader: Reader) -> bool:
    """Whether ADD or DROP of a key follows."""
    return reader.word() in {"ADD", "DROP"} and _starts_key(reader.word(1))


def _starts_key(word: str) -> bool:
    return word.partition(" ")[0] in _FIRST


def add(session: "Session", place: Place, reader: Reader) -> bool:
    """ADD [CONSTRAINT name] key; False when something else follows."""
    if not _starts_key(reader.word()):
        return False
    from neve.local.translate.parse import parse

    known = _known(session, place)
    text = reader.text[reader.offset :]
    added = list(keys.of(parse(f"CREATE TABLE t (c INT, {text})").this.expressions))
    if any(key.kind == "PRIMARY KEY" for key in known) and any(key.kind == "PRIMARY KEY" for key in added):
        raise compilation_error(f"primary key already exists for table '{place.name.name}'")
    there = {column.name for column in columns(session, *place.stored)}
    for key in added:
        if unknown := next((column for column in key.columns if column not in there), None):
            raise compilation_error(f"column '{unknown}' does not exist", 904)
    for column in sorted(keys.needed(added)):
        set_not_null(session, place, column)
    _keep(session, place, [*known, *added])
    return True


def drop(session: "Session", place: Place, reader: Reader) -> bool:
    """DROP of a key by its name or kind; False when something else follows."""
    known = _known(session, place)
    if reader.take("CONSTRAINT"):
        named = _named(known, reader.name())
        _keep(session, place, [key for key in known if key is not named])
        return True
    kind = next((k for k in _KINDS if reader.take(k) or reader.take(*k.split())), None)
    if kind:
        _keep(session, place, [key for key in known if key.kind != kind])
    return kind is not None


def rename(session: "Session", place: Place, reader: Reader) -> None:
    """RENAME CONSTRAINT name TO name."""
    known = _known(session, place)
    named = _named(known, reader.name())
    reader.expect("TO")
    name = reader.name()
    _keep(session, place, [replace(key, name=name) if key is named else key for key in known])


def alter(session: "Session", place: Place, reader: Reader) -> None:
    """ALTER CONSTRAINT name [NOT] ENFORCED, RELY, NORELY: only RELY is shown anywhere."""
    known, name = _known(session, place), reader.name()
    if name not in {key.name for key in known}:
        raise not_exist("Object", name)
    rely = None
    while not reader.at_end():
        if word := reader.take_any("RELY", "NORELY"):
            rely = word == "RELY"
        elif not (reader.take("NOT", "ENFORCED") or reader.take("ENFORCED")):
            raise reader.unexpected()
    if rely is not None:
        _keep(session, place, [replace(key, rely=rely) if key.name == name else key for key in known])


def _known(session: "Session", place: Place) -> list[keys.Key]:
    return keys.recorded(read_table(session, place))


def _keep(session: "Session", place: Place, kept: Sequence[keys.Key]) -> None:
    write_table(session, place, {"keys": keys.written(kept) or None})


def _named(known: Sequence[keys.Key], name: str) -> keys.Key:
    found = next((key for key in known if key.name == name), None)
    if found is None:
        raise _no_constraint(name)
    return found


def _no_constraint(name: str) -> SqlError:
    return compilation_error(f"constraint '{name}' does not exist", 2003, "02000")
