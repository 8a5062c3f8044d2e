"""Products and quotients of decimals that are longer on the way than what comes out."""

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

_EXACT = Context(prec=100, rounding=ROUND_HALF_UP)


def product(one: str, other: str, scale: int) -> str:
    """To `scale` digits after the point."""
    return _cut(_EXACT.multiply(Decimal(one), Decimal(other)), scale)


def quotient(dividend: str, divisor: str, scale: int) -> str:
    """To `scale` digits after the point. Raises ValueError, in the form of `faults`, for a divisor of zero."""
    if not Decimal(divisor):
        raise ValueError("#100051 22012 Division by zero")
    return _cut(_EXACT.divide(Decimal(dividend), Decimal(divisor)), scale)


_WAYS = {"round": ROUND_HALF_UP, "trunc": ROUND_DOWN, "floor": ROUND_FLOOR, "ceil": ROUND_CEILING}


def cut(text: str, places: int, way: str) -> str:
    """ROUND, TRUNC, FLOOR and CEIL to `places` digits after the point."""
    number = Decimal(text)
    if places >= -int(number.as_tuple().exponent):
        return text
    return f"{number.quantize(Decimal(1).scaleb(-places), _WAYS[way], _EXACT):f}"


def _cut(number: Decimal, scale: int) -> str:
    return f"{number.quantize(Decimal(1).scaleb(-scale), context=_EXACT):f}"


FUNCTIONS = (
    ("sf_exact_cut", cut, ["VARCHAR", "INTEGER", "VARCHAR"], "VARCHAR"),
    ("sf_exact_product", product, ["VARCHAR", "VARCHAR", "INTEGER"], "VARCHAR"),
    ("sf_exact_quotient", quotient, ["VARCHAR", "VARCHAR", "INTEGER"], "VARCHAR"),
)
