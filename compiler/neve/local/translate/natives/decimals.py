"""Products and quotients of decimals that are longer on the way than what comes out."""

from decimal import ROUND_HALF_UP, Context, Decimal

_EXACT = Context(prec=100, rounding=ROUND_HALF_UP)


def product(one: str, other: str, scale: int) -> str:
    """To `scale` digits after the point."""
    return _cut(_EXACT.multiply(Decimal(one), Decimal(other)), scale)


def quotient(dividend: str, divisor: str, scale: int) -> str:
    """To `scale` digits after the point. Raises ValueError, in the form of `faults`, for a divisor of zero."""
    if not Decimal(divisor):
        raise ValueError("#100051 22012 Division by zero")
    return _cut(_EXACT.divide(Decimal(dividend), Decimal(divisor)), scale)


def _cut(number: Decimal, scale: int) -> str:
    return f"{number.quantize(Decimal(1).scaleb(-scale), context=_EXACT):f}"


FUNCTIONS = (
    ("sf_exact_product", product, ["VARCHAR", "VARCHAR", "INTEGER"], "VARCHAR"),
    ("sf_exact_quotient", quotient, ["VARCHAR", "VARCHAR", "INTEGER"], "VARCHAR"),
)
