"""The text of a scripting block -> Block (fact sheet 7.1). Raises SqlError 1003 at what cannot stand there."""

from collections.abc import Callable, Mapping

from neve.local import telemetry
from neve.local.errors import compilation_error
from neve.local.procedures.grammar import read_parameters, read_type
from neve.local.reader import Reader
from neve.local.scripting import phrases
from neve.local.scripting.templates import template
from neve.local.scripting.tree import (
    Block,
    Branch,
    Case,
    Declaration,
    DeclareProcedure,
    ForRange,
    ForRows,
    Handler,
    If,
    Loop,
    Sql,
    Statement,
)

_TRANSACTION = frozenset({"TRANSACTION", "WORK", "NAME"})
_LOGS = frozenset(telemetry.FUNCTIONS)


def parse(text: str) -> Block:
    """The block that `text` is: `[DECLARE …] BEGIN … END[;]` and nothing after it. One statement is a block, too."""
    reader = Reader.of(text)
    block = _block(reader) if reader.word() in {"DECLARE", "BEGIN"} else _alone(reader)
    reader.finish()
    return block


# Blocks and declarations ------------------------------------------------------------------------------
def _block(reader: Reader) -> Block:
    at = reader.offset
    with reader.nested():
        declarations = _declarations(reader) if reader.take("DECLARE") else ()
        reader.expect("BEGIN")
        body = _body(reader, "EXCEPTION", "END")
        handlers = _handlers(reader) if reader.take("EXCEPTION") else ()
        reader.expect("END")
    return Block(at, declarations, body, handlers, phrases.label(reader))


def _alone(reader: Reader) -> Block:
    at, statement = reader.offset, _statement(reader)
    reader.take(";")
    return Block(at, (), (statement,), (), "")


def _body(reader: Reader, *stops: str) -> tuple[Statement, ...]:
    """Statements up to one of the words `stops`, which is left there."""
    statements: list[Statement] = []
    while not reader.at_end() and reader.word() not in stops:
        statements.append(_statement(reader))
        reader.expect(";")
    return tuple(statements)


def _declarations(reader: Reader) -> tuple[Declaration, ...]:
    declarations: list[Declaration] = []
    while not reader.sees("BEGIN"):
        own = reader.word(1) == "PROCEDURE"
        declarations.append(_procedure(reader) if own else phrases.declaration(reader))
        reader.expect(";")
    return tuple(declarations)


def _procedure(reader: Reader) -> DeclareProcedure:
    """`name PROCEDURE (…) RETURNS type | TABLE (…) AS block`"""
    at, name = reader.offset, reader.name()
    reader.expect("PROCEDURE")
    parameters = read_parameters(reader.group())
    reader.expect("RETURNS")
    returns = None
    if reader.take("TABLE"):
        reader.group()
    else:
        returns = read_type(reader)
    reader.expect("AS")
    return DeclareProcedure(at, name, parameters, returns, _block(reader))


def _handlers(reader: Reader) -> tuple[Handler, ...]:
    handlers: list[Handler] = []
    while reader.sees("WHEN"):
        handlers.append(_handler(reader))
    if not handlers:
        raise reader.unexpected()
    return tuple(handlers)


def _handler(reader: Reader) -> Handler:
    at = reader.offset
    reader.expect("WHEN")
    names = [reader.name()]
    while reader.take("OR"):
        names.append(reader.name())
    goes_on = reader.take_any("EXIT", "CONTINUE") == "CONTINUE"
    reader.expect("THEN")
    return Handler(at, tuple(names), _body(reader, "WHEN", "END"), goes_on)


# Statements -------------------------------------------------------------------------------------------
def _statement(reader: Reader) -> Statement:
    word, following = reader.word(), reader.word(1)
    if following == ":=":
        return phrases.assign(reader)
    if word == "BEGIN" and following in _TRANSACTION:
        return phrases.sql(reader)
    if phrases.sees_immediate(reader):
        return phrases.execute_immediate(reader)
    if parse_one := _STATEMENTS.get(word):
        with reader.nested():
            return parse_one(reader)
    if word in _LOGS:
        return phrases.log(reader)
    if word.startswith("SYSTEM$"):
        raise compilation_error(f"{word} cannot be executed as a statement in Snowscript. Use CALL {word}(...).")
    if word not in phrases.VERBS and word != "(":
        raise reader.unexpected()
    return phrases.sql(reader)


