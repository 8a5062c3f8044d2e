"""The statements of a block that hold no others: tokens -> nodes (fact sheet 7.1)."""

from neve.local.errors import unsupported
from neve.local.reader import Reader
from neve.local.scripting.templates import template
from neve.local.scripting.tree import (
    Assign,
    Close,
    Declaration,
    DeclareCursor,
    DeclareException,
    DeclareResultSet,
    DeclareVariable,
    ExecuteImmediate,
    Fetch,
    Jump,
    Let,
    Nothing,
    Open,
    Query,
    Raise,
    Return,
    ReturnTable,
    Sql,
    Statement,
    Template,
    Value,
)

VERBS = frozenset(
    """ALTER BEGIN CALL COMMENT COMMIT COPY CREATE DELETE DESC DESCRIBE DROP EXECUTE EXPLAIN GET GRANT INSERT LIST LS
    MERGE PUT REMOVE REVOKE RM ROLLBACK SELECT SET SHOW START TRUNCATE UNDROP UNSET UPDATE USE WITH""".split()  # noqa: SIM905 - a list would take a page
)
"""What an SQL statement starts with."""


# Declarations and assignment
def declaration(reader: Reader) -> Declaration:
    at, name = reader.offset, reader.name()
    if reader.take("CURSOR", "FOR"):
        return _cursor(reader, at, name)
    if reader.take("RESULTSET"):
        return DeclareResultSet(at, name, _value(reader) if reader.take_any("DEFAULT", ":=") else None)
    if reader.take("EXCEPTION"):
        return _exception(reader, at, name)
    if reader.sees("PROCEDURE"):
        raise unsupported("A procedure declared inside a block")
    if reader.sees(";"):
        raise reader.unexpected()
    typed = reader.until("DEFAULT", ":=", ";")
    type_name = reader.text[typed[0].start : typed[-1].end + 1] if typed else None
    return DeclareVariable(at, name, type_name, _value(reader) if reader.take_any("DEFAULT", ":=") else None)


def _cursor(reader: Reader, at: int, name: str) -> DeclareCursor:
    if reader.word(1) == ";" and reader.word() not in VERBS:
        return DeclareCursor(at, name, reader.name())
    return DeclareCursor(at, name, sql(reader).text)


def _exception(reader: Reader, at: int, name: str) -> DeclareException:
    if reader.sees(";"):
        return DeclareException(at, name, -20000, "")
    inside = reader.group()
    code = inside.number()
    inside.expect(",")
    message = inside.string()
    inside.finish()
    return DeclareException(at, name, code, message)


def let(reader: Reader) -> Let:
    at = reader.offset
    reader.expect("LET")
    return Let(at, declaration(reader))


def assign(reader: Reader) -> Assign:
    at, name = reader.offset, reader.name()
    reader.expect(":=")
    return Assign(at, name, _value(reader))


# Leaving, cursors, exceptions
def jump(reader: Reader) -> Jump:
    """BREAK and CONTINUE; EXIT and ITERATE mean the same."""
    at = reader.offset
    if reader.take_any("BREAK", "EXIT"):
        return Jump(at, "BREAK", label(reader))
    if reader.take_any("CONTINUE", "ITERATE"):
        return Jump(at, "CONTINUE", label(reader))
    raise reader.unexpected()


def return_(reader: Reader) -> Return | ReturnTable:
    at = reader.offset
    reader.expect("RETURN")
    if reader.sees(";"):
        return Return(at, None)
    if not reader.sees("TABLE", "("):
        return Return(at, _value(reader))
    reader.expect("TABLE")
    inside = reader.group()
    if inside.word() in {"SELECT", "WITH"}:
        return ReturnTable(at, Query(inside.offset, sql(inside)))
    inside.take(":")
    return ReturnTable(at, expression(inside, ";"))


def open_cursor(reader: Reader) -> Open:
    at = reader.offset
    reader.expect("OPEN")
    return Open(at, reader.name(), _using(reader))


