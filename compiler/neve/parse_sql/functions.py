"""Calls of the task functions, found among the tokens wherever they stand (fact sheet 4)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from neve.ir import ReturnRead, ReturnValue
from neve.parse_sql.alternatives import alternatives, argument
from neve.parse_sql.dialect import Token, Unreadable, is_string, tokenize, word
from neve.parse_sql.literals import decode


@dataclass(frozen=True, slots=True)
class ConfigRead:
    """A value of the graph's CONFIG that is asked for."""

    path: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Returns:
    """The task's return value is set: to one of these texts, or (None) to what the run gives."""

    values: tuple[ReturnValue, ...] | None


Placed = TypeVar("Placed", ReturnRead, ConfigRead, ReturnValue, ReturnRead | ConfigRead)


def functions(tokens: Sequence[Token], text: str) -> Iterator[ReturnRead | ConfigRead | Returns]:
    """The task functions called in `text`, those in executed strings included."""
    for i, token in enumerate(tokens):
        if is_string(token) and "$" in token.text and i and word(tokens[i - 1]) == "IMMEDIATE":
            yield from _inner(token, text)
        elif word(token).startswith("SYSTEM$") and i + 1 < len(tokens) and word(tokens[i + 1]) == "(":
            yield from _call(word(token), token, tokens[i + 2 :])


def _call(name: str, token: Token, arguments: Sequence[Token]) -> Iterator[ReturnRead | ConfigRead | Returns]:
    literal = arguments[0] if arguments and is_string(arguments[0]) else None
    alone = literal is not None and len(arguments) > 1 and word(arguments[1]) == ")"
    if name == "SYSTEM$SET_RETURN_VALUE":
        known = alternatives(argument(arguments))
        yield Returns(tuple(ReturnValue(one.text, one.start, one.end + 1) for one in known) if known else None)
    elif name == "SYSTEM$GET_TASK_GRAPH_CONFIG":
        at = literal if literal is not None else token
        yield ConfigRead(literal.text if literal is not None and alone else "", at.start, at.end + 1)
    elif name == "SYSTEM$GET_PREDECESSOR_RETURN_VALUE":
        if literal is not None:
            yield ReturnRead(literal.text, literal.start, literal.end + 1)
        elif arguments and word(arguments[0]) == ")":
            yield ReturnRead(None, token.start, token.end + 1)


def _inner(literal: Token, text: str) -> Iterator[ReturnRead | ConfigRead | Returns]:
    inner, where = decode(text[literal.start : literal.end + 1])
    try:
        found = list(functions(tokenize(inner), inner))
    except Unreadable:  # reported where its statements are read
        return

    def moved(one: Placed) -> Placed:
        return replace(one, start=literal.start + where(one.start), end=literal.start + where(one.end))

    for one in found:
        if isinstance(one, Returns):
            yield Returns(tuple(map(moved, one.values)) if one.values else None)
        else:
            yield moved(one)
