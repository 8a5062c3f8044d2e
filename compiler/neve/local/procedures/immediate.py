"""Scripting blocks as statements: bare, and in EXECUTE IMMEDIATE (fact sheet 7.1)."""

from typing import TYPE_CHECKING

from neve.local.binding import put_in
from neve.local.errors import compilation_error
from neve.local.procedures.immediate_from import execute_file, from_file
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.scripting.interpret import run as run_scripting
from neve.local.sqltext import Statement, plain_text

if TYPE_CHECKING:
    from neve.local.session import Session

_TRANSACTION = frozenset({"", "TRANSACTION", "WORK", "NAME"})


def is_block(statement: Statement) -> bool:
    """Whether a statement that starts with BEGIN or DECLARE is a block; BEGIN alone starts a transaction."""
    following = [plain_text(token).upper() for token in statement.tokens[1:3]]
    return bool(following) and (following[0] not in _TRANSACTION or following[1:] == [":="])


def block(session: "Session", statement: Statement) -> Result:
    """A bare block."""
    text = put_in(session, statement).text if statement.binds else statement.text
    return run_scripting(session, text)


def execute_immediate(session: "Session", statement: Statement) -> Result:
    """EXECUTE IMMEDIATE '…' | $$…$$ | $variable [USING (…)]: the result of the statement in that text. With FROM it is
    in a file.
    """
    reader = Reader.over(statement)
    reader.expect("EXECUTE", "IMMEDIATE")
    if reader.take("FROM"):
        return _execute_from(session, statement, reader)
    text = _value(session, reader.slice(reader.until("USING")))
    using = [_value(session, each) for each in _using(reader)]
    reader.finish()
    if not isinstance(text, str):
        raise compilation_error("EXECUTE IMMEDIATE needs the text of a statement.")
    return session.run(text, using)


def _execute_from(session: "Session", statement: Statement, reader: Reader) -> Result:
    file = from_file(session, statement, reader)
    using: dict[str, object] = {}
    for each in _using(reader):
        name, _, value = each.partition("=>")
        using[name.strip()] = _value(session, value)
    return execute_file(session, file, using, reader.options())


def _using(reader: Reader) -> list[str]:
    if not reader.take("USING"):
        return []
    inside, found = reader.group(), []
    while not inside.at_end():
        found.append(inside.slice(inside.until(",")))
        inside.take(",")
    return found


def _value(session: "Session", expression: str) -> object:
    """The value of an SQL expression; a string literal is read without running anything."""
    tokens = Statement.of(expression).tokens
    if len(tokens) == 1 and (text := Reader(expression, tokens)).sees_string():
        return text.string()
    return session.run(f"SELECT {expression}").rows[0][0]
