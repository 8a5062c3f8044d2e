"""ALTER TABLE and VIEW, DROP, COMMENT ON."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from neve.local import result as r
from neve.local.errors import SqlError, already_exists, compilation_error, not_exist, unsupported
from neve.local.options import read_head
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.sqltext import Statement
from neve.local.streams.history import with_its_columns
from neve.local.tables import alter_columns, keys
from neve.local.tables.create import copy
from neve.local.tables.facts import read_table, write_column, write_table
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
        for changed in (place, *with_its_columns(session, place, reader)):
            _change(session, changed, replace(reader))
    return r.status(DONE)


def _change(session: "Session", place: Place, reader: Reader) -> None:
    for words, change in _CHANGES:
        if reader.take(*words):
            change(session, place, reader)
            return
    raise unsupported(f"ALTER {place.kind} … {reader.word()}")


def _rename_column(session: "Session", place: Place, reader: Reader) -> None:
    old = reader.dotted()[0]
    reader.expect("TO")
    session.fetch(f"ALTER TABLE {place.sql} RENAME {quoted(old)} TO {quoted(reader.dotted()[0])}")


def _add(session: "Session", place: Place, reader: Reader) -> None:
    """A key, or columns."""
    if reader.word().split()[:1] not in [["CONSTRAINT"], ["PRIMARY"], ["UNIQUE"], ["FOREIGN"]]:
        reader.take("COLUMN")
        alter_columns.add(session, place, reader)
        return
    from neve.local.translate.parse import parse

    text = reader.text[reader.offset :]
    added = list(keys.of(parse(f"CREATE TABLE t (c INT, {text})").this.expressions))
    _keep_keys(session, place, [*keys.recorded(read_table(session, place)), *added])


def _keep_keys(session: "Session", place: Place, kept: Sequence[keys.Key]) -> None:
    write_table(session, place, {"keys": keys.written(kept) or None})


def _drop(session: "Session", place: Place, reader: Reader) -> None:
    """A key by its name or kind, or columns."""
    known = keys.recorded(read_table(session, place))
    if reader.take("CLUSTERING", "KEY"):
        write_table(session, place, {"cluster_by": None})
    elif reader.take("CONSTRAINT"):
        name = reader.name()
        if name not in {key.name for key in known}:
            raise compilation_error(f"Constraint '{name}' does not exist.", 2003, "02000")
        _keep_keys(session, place, [key for key in known if key.name != name])
    elif kind := next((k for k in ("PRIMARY KEY", "UNIQUE", "FOREIGN KEY") if _takes(reader, k)), None):
        _keep_keys(session, place, [key for key in known if key.kind != kind])
    else:
        reader.take("COLUMN")
        alter_columns.drop(session, place, reader)


def _takes(reader: Reader, words: str) -> bool:
    """Whether these words come next: some pairs are one token."""
    return reader.take(words) or reader.take(*words.split())


def _cluster(session: "Session", place: Place, reader: Reader) -> None:
    write_table(session, place, {"cluster_by": f"LINEAR{reader.group_text()}"})


def _nothing(_session: "Session", _place: Place, _reader: Reader) -> None:
    """Of what a local table has no use for."""


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
}
_WITHOUT_EFFECT = frozenset({"MAX_DATA_EXTENSION_TIME_IN_DAYS", "ENABLE_SCHEMA_EVOLUTION", "DEFAULT_DDL_COLLATION"})


def _set(session: "Session", place: Place, reader: Reader) -> None:
    if reader.take("SECURE"):
        write_table(session, place, {"secure": True})
        return
    options = reader.options()
    for name in options.keys() - _RECORDED.keys() - _WITHOUT_EFFECT:
        raise unsupported(f"ALTER {place.kind} … SET {name}")
    told: dict[str, Any] = {_RECORDED[name]: value for name, value in options.items() if name in _RECORDED}
    if "change_tracking" in told:
        told |= {"change_tracking": told["change_tracking"].upper() == "TRUE"}
    write_table(session, place, told)


def _unset(session: "Session", place: Place, reader: Reader) -> None:
    known = {**_RECORDED, "SECURE": "secure", **dict.fromkeys(_WITHOUT_EFFECT, "")}
    while True:
        name = reader.name()
        if name not in known:
            raise unsupported(f"ALTER {place.kind} … UNSET {name}")
        if known[name]:
            write_table(session, place, {known[name]: None})
        if not reader.take(","):
            return


_Change = Callable[["Session", Place, Reader], None]
_CHANGES: Sequence[tuple[tuple[str, ...], _Change]] = (
    (("RENAME", "TO"), lambda session, place, reader: _rename(session, place, reader.dotted())),
    (("SWAP", "WITH"), lambda session, place, reader: _swap(session, place, need(session, reader.dotted()))),
    (("RENAME", "COLUMN"), _rename_column),
    (("ADD", "SEARCH", "OPTIMIZATION"), _nothing),
    (("DROP", "SEARCH", "OPTIMIZATION"), _nothing),
    (("ADD",), _add),
    (("DROP",), _drop),
    (("ALTER",), alter_columns.alter),
    (("MODIFY",), alter_columns.alter),
    (("SET",), _set),
    (("UNSET",), _unset),
    (("CLUSTER BY",), _cluster),
    (("SUSPEND", "RECLUSTER"), _nothing),
    (("RESUME", "RECLUSTER"), _nothing),
)


def comment_on(session: "Session", statement: Statement) -> Result:
    """COMMENT [IF EXISTS] ON TABLE|VIEW|COLUMN|SCHEMA|DATABASE name IS 'text'."""
    reader = Reader.over(statement)
    reader.expect("COMMENT")
    tolerant = reader.take("IF", "EXISTS")
    reader.expect("ON")
    kind, parts = str(reader.token().text).upper(), reader.dotted()
    reader.expect("IS")
    text = reader.string()
    if tolerant and kind in {"TABLE", "VIEW"} and not find(session, parts).kind:
        return r.status(DONE)
    match kind:
        case "TABLE" | "VIEW":
            write_table(session, need(session, parts, kind.capitalize()), {"comment": text})
        case "COLUMN":
            write_column(session, need(session, parts[:-1]), parts[-1], {"comment": text})
        case "SCHEMA" | "DATABASE":
            _comment_container(session, kind, parts, text)
        case _:
            raise unsupported(f"COMMENT ON {kind}")
    return r.status(DONE)


def _comment_container(session: "Session", kind: str, parts: tuple[str, ...], text: str) -> None:
    database = parts[0] if kind == "DATABASE" or len(parts) == 2 else session.database
    schema = parts[-1] if kind == "SCHEMA" else ""
    with session.engine.store.transaction() as db:
        changed = db.execute(
            "UPDATE containers SET comment = ? WHERE database = ? AND schema = ?", (text, database, schema)
        ).rowcount
    if not changed:
        raise not_exist(kind.capitalize(), ".".join(parts))


ROUTES = (
    *((("DROP", kind), drop) for kind in ("TABLE", "VIEW")),
    *((("ALTER", kind), alter) for kind in ("TABLE", "VIEW")),
    (("COMMENT",), comment_on),
)
