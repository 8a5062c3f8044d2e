"""CREATE, ALTER and DROP of databases and schemas."""

from secrets import token_hex
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.errors import (
    SqlError,
    already_exists,
    compilation_error,
    no_current,
    no_database,
    not_exist,
    unsupported,
)
from neve.local.options import read_head
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.sqltext import Statement
from neve.local.tables.cloning import copy_all
from neve.local.transactions import all_or_nothing, end

if TYPE_CHECKING:
    from neve.local.session import Session

DONE = "Statement executed successfully."


def create_database(session: "Session", statement: Statement) -> Result:
    """A new database becomes the session's."""
    reader = Reader.over(statement)
    head = read_head(reader, "DATABASE")
    if reader.word() in {"FROM", "AS"}:
        raise unsupported(f"CREATE DATABASE … {reader.word()}")
    source = _cloned_database(session, reader)
    options, name, databases = reader.options(), only(head.name), session.engine.databases
    end(session, "COMMIT")
    if name in databases and not head.replace:
        if not head.tolerant:
            raise already_exists(name)
        return r.status(f"{name} already exists, statement succeeded.")
    if name in databases:
        if source is not None:
            _rehearse(session, name, source)
        remove_database(session, name)
    if not databases.create(name, options.get("COMMENT"), transient="TRANSIENT" in head.modifiers):
        raise already_exists(name)
    if source is not None:
        _fill_database(session, source, name)
    session.database, session.schema = name, "PUBLIC" if databases.has_schema(session, name, "PUBLIC") else None
    return r.status(f"Database {name} successfully created.")


def _cloned_database(session: "Session", reader: Reader) -> str | None:
    """Take CLONE name. Raises SqlError for a database that is not there."""
    if not reader.take("CLONE"):
        return None
    name = only(reader.dotted())
    _refuse_travel(reader)
    if name not in session.engine.databases:
        raise no_database(name)
    return name


def _rehearse(session: "Session", name: str, source: str) -> None:
    """Raises SqlError for a copy that would fail, while what it takes the place of is there."""
    if name == source:
        raise unsupported("CREATE OR REPLACE DATABASE … CLONE of itself")
    trial = _trial()
    session.engine.databases.create(trial, None, transient=True)
    _fill_database(session, source, trial)
    remove_database(session, trial)


def _trial() -> str:
    return f"_neve_trial_{token_hex(4)}"


def _refuse_travel(reader: Reader) -> None:
    if reader.word() in {"AT", "BEFORE"}:
        raise unsupported("Time travel (AT, BEFORE)")
    if reader.word() in {"INCLUDE", "IGNORE"}:
        raise unsupported(f"CLONE … {reader.word()}")


def _fill_database(session: "Session", source: str, name: str) -> None:
    """All schemas with what is in them; the new database goes when that fails."""
    databases = session.engine.databases
    found = databases.schemas(session, source)
    try:
        with session.lock, all_or_nothing(session):
            for schema in found:
                session.fetch(f"CREATE SCHEMA IF NOT EXISTS {full_name(name, schema)}")
            if "PUBLIC" not in found:
                session.fetch(f"DROP SCHEMA {full_name(name, 'PUBLIC')}")
            copy_all(session, {(source, schema): (name, schema) for schema in found})
    except BaseException:
        remove_database(session, name)
        raise
    for schema in found:
        databases.remember_clone((source, schema), (name, schema))


def drop_database(session: "Session", statement: Statement) -> Result:
    head = read_head(Reader.over(statement), "DATABASE")
    name = only(head.name)
    end(session, "COMMIT")
    if name not in session.engine.databases:
        if not head.tolerant:
            raise no_database(name)
        return r.status("Drop statement executed successfully.")
    for other in session.engine.sessions():
        if other.database == name:
            other.database = other.schema = None
    remove_database(session, name)
    return r.status(f"{name} successfully dropped.")


def remove_database(session: "Session", name: str) -> None:
    schemas = session.engine.databases.schemas(session, name)
    session.engine.databases.drop(name)
    for schema in schemas:
        session.engine.dropped_schema(name, schema)