def fetch(reader: Reader) -> Fetch:
    at = reader.offset
    reader.expect("FETCH")
    cursor = reader.name()
    reader.expect("INTO")
    return Fetch(at, cursor, _variables(reader))


def close(reader: Reader) -> Close:
    at = reader.offset
    reader.expect("CLOSE")
    return Close(at, reader.name())


def raise_(reader: Reader) -> Raise:
    at = reader.offset
    reader.expect("RAISE")
    return Raise(at, None if reader.sees(";") else reader.name())


def null(reader: Reader) -> Nothing:
    at = reader.offset
    reader.expect("NULL")
    return Nothing(at)


def await_(reader: Reader) -> Nothing:
    """AWAIT ALL | AWAIT r, CANCEL r: what ASYNC started has run by then."""
    at = reader.offset
    reader.position += 1
    reader.name()
    return Nothing(at)


def label(reader: Reader) -> str | None:
    return None if reader.at_end() or reader.sees(";") else reader.name()


# SQL
def async_(reader: Reader) -> Statement:
    reader.expect("ASYNC")
    return _query_statement(reader.group())


def call(reader: Reader) -> Sql:
    """CALL p(…) [INTO :v]"""
    at, start = reader.offset, reader.position
    reader.until("INTO", ";")
    text = template(reader.text, reader.tokens[start : reader.position], expression=False)
    return Sql(at, text, _variables(reader) if reader.take("INTO") else ())


def select(reader: Reader) -> Sql:
    """SELECT … [INTO :a, :b] [FROM …]: INTO is taken out of the text."""
    at = reader.offset
    head = list(reader.until("INTO", ";"))
    into = _variables(reader) if reader.take("INTO") else ()
    tail = list(reader.until(";"))
    if not into:
        return Sql(at, template(reader.text, head + tail, expression=False))
    pieces = [template(reader.text, piece, expression=False) for piece in (head, tail) if piece]
    parts = pieces[0].parts if len(pieces) == 1 else (*pieces[0].parts, " ", *pieces[1].parts)
    return Sql(at, Template(at, parts), into)


def execute_immediate(reader: Reader) -> ExecuteImmediate:
    at = reader.offset
    reader.expect("EXECUTE", "IMMEDIATE")
    text = expression(reader, "USING", "INTO", ";")
    using = _using(reader)
    return ExecuteImmediate(at, text, using, _variables(reader) if reader.take("INTO") else ())


def sql(reader: Reader) -> Sql:
    """Any other statement, up to its semicolon."""
    at, tokens = reader.offset, reader.until(";")
    if not tokens:
        raise reader.unexpected()
    return Sql(at, template(reader.text, tokens, expression=False))


# Values and variables
def _value(reader: Reader) -> Value:
    """What stands right of := or DEFAULT: an expression, or one statement in parentheses."""
    at = reader.offset
    if reader.take("ASYNC"):
        return Query(at, _query_statement(reader.group()))
    if reader.sees("(") and reader.word(1) in VERBS:
        start = reader.position
        inside = reader.group()
        if reader.at_end() or reader.sees(";"):
            return Query(at, _query_statement(inside))
        reader.position = start
    return expression(reader, ";")


def _query_statement(reader: Reader) -> Statement:
    word = reader.word()
    if reader.sees("EXECUTE", "IMMEDIATE"):
        statement: Statement = execute_immediate(reader)
    elif word in VERBS:
        statement = sql(reader)
    else:
        raise reader.unexpected()
    reader.finish()
    return statement


def expression(reader: Reader, *stops: str) -> Template:
    tokens = reader.until(*stops, ";")
    if not tokens:
        raise reader.unexpected()
    return template(reader.text, tokens, expression=True)


def _using(reader: Reader) -> tuple[str, ...]:
    if not reader.take("USING"):
        return ()
    inside = reader.group()
    names = _variables(inside)
    inside.finish()
    return names


def _variables(reader: Reader) -> tuple[str, ...]:
    """`:a, :b`; the colons may be left out."""
    names: list[str] = []
    while not names or reader.take(","):
        reader.take(":")
        names.append(reader.name())
    return tuple(names)
