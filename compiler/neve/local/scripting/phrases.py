"""The statements of a block that hold no others: tokens -> nodes (fact sheet 7.1)."""

from neve.local.errors import compilation_error
from neve.local.reader import Reader
from neve.local.scripting.templates import template
from neve.local.scripting.tree import (
    Assign,
    Async,
    Await,
    Call,
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
    Log,
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

_EXCEPTION_CODES = range(-20999, -19999)


# Declarations and assignment
def declaration(reader: Reader) -> Declaration:
    at, name = reader.offset, reader.name()
    if reader.take("CURSOR", "FOR"):
        return _cursor(reader, at, name)
    if reader.take("RESULTSET"):
        return DeclareResultSet(at, name, _value(reader) if reader.take_any("DEFAULT", ":=") else None)
    if reader.take("EXCEPTION"):
        return _exception(reader, at, name)
    if not (reader.word().isidentifier() or reader.word() == ":="):
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
    if code not in _EXCEPTION_CODES:
        raise compilation_error(f"the number of an exception must be between -20999 and -20000, not {code}.")
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
    return ReturnTable(at, _of_cursor(inside) or expression(inside, ";"))


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


def await_(reader: Reader) -> Await:
    """AWAIT ALL | AWAIT r | CANCEL r"""
    at = reader.offset
    cancels = reader.take_any("AWAIT", "CANCEL") == "CANCEL"
    name = None if reader.take("ALL") else reader.name()
    return Await(at, name, cancels)


def label(reader: Reader) -> str | None:
    return None if reader.at_end() or reader.sees(";") else reader.name()


# SQL
def async_(reader: Reader) -> Async:
    at = reader.offset
    reader.expect("ASYNC")
    return Async(at, _query_statement(reader.group()))


def call(reader: Reader) -> Call | Sql:
    """CALL p(…) [INTO :v]"""
    at, start = reader.offset, reader.position
    reader.until("INTO", ";")
    tokens = reader.tokens[start : reader.position]
    text = template(reader.text, tokens, expression=False)
    statement = Sql(at, text, _variables(reader) if reader.take("INTO") else ())
    parts = Reader(reader.text, tokens)
    parts.expect("CALL")
    name = parts.dotted()
    if not parts.sees("("):
        return statement
    return Call(at, statement, name[0] if len(name) == 1 else "", _arguments(parts.group()))


def _arguments(reader: Reader) -> tuple[tuple[str | None, Template], ...]:
    """`[name =>] value, …` up to the end."""
    arguments: list[tuple[str | None, Template]] = []
    while not reader.at_end():
        name = reader.name() if reader.word(1) == "=>" else None
        reader.take("=>")
        tokens = reader.until(",")
        if not tokens:
            raise reader.unexpected()
        arguments.append((name, template(reader.text, tokens, expression=False)))
        reader.take(",")
    return tuple(arguments)


def log(reader: Reader) -> Log:
    at = reader.offset
    return Log(at, expression(reader, ";"))


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


def sees_immediate(reader: Reader) -> bool:
    """Whether a text is executed; with FROM it is a file, and a statement like others."""
    return reader.sees("EXECUTE", "IMMEDIATE") and reader.word(2) != "FROM"


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
        return Query(at, _query_statement(reader.group()), is_async=True)
    if reader.sees("CALL"):
        return Query(at, call(reader))
    if reader.sees("(") and reader.word(1) in VERBS:
        start = reader.position
        inside = reader.group()
        if reader.at_end() or reader.sees(";"):
            return Query(at, _query_statement(inside))
        reader.position = start
    return _of_cursor(reader) or expression(reader, ";")


def _of_cursor(reader: Reader) -> Template | None:
    """RESULTSET_FROM_CURSOR(c) is read as the cursor: its rows are wanted."""
    if not reader.take("RESULTSET_FROM_CURSOR"):
        return None
    return expression(reader.group(), ";")


def _query_statement(reader: Reader) -> Statement:
    word = reader.word()
    if sees_immediate(reader):
        statement: Statement = execute_immediate(reader)
    elif word == "CALL":
        statement = call(reader)
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