def _if(reader: Reader) -> If:
    at, branches = reader.offset, []
    while reader.take_any("IF", "ELSEIF"):
        condition = phrases.expression(reader, "THEN")
        reader.expect("THEN")
        branches.append(Branch(condition, _body(reader, "ELSEIF", "ELSE", "END")))
    otherwise = _body(reader, "END") if reader.take("ELSE") else ()
    reader.expect("END", "IF")
    return If(at, tuple(branches), otherwise)


def _case(reader: Reader) -> Case:
    at, branches = reader.offset, []
    reader.expect("CASE")
    subject = None if reader.sees("WHEN") else phrases.expression(reader, "WHEN")
    while reader.take("WHEN"):
        condition = phrases.expression(reader, "THEN")
        reader.expect("THEN")
        branches.append(Branch(condition, _body(reader, "WHEN", "ELSE", "END")))
    otherwise = _body(reader, "END") if reader.take("ELSE") else ()
    reader.expect("END")
    reader.take("CASE")
    if not branches:
        raise reader.unexpected()
    return Case(at, subject, tuple(branches), otherwise)


def _for(reader: Reader) -> ForRows | ForRange:
    at = reader.offset
    reader.expect("FOR")
    name = reader.name()
    reader.expect("IN")
    downwards = reader.take("REVERSE")
    if not downwards and reader.word(1) in {"DO", "LOOP"}:
        source = reader.name()
        return ForRows(at, name, source, *_repeated(reader, "FOR"))
    first = phrases.expression(reader, "TO")
    reader.expect("TO")
    last = phrases.expression(reader, "DO", "LOOP")
    return ForRange(at, name, first, last, downwards, *_repeated(reader, "FOR"))


def _while(reader: Reader) -> Loop:
    at = reader.offset
    reader.expect("WHILE")
    condition = phrases.expression(reader, "DO", "LOOP")
    return Loop(at, condition, None, *_repeated(reader, "WHILE"))


def _repeated(reader: Reader, kind: str) -> tuple[tuple[Statement, ...], str | None]:
    """`DO … END kind [label]`, or the same with LOOP: the body and the label."""
    opening = reader.take_any("DO", "LOOP")
    if not opening:
        raise reader.unexpected()
    body = _body(reader, "END")
    reader.expect("END", kind if opening == "DO" else "LOOP")
    return body, phrases.label(reader)


def _repeat(reader: Reader) -> Loop:
    at = reader.offset
    reader.expect("REPEAT")
    body = _body(reader, "UNTIL")
    reader.expect("UNTIL")
    until = phrases.expression(reader, "END")
    reader.expect("END", "REPEAT")
    return Loop(at, None, until, body, phrases.label(reader))


def _loop(reader: Reader) -> Loop:
    at = reader.offset
    body, label = _repeated(reader, "LOOP")
    return Loop(at, None, None, body, label)


def _definition(reader: Reader) -> Sql:
    """CREATE TASK, CREATE PROCEDURE and ALTER TASK may have a block as their body, with semicolons in it."""
    at, start = reader.offset, reader.position
    reader.until("AS", ";")
    while reader.take("AS"):
        if reader.word() in {"BEGIN", "DECLARE"} and reader.word(1) not in _TRANSACTION:
            _block(reader)
        reader.until("AS", ";")
    return Sql(at, template(reader.text, reader.tokens[start : reader.position], expression=False))


_STATEMENTS: Mapping[str, Callable[[Reader], Statement]] = {
    "ALTER": _definition,
    "ASYNC": phrases.async_,
    "AWAIT": phrases.await_,
    "BEGIN": _block,
    "BREAK": phrases.jump,
    "CALL": phrases.call,
    "CANCEL": phrases.await_,
    "CASE": _case,
    "CLOSE": phrases.close,
    "CONTINUE": phrases.jump,
    "CREATE": _definition,
    "DECLARE": _block,
    "EXIT": phrases.jump,
    "FETCH": phrases.fetch,
    "FOR": _for,
    "IF": _if,
    "ITERATE": phrases.jump,
    "LET": phrases.let,
    "LOOP": _loop,
    "NULL": phrases.null,
    "OPEN": phrases.open_cursor,
    "RAISE": phrases.raise_,
    "REPEAT": _repeat,
    "RETURN": phrases.return_,
    "SELECT": phrases.select,
    "WHILE": _while,
    "WITH": phrases.select,
}
