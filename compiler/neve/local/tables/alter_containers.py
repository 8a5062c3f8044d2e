"""ALTER DATABASE and SCHEMA."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.access.catalog import grants, named
from neve.local.errors import already_exists, not_exist, unsupported
from neve.local.options import read_head
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.sqltext import Statement, quote_identifier
from neve.local.stages.catalog import move
from neve.local.tables.cloning import Places
from neve.local.tables.containers import fill_schema, full_name, only, remove_database, remove_schema, schema_of
from neve.local.transactions import end

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
    _check_movable(session, old, {old: new})
    session.fetch(f"CREATE SCHEMA {full_name(*new)}")
    fill_schema(session, old, new)
    _moved(session, {old: new})
    remove_schema(session, *old)


def _rename_database(session: "Session", old: tuple[str, str], parts: tuple[str, ...]) -> None:
    name, databases = only(parts), session.engine.databases
    if name in databases:
        raise already_exists(name)
    places = {(old[0], schema): (name, schema) for schema in databases.schemas(session, old[0])}
    _check_movable(session, old[:1], places)
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


def _check_movable(session: "Session", container: tuple[str, ...], places: Places) -> None:
    """Streams and tasks would begin anew in a copy; tags, grants and temporary tables would be lost."""
    from neve.local.streams.catalog import of

    tasks = session.engine.services["tasks"].catalog
    if any((stream.name.database, stream.name.schema) in places for stream in of(session)):
        raise unsupported("RENAME of a schema with streams")
    if any((task.database, task.schema) in places for task in tasks):
        raise unsupported("RENAME of a schema with tasks")
    if any(name[:2] in places for other in session.engine.sessions() for name in other.temporary):
        raise unsupported("RENAME of a schema with temporary tables")
    if any(_lies_in(container, kind, name) for kind, name in list(_tagged(session))):
        raise unsupported("RENAME of a schema with tags")
    if any(_lies_in(container, grant.granted_on, grant.name) for grant in grants(session)):
        raise unsupported("RENAME of a schema with grants")


def _tagged(session: "Session") -> Iterator[tuple[str, str]]:
    """What has tags, and the tags themselves: kinds and names."""
    yield from (("TAG", tag.name) for tag in named(session, "TAG"))
    with session.engine.store.transaction() as db:
        yield from map(tuple, db.execute("SELECT DISTINCT domain, name FROM access_tags").fetchall())


def _lies_in(container: tuple[str, ...], kind: str, name: str) -> bool:
    """Whether it is the database or schema itself, or something in it; names are recorded quoted and unquoted."""
    wholes = {".".join(container), ".".join(map(quote_identifier, container))}
    is_container = kind.endswith(("SCHEMA", "DATABASE"))
    return any(name.startswith(f"{whole}.") or (is_container and name == whole) for whole in wholes)


ROUTES = tuple((("ALTER", kind), alter) for kind in ("DATABASE", "SCHEMA"))
