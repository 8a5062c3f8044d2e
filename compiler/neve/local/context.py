"""USE, SET, UNSET, ALTER SESSION: what a session knows without being told in each statement."""

from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.access import catalog
from neve.local.errors import (
    compilation_error,
    invalid_value,
    many_rows,
    no_current,
    no_such_object,
    not_with_owners_rights,
    syntax_error,
    unsupported,
)
from neve.local.parameters import FIXED, MOST, PARAMETERS, RANGES
from neve.local.result import Result
from neve.local.sqltext import Statement, identifier_of, is_string, is_word, parse_name, plain_text

if TYPE_CHECKING:
    from neve.local.session import Session

DONE = "Statement executed successfully."


def _refuse_with_owners_rights(session: "Session", what: str) -> None:
    if session.owners_rights:
        raise not_with_owners_rights(what)


def set_variables(session: "Session", statement: Statement) -> Result:
    """SET name = expression, SET (a, b) = (expression, expression), and SET (a, b) = (SELECT …)."""
    _refuse_with_owners_rights(session, "SET")
    words = [plain_text(token) for token in statement.tokens]
    if "=" not in words[:-1]:
        raise syntax_error(statement.text, len(statement.text), "<EOF>")
    equals = words.index("=")
    names = [identifier_of(token) for token in statement.tokens[1:equals] if is_word(token)]
    expression = statement.slice(equals + 1)
    if len(names) == 1:
        session.variables[names[0]] = session.evaluate(expression)
        return r.status(DONE, r.SCL)
    if words[equals + 1] != "(":
        opening = statement.tokens[equals + 1]
        raise syntax_error(statement.text, opening.start, opening.text)
    inner = expression.strip()[1:-1]
    queried = "".join(words[equals + 2 : equals + 3]).upper() in {"SELECT", "WITH"}
    rows = session.run(inner if queried else f"SELECT {inner}").rows
    if len(rows) > 1:
        raise many_rows()
    row = rows[0] if rows else (None,) * len(names)
    if len(row) != len(names):
        raise compilation_error("SET: number of variables and of expressions differ.")
    session.variables.update(zip(names, row, strict=True))
    return r.status(DONE, r.SCL)


def unset_variables(session: "Session", statement: Statement) -> Result:
    _refuse_with_owners_rights(session, "UNSET")
    for token in statement.tokens[1:]:
        if is_word(token):
            session.variables.pop(identifier_of(token), None)
    return r.status(DONE, r.SCL)


def alter_session(session: "Session", statement: Statement) -> Result:
    """ALTER SESSION SET name = value …, ALTER SESSION UNSET name …"""
    _refuse_with_owners_rights(session, "ALTER_SESSION")
    if statement.words[2:3] == ("UNSET",):
        for token in statement.tokens[3:]:
            if is_word(token):
                set_parameter(session, identifier_of(token), PARAMETERS.get(identifier_of(token), ""))
        return r.status(DONE, r.SCL)
    tokens = statement.tokens[3:]
    for index, token in enumerate(tokens):
        if plain_text(token) == "=" and 0 < index < len(tokens) - 1:
            name, told = identifier_of(tokens[index - 1]), tokens[index + 1]
            value = _value(told.text, quoted=is_string(told))
            if name in FIXED and value.upper() != PARAMETERS[name].upper():
                raise unsupported(f"{name} = {value}")
            set_parameter(session, name, value)
    return r.status(DONE, r.SCL)


def _value(text: str, *, quoted: bool) -> str:
    return text.lower() if not quoted and text.lower() in {"true", "false"} else text


def set_parameter(session: "Session", name: str, value: str) -> None:
    if name not in PARAMETERS:
        raise compilation_error(f"invalid parameter '{name}'", 1006, "22023")
    check_value(name, value)
    if name == "TIMEZONE":
        session.set_time_zone(value)
    session.parameters[name] = value


def check_value(name: str, value: str) -> None:
    """Raises SqlError for what is no number or no flag, where that is wanted, or is out of its range."""
    default = PARAMETERS[name]
    low, high = RANGES.get(name, (0, MOST))
    fits = value.lower() in {"true", "false"} if default in {"true", "false"} else True
    if default.isdecimal():
        fits = value.isdecimal() and low <= int(value) <= high
    if not fits:
        raise invalid_value(name, value)


def parameter_text(value: object) -> str:
    """A parameter's value as sent by a client, as it is kept."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def enter(
    session: "Session",
    database: str | None = None,
    schema: str | None = None,
    role: str | None = None,
    warehouse: str | None = None,
) -> None:
    """The context that a client asks for at login; a database or schema that does not exist is left out."""
    if role:
        session.role = parse_name(role)[-1]
    if warehouse:
        session.warehouse = parse_name(warehouse)[-1]
    name = parse_name(database)[0] if database else None
    if name is not None and name in session.engine.databases:
        use_database(session, (name,))
        inner = parse_name(schema)[-1] if schema else None
        if inner and _has_schema(session, name, inner):
            session.schema = inner


def use(session: "Session", statement: Statement) -> Result:
    """USE [DATABASE | SCHEMA | ROLE | SECONDARY ROLES | WAREHOUSE] name."""
    _refuse_with_owners_rights(session, "USE")
    kind = statement.words[1] if len(statement.words) > 1 else ""
    if kind == "SECONDARY":
        return r.status(DONE, r.SCL)
    named = kind in {"DATABASE", "SCHEMA", "ROLE", "WAREHOUSE"} and len(statement.tokens) > 2
    parts = _name_at(statement, 2 if named else 1)
    if kind == "ROLE" and named:
        use_role(session, parts[-1])
    elif kind == "WAREHOUSE" and named:
        session.warehouse = parts[-1]
    elif (kind == "SCHEMA" and named) or len(parts) == 2:
        use_schema(session, parts)
    else:
        use_database(session, parts)
    return r.status(DONE, r.SCL)


def _name_at(statement: Statement, first: int) -> tuple[str, ...]:
    """The name from token `first` on, which may be IDENTIFIER('…')."""
    if len(statement.tokens) <= first:
        raise syntax_error(statement.text, len(statement.text), "<EOF>")
    if plain_text(statement.tokens[first]).upper() == "IDENTIFIER" and len(statement.tokens) > first + 3:
        return parse_name(str(statement.tokens[first + 2].text))
    return parse_name(statement.slice(first))


def use_role(session: "Session", name: str) -> None:
    """Every role that exists is granted to the user. Raises SqlError 2043 for one that does not."""
    if catalog.find(session, "ROLE", name) is None:
        raise no_such_object()
    session.role = name


def use_database(session: "Session", parts: tuple[str, ...]) -> None:
    name = parts[0]
    if len(parts) > 1 or name not in session.engine.databases:
        raise no_such_object()
    session.database, session.schema = name, "PUBLIC" if _has_schema(session, name, "PUBLIC") else None


def use_schema(session: "Session", parts: tuple[str, ...]) -> None:
    database = parts[0] if len(parts) == 2 else session.database
    if not database:
        raise no_current("database")
    if not _has_schema(session, database, parts[-1]):
        raise no_such_object()
    session.database, session.schema = database, parts[-1]


def _has_schema(session: "Session", database: str, schema: str) -> bool:
    return session.engine.databases.has_schema(session, database, schema)


ROUTES = (
    (("SET",), set_variables),
    (("UNSET",), unset_variables),
    (("ALTER", "SESSION"), alter_session),
    (("USE",), use),
)
