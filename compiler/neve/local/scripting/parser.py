"""The text of a scripting block -> Block (fact sheet 7.1). Raises SqlError 1003 at what cannot stand there."""

from collections.abc import Callable, Mapping

from neve.local.reader import Reader
from neve.local.scripting.templates import template
from neve.local.scripting.tree import (
    Assign,
    Block,
    Branch,
    Case,
    Close,
    Declaration,
    DeclareCursor,
    DeclareException,
    DeclareResultSet,
    DeclareVariable,
    ExecuteImmediate,
    Fetch,
    ForRange,
    ForRows,
    Handler,
    If,
    Jump,
    Let,
    Loop,
    Nothing,
    Open,
    Query,
    Raise,
    Return,
    Sql,
    Statement,
    Template,
    Value,
)
from neve.local.errors import compilation_error, unsupported

_VERBS = frozenset(
    "ALTER BEGIN CALL COMMENT COMMIT COPY CREATE DELETE DESC DESCRIBE DROP EXECUTE EXPLAIN GET GRANT INSERT LIST LS "
    "MERGE PUT REMOVE REVOKE RM ROLLBACK SELECT SET SHOW START TRUNCATE UNDROP UNSET UPDATE USE WITH".split()
)
_TRANSACTION = frozenset({"TRANSACTION", "WORK", "NAME"})


def parse(text: str) -> Block:
    """The block that `text` is: `[DECLARE …] BEGIN … END[;]` and nothing after it."""
    reader = Reader.of(text)
    block = _block(reader)
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
    return Block(at, declarations, body, handlers, _label(reader))


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
        declarations.append(_declaration(reader))
        reader.expect(";")
    return tuple(declarations)


def _declaration(reader: Reader) -> Declaration:
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
    if reader.word(1) == ";" and reader.word() not in _VERBS:
        return DeclareCursor(at, name, None, reader.name())
    return DeclareCursor(at, name, _sql(reader).text, None)


def _exception(reader: Reader, at: int, name: str) -> DeclareException:
    inside = reader.group()
    code = inside.number()
    inside.expect(",")
    message = inside.string()
    inside.finish()
    return DeclareException(at, name, code, message)


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


def _label(reader: Reader) -> str | None:
    return None if reader.at_end() or reader.sees(";") else reader.name()


# Statements -------------------------------------------------------------------------------------------
def _statement(reader: Reader) -> Statement:
    word, following = reader.word(), reader.word(1)
    if following == ":=":
        return _assign(reader)
    if word == "BEGIN" and following in _TRANSACTION:
        return _sql(reader)
    if word == "EXECUTE" and following == "IMMEDIATE":
        return _execute_immediate(reader)
    if parse_one := _STATEMENTS.get(word):
        with reader.nested():
            return parse_one(reader)
    if word.startswith("SYSTEM$"):
        raise compilation_error(f"{word} cannot be executed as a statement in Snowscript. Use CALL {word}(...).")
    if word not in _VERBS and word != "(":
        raise reader.unexpected()
    return _sql(reader)


def _assign(reader: Reader) -> Assign:
    at, name = reader.offset, reader.name()
    reader.expect(":=")
    return Assign(at, name, _value(reader))


def _let(reader: Reader) -> Let:
    at = reader.offset
    reader.expect("LET")
    return Let(at, _declaration(reader))


def _if(reader: Reader) -> If:
    at, branches = reader.offset, []
    while reader.take_any("IF", "ELSEIF"):
        condition = _expression(reader, "THEN")
        reader.expect("THEN")
        branches.append(Branch(condition, _body(reader, "ELSEIF", "ELSE", "END")))
    otherwise = _body(reader, "END") if reader.take("ELSE") else ()
    reader.expect("END", "IF")
    return If(at, tuple(branches), otherwise)


def _case(reader: Reader) -> Case:
    at, branches = reader.offset, []
    reader.expect("CASE")
    subject = None if reader.sees("WHEN") else _expression(reader, "WHEN")
    while reader.take("WHEN"):
        condition = _expression(reader, "THEN")
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
    first = _expression(reader, "TO")
    reader.expect("TO")
    last = _expression(reader, "DO", "LOOP")
    return ForRange(at, name, first, last, downwards, *_repeated(reader, "FOR"))


def _while(reader: Reader) -> Loop:
    at = reader.offset
    reader.expect("WHILE")
    condition = _expression(reader, "DO", "LOOP")
    return Loop(at, condition, None, *_repeated(reader, "WHILE"))


def _repeated(reader: Reader, kind: str) -> tuple[tuple[Statement, ...], str | None]:
    """`DO … END kind [label]`, or the same with LOOP: the body and the label."""
    opening = reader.take_any("DO", "LOOP")
    if not opening:
        raise reader.unexpected()
    body = _body(reader, "END")
    reader.expect("END", kind if opening == "DO" else "LOOP")
    return body, _label(reader)


def _repeat(reader: Reader) -> Loop:
    at = reader.offset
    reader.expect("REPEAT")
    body = _body(reader, "UNTIL")
    reader.expect("UNTIL")
    until = _expression(reader, "END")
    reader.expect("END", "REPEAT")
    return Loop(at, None, until, body, _label(reader))


