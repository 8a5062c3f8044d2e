"""Binds and session variables put into a statement's text as literals, at the place of their tokens."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from neve.local.errors import SqlError, compilation_error, unsupported
from neve.local.sqltext import (
    Binds,
    Statement,
    Token,
    identifier_of,
    is_string,
    is_word,
    parse_name,
    plain_text,
    quote_string,
)

if TYPE_CHECKING:
    from neve.local.session import Session


def literal(value: object) -> str:
    """A Python value as SQL text of its type. Raises SqlError for a type that has none."""
    if value is None:
        return "NULL"
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    raise compilation_error(f"A value of type {type(value).__name__} cannot be bound.", 2049, "42601")


def _moment(value: datetime) -> str:
    return f"'{value.isoformat(sep=' ')}'::{'TIMESTAMP_TZ' if value.tzinfo else 'TIMESTAMP_NTZ'}"


# Subclasses before their bases: a bool is an int, a datetime is a date.
_WRITERS: Sequence[tuple[type | tuple[type, ...], Callable[[Any], str]]] = (
    (bool, lambda value: str(value).upper()),
    (int, str),
    (Decimal, lambda value: f"{value:f}"),
    (float, lambda value: f"{value!r}::FLOAT" if isfinite(value) else f"'{value}'::FLOAT"),
    (str, quote_string),
    ((bytes, bytearray), lambda value: f"X'{value.hex()}'"),
    (datetime, _moment),
    (date, lambda value: f"'{value.isoformat()}'::DATE"),
    (time, lambda value: f"'{value.isoformat()}'::TIME"),
    ((dict, list, tuple), lambda value: f"PARSE_JSON({quote_string(json.dumps(value, default=str))})"),
)


def put_in(session: "Session", statement: Statement) -> Statement:
    """The statement with `?`, `:1`, `:name` and `$variable` replaced. Raises SqlError for one that has no value."""
    valued = _replaced(statement, [(start, end, literal(v)) for start, end, v in _places(session, statement)])
    return _replaced(valued, list(_names(valued)))


def _replaced(statement: Statement, places: Sequence[tuple[int, int, str]]) -> Statement:
    if not places:
        return Statement(statement.text, statement.tokens, written=statement.written)
    pieces, done = [], 0
    for start, end, text in places:
        pieces += [statement.text[done:start], text]
        done = end
    made = Statement.of("".join([*pieces, statement.text[done:]]))
    return replace(made, written=statement.written or statement)


def _names(statement: Statement) -> Iterator[tuple[int, int, str]]:
    """IDENTIFIER('a.b') and TABLE('a.b') are the name that the string holds."""
    for head, opening, name, closing in zip(*(statement.tokens[i:] for i in range(4)), strict=False):
        called = plain_text(head).upper() if plain_text(opening) == "(" and is_string(name) else ""
        if called == "IDENTIFIER" and plain_text(closing) != ")":
            raise unsupported("IDENTIFIER of an expression")
        if called in {"IDENTIFIER", "TABLE"} and plain_text(closing) == ")":
            parse_name(name.text)
            yield head.start, closing.end + 1, name.text


def _places(session: "Session", statement: Statement) -> Iterator[tuple[int, int, object]]:
    position = 0
    for index, token in enumerate(statement.tokens):
        following = statement.tokens[index + 1] if index + 1 < len(statement.tokens) else None
        kind = token.token_type.name
        if kind == "PLACEHOLDER" and token.text == "?":
            yield token.start, token.end + 1, _positional(statement.binds, position)
            position += 1
        elif following is None or following.start != token.end + 1:
            continue
        elif kind == "PARAMETER" and token.text == "$" and is_word(following):
            yield token.start, following.end + 1, variable(session, identifier_of(following))
        elif kind == "COLON" and statement.binds and not _touches(statement.tokens, index):
            yield from _colon(statement.binds, token, following)


def _touches(tokens: Sequence[Token], index: int) -> bool:
    """Whether the colon stands right after something, as in the path `src:name`."""
    return index > 0 and tokens[index - 1].end + 1 == tokens[index].start and tokens[index - 1].text not in {"(", ","}


def _colon(binds: Binds, token: Token, following: Token) -> Iterator[tuple[int, int, object]]:
    if following.token_type.name == "NUMBER" and following.text.isdigit():
        yield token.start, following.end + 1, _positional(binds, int(following.text) - 1)
    elif isinstance(binds, Mapping) and is_word(following) and identifier_of(following) in binds:
        yield token.start, following.end + 1, binds[identifier_of(following)]


def _positional(binds: Binds, index: int) -> Any:
    if isinstance(binds, Mapping):
        binds = [binds[name] for name in sorted(binds)]
    if index >= len(binds):
        raise compilation_error(f"Bind variable {index + 1} not set.", 2049, "42601")
    return binds[index]


def variable(session: "Session", name: str) -> object:
    """The session variable's value. Raises SqlError when it is not set, or a procedure with owner's rights asks."""
    if session.owners_rights:
        refused = f"Use of session variable '${name}' is not allowed in owners rights stored procedure"
        raise compilation_error(refused, 90236, "42601")
    if name not in session.variables:
        raise SqlError(
            2211,
            "02000",
            f"SQL compilation error: error line 1 at position 0\nSession variable '${name}' does not exist",
        )
    return session.variables[name]
