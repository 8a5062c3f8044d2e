"""ROUND, FLOOR, CEIL and TRUNC to a number of digits."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.translate.build import call, cast
from neve.local.translate.rules.counts import written_out
from neve.local.translate.rules.numbers import numeric, power
from neve.local.translate.typing import kind_of, scale_of

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    return {
        exp.Floor: lambda _, node: _cut("floor", node),
        exp.Ceil: lambda _, node: _cut("ceil", node),
        exp.Trunc: truncate,
        exp.Round: round_,
        exp.Abs: read,
        exp.Sign: lambda _, node: call("sign", numeric(node.this)),
        exp.Factorial: lambda _, node: call("factorial", cast(node.this, "INTEGER")),
        exp.Log: lambda _, node: _without_sign(call("log", node.this, node.expression)),
    }


def round_(session: "Session", node: "exp.Round") -> "exp.Expr | None":
    """ROUND: halves away from zero."""
    if (made := _by_value("round", node)) is not None:
        return made
    read(session, node)
    return None


def _by_value(name: str, node: Any) -> "exp.Expr | None":
    """To a number of digits that only the row tells; None where it is written out."""
    digits = node.args.get("decimals")
    if digits is None or written_out(digits):
        return None
    this, places = numeric(node.this), cast(digits, "INTEGER")
    if kind_of(this) not in {"INT", "DECIMAL"}:
        return call(f"sf_{name}_at", cast(this, "DOUBLE"), places)
    text = call("sf_exact_cut", cast(this, "VARCHAR"), places, name)
    return cast(text, f"DECIMAL(38, {scale_of(this)})" if kind_of(this) == "DECIMAL" else "BIGINT")


def read(_session: "Session", node: Any) -> None:
    """The argument as a number."""
    changed = numeric(node.this)
    if changed is not node.this:
        node.set("this", changed)


def _without_sign(node: "exp.Expr") -> "exp.Expr":
    """Zero, where DuckDB's floats have a zero below zero as well."""
    from sqlglot import exp

    return exp.Paren(this=exp.Add(this=node, expression=exp.Literal.number(0)))


def truncate(session: "Session", node: "exp.Trunc") -> "exp.Expr | None":
    """TRUNC: a number to digits, or a date to a part."""
    from sqlglot import exp

    from neve.local.translate.rules import calendar

    to = node.args.get("decimals")
    if to is not None and to.is_string:
        return calendar.truncate(session, exp.TimestampTrunc(this=node.this, unit=exp.var(to.name)))
    if (made := _by_value("trunc", node)) is not None:
        return made
    read(session, node)
    return _without_sign(node.copy()) if kind_of(node.this) == "FLOAT" else None


def _cut(name: str, node: Any) -> "exp.Expr | None":
    """FLOOR and CEIL: to `digits` after the point."""
    from sqlglot import exp

    if (by_value := _by_value(name, node)) is not None:
        return by_value
    this, digits = numeric(node.this), node.args.get("decimals")
    if digits is None and kind_of(this) == "INT":
        return this
    if digits is None:
        made = call(name, this)
        return _without_sign(made) if kind_of(this) == "FLOAT" else made
    places = int(digits.sql())
    if kind_of(this) not in {"INT", "DECIMAL"}:
        scaled = exp.Literal.number(f"1e{places}")
        return exp.Div(this=call(name, exp.Mul(this=this, expression=scaled)), expression=scaled.copy())
    up, down = (power(places), power(-places))
    whole = cast(call(name, exp.Mul(this=this, expression=up)), "DECIMAL(28, 0)")
    return exp.Mul(this=whole, expression=down)
