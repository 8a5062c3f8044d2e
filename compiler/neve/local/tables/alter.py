"""ALTER TABLE and VIEW, DROP."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from neve.local import result as r
from neve.local.errors import (
    SqlError,
    already_exists,
    compilation_error,
    invalid_property,
    invalid_value,
    not_exist,
    unsupported,
)
from neve.local.options import read_head
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.sqltext import Statement
from neve.local.streams.history import with_its_columns
from neve.local.tables import alter_columns, alter_keys
from neve.local.tables.copying import copy
from neve.local.tables.facts import read_table, write_table
from neve.local.tables.names import Place, find, need, quoted
from neve.local.transactions import all_or_nothing

if TYPE_CHECKING:
    from neve.local.session import Session

DONE = "Statement executed successfully."


def drop(session: "Session", statement: Statement) -> Result:
    """DROP TABLE|VIEW [IF EXISTS] name [CASCADE|RESTRICT]."""
    kind = statement.words[1]
    head = read_head(Reader.over(statement), kind)
    place = _to_drop(session, head.name, kind, tolerant=head.tolerant)
    if place is None:
        return r.status("Drop statement executed successfully.")
    with session.lock, all_or_nothing(session):
        session.fetch(f"DROP {kind} {place.sql}")
    session.temporary.pop(place.name, None)
    return r.status(f"{place.name.name} successfully dropped.")


def _to_drop(session: "Session", parts: tuple[str, ...], kind: str, *, tolerant: bool) -> Place | None:
    try:
        place = find(session, parts)
    except Exception:
        if tolerant:
            return None
        raise
    if place.kind == kind:
        return place
    if place.kind:
        raise wrong_kind(place.kind, kind)
    if tolerant:
        return None
    raise not_exist(kind.capitalize(), str(place.name))


def wrong_kind(found: str, wanted: str) -> SqlError:
    return compilation_error(f"Object found is of type '{found}', not specified type '{wanted}'.", 2203, "42601")


def alter(session: "Session", statement: Statement) -> Result:
    """ALTER TABLE|VIEW [IF EXISTS] name and one of `_CHANGES`."""
    reader = Reader.over(statement)
    head = read_head(reader, statement.words[1])
    place = find(session, head.name)
    if not place.kind:
        if head.tolerant:
            return r.status(DONE)
        raise not_exist(statement.words[1].capitalize(), str(place.name))
    if place.kind == "DYNAMIC_TABLE":
        raise wrong_kind(place.kind, statement.words[1])
    with session.lock, all_or_nothing(session):
        change(session, place, reader)
    return r.status(DONE)


def change(session: "Session", place: Place, reader: Reader) -> None:
    """What follows the name in ALTER TABLE or VIEW; also what is known of the table for its streams."""
    followers = () if alter_keys.is_key(reader) else with_its_columns(session, place, reader)
    for changed in (place, *followers):
        _change(session, changed, replace(reader))


def _change(session: "Session", place: Place, reader: Reader) -> None:
    for words, change in _CHANGES:
        if reader.take(*words):
            change(session, place, reader)
            return
    raise unsupported(f"ALTER {place.kind} … {reader.word()}")


def _add(session: "Session", place: Place, reader: Reader) -> None:
    """A key, or columns."""
    if not alter_keys.add(session, place, reader):
        reader.take("COLUMN")
        alter_columns.add(session, place, reader)


def _drop(session: "Session", place: Place, reader: Reader) -> None:
    """A key by its name or kind, or columns."""
    if not alter_keys.drop(session, place, reader):
        reader.take("COLUMN")
        alter_columns.drop(session, place, reader)


def _cluster(session: "Session", place: Place, reader: Reader) -> None:
    write_table(session, place, {"cluster_by": f"LINEAR{reader.group_text()}"})


def _nothing(_session: "Session", _place: Place, _reader: Reader) -> None:
    """Of what a local table has no use for."""


def _refused(words: str, _session: "Session", _place: Place, _reader: Reader) -> None:
    raise unsupported(f"ALTER TABLE … {words}")


def _rename(session: "Session", place: Place, parts: tuple[str, ...]) -> None:
    """Within its schema, or into another schema or database by a copy."""
    target = find(session, parts)
    if target.kind:
        raise already_exists(target.name.name)
    if place.name in session.temporary:
        session.temporary[target.name] = session.temporary.pop(place.name)
    elif target.name[:2] == place.name[:2]:
        session.fetch(f"ALTER {place.kind} {place.sql} RENAME TO {quoted(target.name.name)}")
    elif place.kind == "TABLE":
        moved = Place(target.name, target.name, "TABLE")
        copy(session, place, moved, rows=True)
        write_table(session, moved, read_table(session, place))
        session.fetch(f"DROP TABLE {place.sql}")
    else:
        raise unsupported("ALTER VIEW … RENAME into another schema")


def _swap(session: "Session", one: Place, other: Place) -> None:
    if one.name[:2] != other.name[:2] or {one.name, other.name} & session.temporary.keys():
        raise unsupported("SWAP WITH a table of another schema")
    spare = "_neve_swap"
    session.fetch(f"ALTER TABLE {one.sql} RENAME TO {spare}")
    session.fetch(f"ALTER TABLE {other.sql} RENAME TO {quoted(one.name.name)}")
    away = ".".join(map(quoted, (*one.name[:2], spare)))
    session.fetch(f"ALTER TABLE {away} RENAME TO {quoted(other.name.name)}")


_RECORDED = {
    "COMMENT": "comment",
    "DATA_RETENTION_TIME_IN_DAYS": "retention_time",
    "CHANGE_TRACKING": "change_tracking",
    "ENABLE_SCHEMA_EVOLUTION": "schema_evolution",
}
_WITHOUT_EFFECT = frozenset({"MAX_DATA_EXTENSION_TIME_IN_DAYS", "DEFAULT_DDL_COLLATION"})
_NOT_SET = frozenset({"DATA_METRIC_SCHEDULE", "STAGE_FILE_FORMAT", "STAGE_COPY_OPTIONS"})
_FLAGS = ("change_tracking", "schema_evolution")
_LIMITS = {"DATA_RETENTION_TIME_IN_DAYS": 90, "MAX_DATA_EXTENSION_TIME_IN_DAYS": 90}


def _set(session: "Session", place: Place, reader: Reader) -> None:
    if reader.take("SECURE"):
        write_table(session, place, {"secure": True})
        return
    options = reader.options()
    for name, value in options.items():
        _check(place, name, value)
    told: dict[str, Any] = {_RECORDED[name]: value for name, value in options.items() if name in _RECORDED}
    write_table(session, place, told | {flag: told[flag].upper() == "TRUE" for flag in _FLAGS if flag in told})


def _check(place: Place, name: str, value: str) -> None:
    if name in _NOT_SET:
        raise unsupported(f"{name} of a table")
    if name not in _RECORDED and name not in _WITHOUT_EFFECT:
        raise invalid_property(name, place.kind)
    limit = _LIMITS.get(name)
    if limit is not None and not (value.isdecimal() and int(value) <= limit):
        raise invalid_value(name, value)


def _unset(session: "Session", place: Place, reader: Reader) -> None:
    known = {**_RECORDED, "SECURE": "secure", **dict.fromkeys(_WITHOUT_EFFECT, "")}
    while True:
        name = reader.name()
        if name not in known:
            raise invalid_property(name, place.kind)
        if known[name]:
            write_table(session, place, {known[name]: None})
        if not reader.take(","):
            return


_Change = Callable[["Session", Place, Reader], None]
_NOT_HERE = (
    ("ROW", "ACCESS"),
    ("ALL", "ROW", "ACCESS"),
    ("DATA", "METRIC"),
    ("AGGREGATION", "POLICY"),
    ("PROJECTION", "POLICY"),
    ("JOIN", "POLICY"),
)
_VERBS = ("ADD", "DROP", "MODIFY")
_CHANGES: Sequence[tuple[tuple[str, ...], _Change]] = (
    (("RENAME", "TO"), lambda session, place, reader: _rename(session, place, reader.dotted())),
    (("SWAP", "WITH"), lambda session, place, reader: _swap(session, place, need(session, reader.dotted()))),
    (("RENAME", "COLUMN"), alter_columns.rename),
    (("RENAME", "CONSTRAINT"), alter_keys.rename),
    (("ADD", "SEARCH", "OPTIMIZATION"), _nothing),
    (("DROP", "SEARCH", "OPTIMIZATION"), _nothing),
    *(((verb, *kind), partial(_refused, " ".join((verb, *kind)))) for verb in _VERBS for kind in _NOT_HERE),
    (("ADD",), _add),
    (("DROP", "CLUSTERING", "KEY"), lambda session, place, _: write_table(session, place, {"cluster_by": None})),
    (("DROP",), _drop),
    *(((verb, "CONSTRAINT"), alter_keys.alter) for verb in ("ALTER", "MODIFY")),
    *(((verb,), alter_columns.alter) for verb in ("ALTER", "MODIFY")),
    (("SET",), _set),
    (("UNSET",), _unset),
    (("CLUSTER BY",), _cluster),
    (("SUSPEND", "RECLUSTER"), _nothing),
    (("RESUME", "RECLUSTER"), _nothing),
)


ROUTES = (
    *((("DROP", kind), drop) for kind in ("TABLE", "VIEW")),
    *((("ALTER", kind), alter) for kind in ("TABLE", "VIEW")),
)
