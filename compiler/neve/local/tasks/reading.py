"""What the grammars of this folder read with the engine's Reader, beyond single tokens."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from neve.local.binding import put_in
from neve.local.reader import Reader
from neve.local.sqltext import Statement

if TYPE_CHECKING:
    from neve.local.session import Session

T = TypeVar("T")
Name = tuple[str, ...]
"""A dotted name's parts as they are stored; `a..b` has an empty middle."""


def dotted(reader: Reader) -> Name:
    parts = [reader.name()]
    while reader.take("."):
        parts.append("" if reader.sees(".") else reader.name())
    return tuple(parts)


def list_of(reader: Reader, item: Callable[[Reader], T]) -> tuple[T, ...]:
    """One or more items with commas between them."""
    items = [item(reader)]
    while reader.take(","):
        items.append(item(reader))
    return tuple(items)


def sees_number(reader: Reader) -> bool:
    return (
        not reader.at_end()
        and reader.tokens[reader.position + (reader.word() in {"+", "-"})].token_type.name == "NUMBER"
    )


def decimal(reader: Reader) -> str:
    """A number as written, but for a leading plus."""
    sign = "" if reader.take("+") else "-" if reader.take("-") else ""
    text = reader.word()
    reader.expect(text)
    return sign + text


def text_until(reader: Reader, *words: str) -> str:
    """The exact text up to the first of `words` outside of brackets, or to the end."""
    start = reader.offset
    if not reader.until(*words):
        raise reader.unexpected()
    return reader.text[start : reader.done]


def rest(reader: Reader) -> str:
    """The exact text up to the end of the statement, without its closing semicolon."""
    return text_until(reader).rstrip(";").rstrip()


def with_values(session: "Session", statement: Statement) -> str:
    """The statement with variables, binds and IDENTIFIER(…) put in, up to what is kept as it is written: a condition or
    a body.
    """
    reader = Reader.over(statement)
    reader.until("WHEN", "AS", "MODIFY")
    head = Statement.of(statement.text[: reader.done], statement.binds)
    return put_in(session, head).text + statement.text[reader.done :]
