"""ALTER DATABASE and SCHEMA."""

from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.errors import already_exists, not_exist, unsupported
from neve.local.options import read_head
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.sqltext import Statement
from neve.local.stages.catalog import move
from neve.local.tables.cloning import Places, copy_all
from neve.local.tables.containers import full_name, only, remove_database, remove_schema, schema_of
from neve.local.transactions import all_or_nothing, end

if TYPE_CHECKING:
    from neve.local.session import Session

DONE = "Statement executed successfully."


def alter(session: "Session", statement: Statement) -> Result:
    """ALTER DATABASE|SCHEMA [IF EXISTS] name SET | UNSET properties, of which the comment is kept, or RENAME TO."""
    kind = statement.words[1]
    reader = Reader.over(statement)
    head = read_head(reader, kind)
    database, schema = (only(head.name), "") if kind == "DATABASE" else schema_of(session, head.name)
    databases = session.engine.databases
    if database not in databases or (schema and not databases.has_schema(session, database, schema)):
        if head.tolerant:
            return r.status(DONE)
        raise not_exist(kind.capitalize(), f"{database}.{schema}" if schema else database)
    end(session, "COMMIT")
    if reader.take("RENAME", "TO"):
        rename = _rename_schema if schema else _rename_database
        rename(session, (database, schema), reader.dotted())
        return r.status(DONE)
    if reader.take("SET"):
        options = reader.options()
    elif reader.take("UNSET"):
        options = {"COMMENT": ""} if reader.take("COMMENT") else {}
    else:
        raise unsupported(f"ALTER {kind} … {reader.word()}")
    if "COMMENT" in options:
        databases.comment(database, schema, options["COMMENT"] or None)
    return r.status(DONE)


def _rename_schema(session: "Session", old: tuple[str, str], parts: tuple[str, ...]) -> None:
    """What is in it is made anew under the other name, for DuckDB renames no schemas."""
    new = schema_of(session, parts)
    databases = session.engine.databases
    if databases.has_schema(session, *new):
        raise already_exists(new[1])
    _check_movable(session, {old: new})
    with session.lock, all_or_nothing(session):
        session.fetch(f"CREATE SCHEMA {full_name(*new)}")
        copy_all(session, {old: new})
    _moved(session, {old: new})
    remove_schema(session, *old)


def _rename_database(session: "Session", old: tuple[str, str], parts: tuple[str, ...]) -> None:
    name, databases = only(parts), session.engine.databases
    if name in databases:
        raise already_exists(name)
    places = {(old[0], schema): (name, schema) for schema in databases.schemas(session, old[0])}
    _check_movable(session, places)
    before = session.database, session.schema
    session.run(f"CREATE DATABASE {full_name(name)} CLONE {full_name(old[0])}")
    session.database, session.schema = before
    databases.remember_clone((old[0], ""), (name, ""))
    _moved(session, places)
    remove_database(session, old[0])


def _moved(session: "Session", places: Places) -> None:
    """Comments, stages with their files, and the sessions that are in one of the schemas."""
    for old, new in places.items():
        session.engine.databases.remember_clone(old, new)
        move(session.engine, old, new)
    for other in session.engine.sessions():
        place = places.get((other.database or "", other.schema or ""))
        if place is not None:
            other.database, other.schema = place


def _check_movable(session: "Session", places: Places) -> None:
    """Streams and tasks would begin anew in a copy."""
    from neve.local.streams.catalog import of

    tasks = session.engine.services["tasks"].catalog
    if any((stream.name.database, stream.name.schema) in places for stream in of(session)):
        raise unsupported("RENAME of a schema with streams")
    if any((task.database, task.schema) in places for task in tasks):
        raise unsupported("RENAME of a schema with tasks")


ROUTES = tuple((("ALTER", kind), alter) for kind in ("DATABASE", "SCHEMA"))
