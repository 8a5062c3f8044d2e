"""SHOW PARAMETERS and SHOW VARIABLES: those of the session."""

from typing import TYPE_CHECKING

from neve.local.errors import unsupported
from neve.local.listing import like
from neve.local.parameters import PARAMETERS
from neve.local.reader import Reader
from neve.local.result import Column, Result, from_rows
from neve.local.scripting.values import typed
from neve.local.sqltext import Statement

if TYPE_CHECKING:
    from neve.local.session import Session

_OTHERS = frozenset({"DATABASE", "SCHEMA", "TABLE", "USER", "WAREHOUSE"})
_PARAMETERS = ("key", "value", "default", "level", "description", "type")
_VARIABLES = ("session_id", "created_on", "updated_on", "name", "value", "type", "comment")


def show_parameters(session: "Session", statement: Statement) -> Result:
    """SHOW PARAMETERS [LIKE '…'] [IN | FOR SESSION | ACCOUNT]: those of the session, or their defaults."""
    reader = Reader.over(statement)
    reader.expect("SHOW", "PARAMETERS")
    pattern = like(reader)
    scoped = reader.take_any("IN", "FOR")
    account = bool(scoped) and reader.take("ACCOUNT")
    if scoped and not account:
        if reader.word() in _OTHERS:
            raise unsupported(f"SHOW PARAMETERS IN {reader.word()}")
        reader.expect("SESSION")
    reader.finish()
    rows = [
        (name, default if account else session.parameter(name), default, _level(session, name), "", _type(default))
        for name, default in sorted(PARAMETERS.items())
        if pattern.fullmatch(name)
    ]
    return from_rows([Column(head) for head in _PARAMETERS], rows)


def _level(session: "Session", name: str) -> str:
    return "SESSION" if name in session.parameters else ""


def _type(default: str) -> str:
    if default in {"true", "false"}:
        return "BOOLEAN"
    return "NUMBER" if default.isdigit() else "STRING"


def show_variables(session: "Session", statement: Statement) -> Result:
    """SHOW VARIABLES [LIKE '…']."""
    reader = Reader.over(statement)
    reader.expect("SHOW", "VARIABLES")
    pattern = like(reader)
    reader.finish()
    rows = [
        (str(session.id), None, None, name, str(value), typed(value).type.kind.lower(), "")
        for name, value in sorted(session.variables.items())
        if pattern.fullmatch(name)
    ]
    return from_rows([Column(head) for head in _VARIABLES], rows)


ROUTES = ((("SHOW", "PARAMETERS"), show_parameters), (("SHOW", "VARIABLES"), show_variables))
