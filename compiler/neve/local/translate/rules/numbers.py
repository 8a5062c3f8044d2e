"""Arithmetic, with Snowflake's scales and conversions."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.translate.build import call, cast
from neve.local.translate.typing import SEMI, kind_of, scale_of

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    return {
        exp.Mul: arithmetic,
        exp.Mod: arithmetic,
        exp.Div: divide,
        exp.Neg: negate,
        **dict.fromkeys((exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseNot), of_bits),
        exp.RegrValx: lambda _, node: _where_there(node.this, node.expression),
        exp.RegrValy: lambda _, node: _where_there(node.expression, node.this),
        exp.WidthBucket: lambda _, n: call("width_bucket", n.this, n.args["min_value"], n.args["max_value"],
                                           n.args["num_buckets"]),
    }  # fmt: skip


def numeric(node: "exp.Expr") -> "exp.Expr":
    """An operand as a number: text is read as one, VARIANT as a float."""
    from sqlglot import exp

    kind = kind_of(node)
    if kind == "TEXT":
        if isinstance(node, exp.Literal) and _plain_number(node.this):
            return exp.Literal.number(node.this.strip())
        if isinstance(node, exp.Literal) and not _number_at_all(node.this):
            return call("sf_no_number", node)
        return cast(node, "DECIMAL(38, 5)")
    if kind in SEMI:
        return cast(call("sf_text_json", node), "DOUBLE")
    return node


def _plain_number(text: str) -> bool:
    return text.strip().replace(".", "", 1).isdigit()


def _number_at_all(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _wide(node: "exp.Expr") -> "exp.Expr":
    """A long number as one of 38 digits, so that what is computed with it is one too."""
    from sqlglot import exp

    long = isinstance(node, exp.Literal) and not node.is_string and len(node.name) > 9 and node.name.isdigit()
    return cast(node, "HUGEINT") if long else node


def arithmetic(session: "Session", node: Any) -> "exp.Expr | None":
    """+ - * % of numbers."""
    both_whole = kind_of(node.this) == kind_of(node.expression) == "INT"
    for key in ("this", "expression"):
        operand = node.args[key]
        changed = _wide(numeric(operand))
        if session.wide and both_whole:
            changed = cast(changed, "HUGEINT")
        if changed is not operand:
            node.set(key, changed)
    if node.key == "mul" and kind_of(node) == "DECIMAL":
        return _product(session, node)
    return None


def _product(session: "Session", node: Any) -> "exp.Expr | None":
    """A product of decimals: with more digits than DuckDB has, by way of text."""
    digits = scale_of(node.this) + scale_of(node.expression)
    if digits > 37 or session.wide:
        return exactly("sf_exact_product", node.this, node.expression, scale_of(node))
    return cast(node.copy(), f"DECIMAL(38, {scale_of(node)})") if digits > 12 else None


def exactly(name: str, one: "exp.Expr", other: "exp.Expr", scale: int) -> "exp.Expr":
    """Of two numbers as texts, to so many digits after the point."""
    return cast(call(name, cast(one, "VARCHAR"), cast(other, "VARCHAR"), scale), f"DECIMAL(38, {scale})")


def divide(session: "Session", node: "exp.Div") -> "exp.Expr | None":
    """A number divided by a number has six more digits after the point."""
    scales = scale_of(node.this), scale_of(node.expression)
    arithmetic(session, node)
    if kind_of(node) not in {"DECIMAL", "INT"}:
        return None
    return quotient(session, node.this, node.expression, scales, scale_of(node))


_DIGITS = 12
_EXACT = 2**51
"""Below this, the quotient of two whole numbers as floats is rounded as the exact one would be."""


def quotient(
    session: "Session", dividend: "exp.Expr", divisor: "exp.Expr", scales: tuple[int, int], scale: int
) -> "exp.Expr":
    """An exact quotient to `scale` digits; of numbers with `scales` digits after the point."""
    from sqlglot import exp

    if session.wide:
        return exactly("sf_exact_quotient", dividend, divisor, scale)
    own, other = scales
    most = _EXACT // 10 ** (scale + other) if scale <= _DIGITS else 0
    shift = scale - own + other
    powers = (power(digits) for digits in (own, other, max(shift, 0), max(-shift, 0)))
    exact = cast(call("sf_divided", dividend, divisor, *powers, power(-scale)), f"DECIMAL(38, {scale})")
    quick = exp.Div(this=cast(dividend.copy(), "DOUBLE"), expression=divisor.copy())
    small = call("sf_small", dividend.copy(), divisor.copy(), most)
    return exp.Case(ifs=[exp.If(this=small, true=cast(quick, f"DECIMAL(38, {scale})"))], default=exact)


def power(places: int) -> "exp.Expr":
    """10 to the power of `places`, written as an exact number."""
    from sqlglot import exp

    return exp.Literal.number(f"1{'0' * places}" if places >= 0 else f"0.{'0' * (-places - 1)}1")


def negate(session: "Session", node: "exp.Neg") -> None:
    changed = numeric(node.this)
    if session.wide and kind_of(node.this) == "INT":
        changed = cast(changed, "HUGEINT")
    if changed is not node.this:
        node.set("this", changed)


def _where_there(needed: "exp.Expr", value: "exp.Expr") -> "exp.Expr":
    """The value as a float; NULL where `needed` is."""
    from sqlglot import exp

    there = exp.Not(this=exp.Is(this=needed, expression=exp.Null()))
    return exp.Case(ifs=[exp.If(this=there, true=cast(value, "DOUBLE"))])


def of_bits(session: "Session", node: Any) -> None:
    """Operands whose bits count, as whole numbers."""
    for key in ("this", "expression"):
        operand = node.args.get(key)
        if operand is not None and (kind_of(operand) in {"TEXT", "DECIMAL"} or _is_decimal(operand)):
            node.set(key, cast(operand, "HUGEINT" if session.wide else "BIGINT"))


def _is_decimal(node: "exp.Expr") -> bool:
    return node.type is not None and node.type.this.name == "DECIMAL" and not node.is_number


# Random numbers: with a seed, the same for the same row.
