"""Values of variables: with their type, and as SQL text."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from neve.local import binding
from neve.local.result import SEMI_STRUCTURED, Column, Result, from_rows
from neve.local.sqltext import quote_string
from neve.local.types import BOOLEAN, FLOAT, NUMBER, TEXT, SqlType


@dataclass(frozen=True, slots=True)
class Typed:
    """A value as Result.rows gives it, and its type; None is NULL."""

    value: Any
    type: SqlType


NULL = Typed(None, TEXT)


def typed(value: object) -> Typed:
    """A plain Python value with the type it has in Snowflake."""
    match value:
        case bool():
            return Typed(value, BOOLEAN)
        case int():
            return Typed(value, NUMBER)
        case float():
            return Typed(value, FLOAT)
        case _:
            return Typed(value, TEXT)


def as_result(column: str, given: Typed) -> Result:
    return from_rows([Column(column, given.type)], [(given.value,)])


def literal(given: Typed) -> str:
    """SQL text of the same value and type, fit to stand anywhere in an expression."""
    value, kind = given.value, given.type.kind
    if value is None:
        return "NULL" if kind == "TEXT" else f"NULL::{given.type}"
    if kind in SEMI_STRUCTURED:
        text = f"PARSE_JSON({quote_string(value)})"
        return text if kind == "VARIANT" else f"({text}::{kind})"
    if isinstance(value, datetime):
        return f"'{value.isoformat(sep=' ')}'::{kind}"
    text = binding.literal(value)
    return f"({text})" if text.startswith("-") else text
