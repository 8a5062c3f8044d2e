"""ALTER TABLE and VIEW, DROP, COMMENT ON."""

from dataclasses import replace
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.errors import already_exists, compilation_error, not_exist, unsupported
from neve.local.options import OptionReader, read_head
from neve.local.result import Result
from neve.local.sqltext import Statement
from neve.local.streams.history import with_its_columns
from neve.local.tables.columns import definition
from neve.local.tables.facts import write_column, write_table
from neve.local.tables.names import Place, find, need, quoted
from neve.local.transactions import all_or_nothing

if TYPE_CHECKING:
    from neve.local.session import Session

DONE = "Statement executed successfully."


def drop(session: "Session", statement: Statement) -> Result:
    """DROP TABLE|VIEW [IF EXISTS] name [CASCADE|RESTRICT]."""
    kind = statement.words[1]
    head = read_head(OptionReader.over(statement), kind)
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
        wrong = f"Object found is of type '{place.kind}', not specified type '{kind}'."
        raise compilation_error(wrong, 2203, "42601")
    if tolerant:
        return None
    raise not_exist(kind.capitalize(), str(place.name))


def alter(session: "Session", statement: Statement) -> Result:
    """ALTER TABLE|VIEW [IF EXISTS] name: RENAME, SWAP, ADD, DROP, RENAME COLUMN, SET and UNSET COMMENT."""
    reader = OptionReader.over(statement)
    head = read_head(reader, statement.words[1])
    place = find(session, head.name)
    if not place.kind:
        if head.tolerant:
            return r.status(DONE)
        raise not_exist(statement.words[1].capitalize(), str(place.name))
    with session.lock, all_or_nothing(session):
        for changed in (place, *with_its_columns(session, place, reader)):
            _change(session, changed, replace(reader))
    return r.status(DONE)


def _change(session: "Session", place: Place, reader: OptionReader) -> None:
    if reader.take("RENAME", "TO"):
        _rename(session, place, reader.dotted())
    elif reader.take("SWAP", "WITH"):
        _swap(session, place, need(session, reader.dotted()))
    elif reader.take("RENAME", "COLUMN"):
        old = reader.dotted()[0]
        reader.expect("TO")
        session.fetch(f"ALTER TABLE {place.sql} RENAME {quoted(old)} TO {quoted(reader.dotted()[0])}")
    elif reader.take("ADD"):
        reader.take("COLUMN")
        _add_columns(session, place, reader)
    elif reader.take("DROP", "COLUMN") or (reader.word(1) != "PRIMARY" and reader.take("DROP")):
        _drop_columns(session, place, reader)
    elif reader.take("SET"):
        _set(session, place, reader)
    elif reader.take("UNSET", "COMMENT"):
        write_table(session, place, {"comment": None})
    elif reader.take("CLUSTER", "BY"):
        reader.group_text()
    else:
        raise unsupported(f"ALTER TABLE … {reader.word()}")


def _rename(session: "Session", place: Place, parts: tuple[str, ...]) -> None:
    """Within its schema, or into another schema or database by a copy."""
    target = find(session, parts)
    if target.kind:
        raise already_exists(target.name.name)
    if place.name in session.temporary:
        session.temporary[target.name] = session.temporary.pop(place.name)
    elif target.name[:2] == place.name[:2]:
        session.fetch(f"ALTER {place.kind} {place.sql} RENAME TO {quoted(target.name.name)}")
    else:
        raise unsupported("ALTER TABLE … RENAME into another schema")


def _swap(session: "Session", one: Place, other: Place) -> None:
    if one.name[:2] != other.name[:2] or {one.name, other.name} & session.temporary.keys():
        raise unsupported("SWAP WITH a table of another schema")
    spare = "_neve_swap"
    session.fetch(f"ALTER TABLE {one.sql} RENAME TO {spare}")
    session.fetch(f"ALTER TABLE {other.sql} RENAME TO {quoted(one.name.name)}")
    away = ".".join(map(quoted, (*one.name[:2], spare)))
    session.fetch(f"ALTER TABLE {away} RENAME TO {quoted(other.name.name)}")


def _add_columns(session: "Session", place: Place, reader: OptionReader) -> None:
    from neve.local.translate.parse import parse

    tolerant = reader.take("IF", "NOT", "EXISTS")
    text = reader.text[reader.tokens[reader.position].start :]
    reader.position = len(reader.tokens)
    for node in parse(f"CREATE TABLE t ({text})").this.expressions:
        column = definition(session, node)
        absent = "IF NOT EXISTS " if tolerant else ""
        session.fetch(f"ALTER TABLE {place.sql} ADD COLUMN {absent}{column.sql}")
        if column.facts:
            write_column(session, place, column.name, column.facts)


def _drop_columns(session: "Session", place: Place, reader: OptionReader) -> None:
    tolerant = "IF EXISTS " if reader.take("IF", "EXISTS") else ""
    while True:
        session.fetch(f"ALTER TABLE {place.sql} DROP COLUMN {tolerant}{quoted(reader.dotted()[0])}")
        if not reader.take(","):
            return


def _set(session: "Session", place: Place, reader: OptionReader) -> None:
    options = reader.options()
    for name in options.keys() - {"COMMENT", "DATA_RETENTION_TIME_IN_DAYS", "CHANGE_TRACKING"}:
        raise unsupported(f"ALTER TABLE … SET {name}")
    if "COMMENT" in options:
        write_table(session, place, {"comment": options["COMMENT"]})


def comment_on(session: "Session", statement: Statement) -> Result:
    """COMMENT [IF EXISTS] ON TABLE|VIEW|COLUMN|SCHEMA|DATABASE name IS 'text'."""
    reader = OptionReader.over(statement)
    reader.expect("COMMENT")
    reader.take("IF", "EXISTS")
    reader.expect("ON")
    kind, parts = str(reader.token().text).upper(), reader.dotted()
    reader.expect("IS")
    text = reader.string()
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