def _loop(reader: Reader) -> Loop:
    at = reader.offset
    body, label = _repeated(reader, "LOOP")
    return Loop(at, None, None, body, label)


def _jump(reader: Reader) -> Jump:
    at = reader.offset
    kind = "BREAK" if reader.take_any("BREAK", "EXIT") else "CONTINUE"
    if kind == "CONTINUE" and not reader.take_any("CONTINUE", "ITERATE"):
        raise reader.unexpected()
    return Jump(at, "BREAK" if kind == "BREAK" else "CONTINUE", _label(reader))


def _return(reader: Reader) -> Return:
    at = reader.offset
    reader.expect("RETURN")
    if reader.sees(";"):
        return Return(at, None)
    if not reader.sees("TABLE", "("):
        return Return(at, _value(reader))
    reader.expect("TABLE")
    inside = reader.group()
    if inside.word() in {"SELECT", "WITH"}:
        return Return(at, Query(inside.offset, _sql(inside)), table=True)
    inside.take(":")
    return Return(at, _expression(inside, ";"), table=True)


def _open(reader: Reader) -> Open:
    at = reader.offset
    reader.expect("OPEN")
    return Open(at, reader.name(), _using(reader))


def _fetch(reader: Reader) -> Fetch:
    at = reader.offset
    reader.expect("FETCH")
    cursor = reader.name()
    reader.expect("INTO")
    return Fetch(at, cursor, _variables(reader))


def _close(reader: Reader) -> Close:
    at = reader.offset
    reader.expect("CLOSE")
    return Close(at, reader.name())


def _raise(reader: Reader) -> Raise:
    at = reader.offset
    reader.expect("RAISE")
    return Raise(at, None if reader.sees(";") else reader.name())


def _null(reader: Reader) -> Nothing:
    at = reader.offset
    reader.expect("NULL")
    return Nothing(at)


def _await(reader: Reader) -> Nothing:
    """AWAIT ALL | AWAIT r, CANCEL r: what ASYNC started has run by then."""
    at = reader.offset
    reader.position += 1
    reader.name()
    return Nothing(at)


def _async(reader: Reader) -> Statement:
    reader.expect("ASYNC")
    return _query_statement(reader.group())


def _call(reader: Reader) -> Sql:
    """CALL p(…) [INTO :v]"""
    at, start = reader.offset, reader.position
    reader.until("INTO", ";")
    text = template(reader.text, reader.tokens[start : reader.position], expression=False)
    return Sql(at, text, _variables(reader) if reader.take("INTO") else ())


def _select(reader: Reader) -> Sql:
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


def _execute_immediate(reader: Reader) -> ExecuteImmediate:
    at = reader.offset
    reader.expect("EXECUTE", "IMMEDIATE")
    text = _expression(reader, "USING", "INTO", ";")
    using = _using(reader)
    return ExecuteImmediate(at, text, using, _variables(reader) if reader.take("INTO") else ())


def _sql(reader: Reader) -> Sql:
    """Any other statement, up to its semicolon; a body `AS BEGIN … END` may hold more of them."""
    at, start = reader.offset, reader.position
    reader.until("AS", ";")
    while reader.take("AS"):
        if reader.word() in {"BEGIN", "DECLARE"} and reader.word(1) not in _TRANSACTION:
            _block(reader)
        reader.until("AS", ";")
    if reader.position == start:
        raise reader.unexpected()
    return Sql(at, template(reader.text, reader.tokens[start : reader.position], expression=False))


_STATEMENTS: Mapping[str, Callable[[Reader], Statement]] = {
    "ASYNC": _async,
    "AWAIT": _await,
    "BEGIN": _block,
    "BREAK": _jump,
    "CALL": _call,
    "CANCEL": _await,
    "CASE": _case,
    "CLOSE": _close,
    "CONTINUE": _jump,
    "DECLARE": _block,
    "EXIT": _jump,
    "FETCH": _fetch,
    "FOR": _for,
    "IF": _if,
    "ITERATE": _jump,
    "LET": _let,
    "LOOP": _loop,
    "NULL": _null,
    "OPEN": _open,
    "RAISE": _raise,
    "REPEAT": _repeat,
    "RETURN": _return,
    "SELECT": _select,
    "WHILE": _while,
    "WITH": _select,
}


# Values -----------------------------------------------------------------------------------------------
def _value(reader: Reader) -> Value:
    """What stands right of := or DEFAULT: an expression, or one statement in parentheses."""
    at = reader.offset
    if reader.take("ASYNC"):
        return Query(at, _query_statement(reader.group()))
    if reader.sees("(") and reader.word(1) in _VERBS:
        start = reader.position
        inside = reader.group()
        if reader.at_end() or reader.sees(";"):
            return Query(at, _query_statement(inside))
        reader.position = start
    return _expression(reader, ";")


def _query_statement(reader: Reader) -> Statement:
    word = reader.word()
    if reader.sees("EXECUTE", "IMMEDIATE"):
        statement: Statement = _execute_immediate(reader)
    elif word in _VERBS:
        statement = _sql(reader)
    else:
        raise reader.unexpected()
    reader.finish()
    return statement


def _expression(reader: Reader, *stops: str) -> Template:
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
