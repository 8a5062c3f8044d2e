"""CREATE, ALTER, DROP of procedures and functions (fact sheet 6.1)."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from neve.local.binding import variable
from neve.local.errors import already_exists, compilation_error, not_exist, unsupported
from neve.local.procedures import catalog, python
from neve.local.procedures.catalog import Stored
from neve.local.procedures.grammar import read_create, read_name, read_signature
from neve.local.procedures.routine import Kind, Routine
from neve.local.reader import Reader
from neve.local.result import Result, status
from neve.local.sqltext import QualifiedName, Statement, resolve

if TYPE_CHECKING:
    from neve.local.session import Session


def create(session: "Session", statement: Statement) -> Result:
    """CREATE PROCEDURE and CREATE FUNCTION; raises SqlError for a package that is missing, or a name that is taken."""
    statement = _with_its_name(session, statement)
    creation = read_create(Reader.over(statement))
    routine, name = creation.routine, resolve(session, creation.name)
    require_schema(session, name)
    python.check(routine)
    types = catalog.signature(parameter.type for parameter in routine.parameters)
    if catalog.find(session, routine.kind, name, types) and not creation.replace:
        if not creation.if_not_exists:
            raise already_exists(name.name)
        return status(f"{name.name} already exists, statement succeeded.")
    catalog.save(session, name, routine, temporary=creation.temporary)
    if routine.language == "PYTHON":
        python.preload(session.engine.services["procedures"], [routine])
    return status(f"Function {name.name} successfully created.")


_HEAD = re.compile(r"(?i)\bIDENTIFIER\s*\(\s*\$(\w+)\s*\)")


def _with_its_name(session: "Session", statement: Statement) -> Statement:
    """`IDENTIFIER($variable)` before the parameters as the name that the variable holds; the body is left alone."""
    head = _HEAD.search(statement.text, 0, statement.text.find(")") + 1)
    if head is None:
        return statement
    name = str(variable(session, head[1].upper()))
    return Statement.of(f"{statement.text[: head.start()]}{name}{statement.text[head.end() :]}", statement.binds)


def require_schema(session: "Session", name: QualifiedName) -> None:
    """Raise SqlError 2003 unless the schema of `name` exists."""
    if not session.engine.databases.has_schema(session, name.database, name.schema):
        raise not_exist("Schema", f"{name.database}.{name.schema}")


def drop(session: "Session", statement: Statement) -> Result:
    """DROP PROCEDURE|FUNCTION [IF EXISTS] name(type, …)"""
    reader = Reader.over(statement)
    reader.expect("DROP")
    kind = _kind(reader)
    if_exists = reader.take("IF", "EXISTS")
    stored, shown = _named(session, reader, kind)
    if stored is None:
        if not if_exists:
            raise not_exist(kind.capitalize(), shown)
        return status(f"Drop statement executed successfully ({shown} already dropped).")
    catalog.drop(session, stored)
    return status(f"{stored.name.name} successfully dropped.")


def alter(session: "Session", statement: Statement) -> Result:
    """ALTER PROCEDURE|FUNCTION [IF EXISTS] name(type, …) RENAME TO | SET COMMENT | UNSET COMMENT | EXECUTE AS …"""
    reader = Reader.over(statement)
    reader.expect("ALTER")
    kind = _kind(reader)
    if_exists = reader.take("IF", "EXISTS")
    reader_of_name, change = _split(reader)
    stored, shown = _named(session, reader_of_name, kind)
    if stored is None:
        if not if_exists:
            raise not_exist(kind.capitalize(), shown)
    else:
        _change(change)(session, stored, change)
        change.finish()
    return status("Statement executed successfully.")


def _kind(reader: Reader) -> Kind:
    if reader.take("PROCEDURE"):
        return "PROCEDURE"
    reader.expect("FUNCTION")
    return "FUNCTION"


def _split(reader: Reader) -> tuple[Reader, Reader]:
    """The part `name(…)`, and what follows it."""
    start = reader.position
    read_name(reader)
    reader.group()
    return Reader(reader.text, reader.tokens[start : reader.position]), reader


def _named(session: "Session", reader: Reader, kind: Kind) -> tuple[Stored | None, str]:
    """The routine that `name(type, …)` names, and that as text."""
    parts, types = read_signature(reader)
    name, signature = resolve(session, parts), catalog.signature(types)
    return catalog.find(session, kind, name, signature), f"{name}{signature}"


_Change = Callable[["Session", Stored, Reader], None]


def _change(reader: Reader) -> _Change:
    for words, change in _CHANGES:
        if reader.take(*words):
            return change
    raise unsupported(f"ALTER … {reader.word()} of a procedure or function")


def _save(session: "Session", stored: Stored, routine: Routine) -> None:
    catalog.save(session, stored.name, routine, temporary=stored.session is not None)


def _comment(session: "Session", stored: Stored, reader: Reader) -> None:
    reader.expect("=")
    _save(session, stored, replace(stored.routine, comment=reader.string()))


def _no_comment(session: "Session", stored: Stored, _reader: Reader) -> None:
    _save(session, stored, replace(stored.routine, comment=""))


def _rights(session: "Session", stored: Stored, reader: Reader) -> None:
    rights = reader.take_any("OWNER", "CALLER")
    if not rights:
        raise reader.unexpected()
    _save(session, stored, replace(stored.routine, execute_as=rights))


def _rename(session: "Session", stored: Stored, reader: Reader) -> None:
    name = resolve(session, read_name(reader))
    require_schema(session, name)
    if catalog.find(session, stored.routine.kind, name, stored.signature):
        raise already_exists(name.name)
    if stored.session is not None:
        raise compilation_error("a temporary procedure or function cannot be renamed.")
    catalog.save(session, name, stored.routine, temporary=False)
    catalog.drop(session, stored)


_CHANGES: tuple[tuple[tuple[str, ...], _Change], ...] = (
    (("SET", "COMMENT"), _comment),
    (("UNSET", "COMMENT"), _no_comment),
    (("EXECUTE", "AS"), _rights),
    (("RENAME", "TO"), _rename),
)
