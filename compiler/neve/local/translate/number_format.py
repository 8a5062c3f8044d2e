"""TO_CHAR of numbers with a format such as '9,999.00', '$999', 'FM0000' or 'TM9'."""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from neve.local.errors import unsupported

_HEX = re.compile(r"(?:FM)?0*X+", re.IGNORECASE)
_KNOWN = frozenset("09.,$SDG")


def check(form: str) -> None:
    """Raises SqlError for a format with other elements than digits, separators, signs, $, FM and TM9."""
    known = _body(form) in {"TM9", "TM", "TME"} or _HEX.fullmatch(form) or set(_body(form)) <= _KNOWN
    if not known:
        raise unsupported(f"The number format '{form}'")


@cache
def _body(form: str) -> str:
    return form.upper().replace("FM", "").replace("MI", "")


def number_text(value: Decimal, form: str) -> str:
    """The number in Snowflake's format; `#` for each place when it does not fit."""
    if _HEX.fullmatch(form):
        return _hexadecimal(value, form)
    body, filled, trailing = _body(form), not form.upper().startswith("FM"), form.upper().endswith("MI")
    if body in {"TM9", "TM"}:
        return f"{value.normalize():f}"
    if body == "TME":
        return f"{value.normalize():E}"
    body = body.replace("D", ".").replace("G", ",")
    whole, _, fraction = body.partition(".")
    digits = f"{abs(value).quantize(Decimal(1).scaleb(-_places(fraction)), ROUND_HALF_UP):f}"
    left, _, right = digits.partition(".")
    if len(left) > _places(whole) and left != "0":
        return "#" * (len(body) + 1)
    shown = left.lstrip("0") or ("" if fraction else "0")
    text = _whole(whole.replace("S", ""), shown) + (f".{right}" if "." in body else "")
    sign = "-" if value < 0 else "+" if "S" in body else "" if trailing or not filled else " "
    text = _signed(text, sign)
    if trailing:
        text = text.replace("-", "") + ("-" if value < 0 else " ")
    return text if filled else text.replace(" ", "")


def _hexadecimal(value: Decimal, form: str) -> str:
    """In places of X, capital or small as the first of them is; a 0 before them fills them up."""
    filled = form.upper().startswith("FM")
    places = form.upper().removeprefix("FM")
    number = int(value.to_integral_value(ROUND_HALF_UP))
    digits = f"{abs(number):x}" if "x" in places else f"{abs(number):X}"
    if len(digits) > len(places):
        return "#" * (len(places) + 1)
    text = digits.rjust(len(places), "0" if places.startswith("0") else " ")
    sign = "-" if number < 0 else "" if filled else " "
    return text.strip() if filled and not sign else _signed(text, sign)


def _places(part: str) -> int:
    return sum(part.count(digit) for digit in "09")


def _whole(form: str, digits: str) -> str:
    """The digits before the point: in places of 0 a zero, in places of 9 a blank where there is none."""
    digits, started, out = digits.rjust(_places(form)), False, ""
    for element in form:
        if element in "09":
            digit, digits = digits[0], digits[1:]
            started = started or digit != " " or element == "0"
            out += digit if digit != " " else "0" if started else " "
        elif element == ",":
            out += "," if started else " "
        else:
            out += element
    return out


def _signed(text: str, sign: str) -> str:
    """The sign right before the first digit."""
    bare = text.lstrip(" ")
    return " " * (len(text) - len(bare)) + sign + bare