def create_schema(session: "Session", statement: Statement) -> Result:
    """A new schema becomes the session's, as on Snowflake; one that exists already does not."""
    reader = Reader.over(statement)
    head = read_head(reader, "SCHEMA")
    source = _cloned_schema(session, reader)
    reader.take("WITH", "MANAGED", "ACCESS")
    options = reader.options()
    database, name = schema_of(session, head.name)
    if name == "MAIN":
        raise unsupported("A schema of the name MAIN, which DuckDB has for itself,")
    end(session, "COMMIT")
    if source is not None and head.replace and session.engine.databases.has_schema(session, database, name):
        _rehearse_schema(session, (database, name), source)
    with session.lock:
        with all_or_nothing(session):
            exists = session.engine.databases.has_schema(session, database, name)
            if exists and not head.replace:
                if not head.tolerant:
                    raise already_exists(name)
                return r.status(f"{name} already exists, statement succeeded.")
            if exists:
                session.fetch(f"DROP SCHEMA {full_name(database, name)} CASCADE")
            session.fetch(f"CREATE SCHEMA {full_name(database, name)}")
        if exists:
            session.engine.dropped_schema(database, name)
        if source is not None:
            fill_schema(session, source, (database, name))
    session.engine.databases.remember(database, name, options.get("COMMENT"), transient="TRANSIENT" in head.modifiers)
    session.database, session.schema = database, name
    return r.status(f"Schema {name} successfully created.")


def _rehearse_schema(session: "Session", name: tuple[str, str], source: tuple[str, str]) -> None:
    """Raises SqlError for a copy that would fail, while what it takes the place of is there."""
    if name == source:
        raise unsupported("CREATE OR REPLACE SCHEMA … CLONE of itself")
    trial = (name[0], _trial())
    session.fetch(f"CREATE SCHEMA {full_name(*trial)}")
    fill_schema(session, source, trial)
    remove_schema(session, *trial)


def fill_schema(session: "Session", source: tuple[str, str], name: tuple[str, str]) -> None:
    """What is in another schema; the new one, which is empty, goes when that fails."""
    try:
        with session.lock, all_or_nothing(session):
            copy_all(session, {source: name})
    except BaseException:
        remove_schema(session, *name)
        raise


def _cloned_schema(session: "Session", reader: Reader) -> tuple[str, str] | None:
    """Take CLONE name. Raises SqlError for a schema that is not there."""
    if not reader.take("CLONE"):
        return None
    database, name = schema_of(session, reader.dotted())
    _refuse_travel(reader)
    if not session.engine.databases.has_schema(session, database, name):
        raise not_exist("Schema", f"{database}.{name}")
    return database, name


def drop_schema(session: "Session", statement: Statement) -> Result:
    head = read_head(Reader.over(statement), "SCHEMA")
    if head.tolerant and len(head.name) == 2 and head.name[0] not in session.engine.databases:
        return r.status("Drop statement executed successfully.")
    database, name = schema_of(session, head.name)
    if not session.engine.databases.has_schema(session, database, name):
        if not head.tolerant:
            raise not_exist("Schema", f"{database}.{name}")
        return r.status("Drop statement executed successfully.")
    end(session, "COMMIT")
    remove_schema(session, database, name)
    if (session.database, session.schema) == (database, name):
        session.schema = None
    return r.status(f"{name} successfully dropped.")


def remove_schema(session: "Session", database: str, name: str) -> None:
    session.fetch(f"DROP SCHEMA {full_name(database, name)} CASCADE")
    session.engine.databases.forget_schema(database, name)
    session.engine.dropped_schema(database, name)


def schema_of(session: "Session", parts: tuple[str, ...]) -> tuple[str, str]:
    database = parts[0] if len(parts) == 2 else session.database
    if len(parts) > 2:
        raise compilation_error(f"Invalid identifier '{'.'.join(parts)}'")
    if not database:
        raise no_current("database")
    if database not in session.engine.databases:
        raise no_database(database)
    return database, parts[-1]


def full_name(*parts: str) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def only(parts: tuple[str, ...]) -> str:
    if len(parts) != 1:
        raise SqlError(1003, "42000", f"SQL compilation error:\nInvalid database name '{'.'.join(parts)}'.")
    return parts[0]


ROUTES = (
    (("CREATE", "DATABASE"), create_database),
    (("DROP", "DATABASE"), drop_database),
    (("CREATE", "SCHEMA"), create_schema),
    (("DROP", "SCHEMA"), drop_schema),
)
