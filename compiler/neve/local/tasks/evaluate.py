"""The value of a WHEN expression (fact sheet 4.1)."""

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from neve.local.errors import not_a_boolean, not_a_number
from neve.local.tasks.condition import (
    FLOAT_TYPES,
    TEXT_TYPES,
    Cast,
    Comparison,
    Expression,
    FunctionCall,
    Literal,
    Logical,
    Not,
    Value,
)

Call = Callable[[str, Sequence[str]], str | bool | None]
"""Calls one of the functions that WHEN may contain, with constant arguments."""

BOOLEANS = {
    **dict.fromkeys(["TRUE", "T", "YES", "Y", "ON", "1"], True),
    **dict.fromkeys(["FALSE", "F", "NO", "N", "OFF", "0"], False),
}

COMPARISONS: Mapping[str, Callable[[Value, Value], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,  # type: ignore[operator]  # both sides have one type by then
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">": lambda a, b: a > b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
}


def holds(expression: Expression, call: Call) -> bool:
    """Whether the condition is true: false and NULL both skip the task. Raises SqlError when it can't be computed."""
    return to_boolean(evaluate(expression, call)) is True


def evaluate(expression: Expression, call: Call) -> Value:
    match expression:
        case Literal(value):
            return value
        case FunctionCall(name, arguments):
            return call(name, arguments)
        case Cast(operand, kind, scale):
            return _cast(evaluate(operand, call), kind, scale)
        case Not(operand):
            truth = to_boolean(evaluate(operand, call))
            return None if truth is None else not truth
        case Logical(decisive, operands):
            return _combine(decisive, [to_boolean(evaluate(operand, call)) for operand in operands])
        case Comparison(operator, left, right):
            return _compare(operator, evaluate(left, call), evaluate(right, call))


def _combine(decisive: bool, truths: list[bool | None]) -> bool | None:  # noqa: FBT001 - the value itself, no switch
    if decisive in truths:
        return decisive
    return None if None in truths else not decisive


def _compare(operator: str, left: Value, right: Value) -> bool | None:
    if left is None or right is None:
        return None
    if isinstance(left, bool) or isinstance(right, bool):
        left, right = to_boolean(left), to_boolean(right)
    elif isinstance(left, Decimal) or isinstance(right, Decimal):
        left, right = _to_number(left), _to_number(right)
    return COMPARISONS[operator](left, right)


def _cast(value: Value, kind: str, scale: int) -> Value:
    if value is None:
        return None
    if kind == "BOOLEAN":
        return to_boolean(value)
    if kind in TEXT_TYPES:
        return str(value).lower() if isinstance(value, bool) else str(value)
    number = _to_number(value)
    return number if kind in FLOAT_TYPES else number.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)


def to_boolean(value: Value) -> bool | None:
    """`value` as Snowflake casts it to BOOLEAN. Raises SqlError."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Decimal):
        return value != 0
    truth = BOOLEANS.get(value.strip().upper())
    if truth is None:
        raise not_a_boolean(value)
    return truth


def _to_number(value: str | Decimal | bool) -> Decimal:  # noqa: FBT001 - a value, no switch
    if isinstance(value, Decimal | bool):
        return Decimal(value)
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        raise not_a_number(value) from None
    if not number.is_finite():
        raise not_a_number(value)
    return number
