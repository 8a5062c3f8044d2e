"""The value of an expression: SELECT of it, with the variables' values put in (fact sheet 7.1)."""

import re
from typing import TYPE_CHECKING

from neve.local.errors import (
    SqlError,
    compilation_error,
    many_rows,
)
from neve.local.result import Result
from neve.local.scripting.scope import Row, Scope, Variable, field_of, render, sole_reference
from neve.local.scripting.signals import EXPRESSION_ERROR, Raised
from neve.local.scripting.tree import Template
from neve.local.scripting.values import Typed, literal, typed
from neve.local.types import BOOLEAN, NUMBER, SqlType

if TYPE_CHECKING:
    from neve.local.session import Session

_CONSTANT = re.compile(r"(?P<number>\d{1,18})|'(?P<text>[^'\\]*)'|(?P<truth>TRUE|FALSE)", re.IGNORECASE)


def evaluate(session: "Session", template: Template, scope: Scope) -> Typed:
    """The value of an expression; raises Raised with EXPRESSION_ERROR."""
    try:
        return _evaluate(session, template, scope)
    except SqlError as error:
        raise Raised(EXPRESSION_ERROR, template.at, error) from error


def truth(session: "Session", template: Template, scope: Scope) -> bool:
    """Whether a condition holds; NULL does not."""
    value = evaluate(session, template, scope)
    try:
        return bool(coerce(session, value, BOOLEAN).value)
    except SqlError as error:
        raise Raised(EXPRESSION_ERROR, template.at, error) from error


def number(session: "Session", template: Template, scope: Scope) -> int:
    """A bound of FOR … TO …"""
    value = coerce(session, evaluate(session, template, scope), NUMBER).value
    if value is None:
        raise compilation_error("a bound of FOR is NULL.")
    return int(value)


def coerce(session: "Session", given: Typed, to: SqlType) -> Typed:
    """`given` as a value of the type `to`; raises SqlError when it is none."""
    if given.value is None:
        return Typed(None, to)
    if given.type == to or (given.type.kind == to.kind and _keeps(given, to)):
        return Typed(given.value, to)
    result = session.run(f"SELECT ({literal(given)})::{to}")
    return Typed(result.rows[0][0], to)


def store(session: "Session", variable: Variable, value: Typed) -> None:
    """Assign; a variable without a declared type takes that of its first value. Raises SqlError for a text that its
    type would cut.
    """
    if variable.type is None:
        variable.type = value.type
    texts = variable.type.kind == value.type.kind == "TEXT" and value.value is not None
    if variable.declared and texts and len(value.value) > variable.type.length:
        raise SqlError(100078, "22000", f"String '{value.value}' is too long and would be truncated")
    same = not variable.declared and value.type.kind == variable.type.kind
    variable.value = value if same else coerce(session, value, variable.type)


def scalar(result: Result) -> Typed:
    """The value of a statement used as one: its only row's first column, NULL without a row."""
    if len(result.rows) > 1:
        raise many_rows()
    return Typed(result.rows[0][0] if result.rows else None, result.columns[0].type)


def _keeps(given: Typed, to: SqlType) -> bool:
    """Whether a value of the same kind fits without rounding or cutting."""
    match to.kind:
        case "FIXED":
            return given.type.scale == to.scale and abs(given.value) < 10 ** (to.precision - to.scale)
        case "TEXT" | "BINARY":
            return len(given.value) <= to.length
        case _:
            return True


def _evaluate(session: "Session", template: Template, scope: Scope) -> Typed:
    if reference := sole_reference(template):
        match scope.find(reference.name):
            case Variable(value=value) if reference.field is None:
                return value
            case Row() as row:
                return field_of(row, reference)
    text = render(template, scope)
    if constant := _CONSTANT.fullmatch(text):
        return _constant(constant)
    result = session.run(f"SELECT {text}")
    if len(result.columns) != 1 or len(result.rows) != 1:
        raise compilation_error("an expression must have one value.")
    return Typed(result.rows[0][0], result.columns[0].type)


def _constant(match: "re.Match[str]") -> Typed:
    if match["number"]:
        return typed(int(match["number"]))
    if match["truth"]:
        return typed(match["truth"].upper() == "TRUE")
    return typed(match["text"])
