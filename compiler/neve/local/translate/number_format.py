"""TO_CHAR of numbers with a format such as '9,999.00', '$999', 'FM0000', '0XXX' or 'TM9', and quoted texts."""

import re
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache

from neve.local.errors import unsupported

_AROUND = re.compile(r'((?:"[^"]*")*)([^"]+)((?:"[^"]*")*)')
_MINIMAL = frozenset({"TM", "TM9", "TME"})
_HEX = re.compile(r"(S?)(0*)(X+)", re.IGNORECASE)
_FIXED = re.compile(r"(?=[^09]*[09])[S$B09,.DG]+(?:MI)?", re.IGNORECASE)


def check(form: str) -> None:
    """Raises SqlError for a format with other elements than digits, separators, signs, $, B, X, FM, TM9 and TME."""
    parts = _AROUND.fullmatch(form)
    core = re.sub("^FM", "", parts[2], flags=re.IGNORECASE) if parts else ""
    if core.upper() not in _MINIMAL and not _HEX.fullmatch(core) and not _FIXED.fullmatch(core):
        raise unsupported(f"The number format '{form}'")


@cache
def _parts(form: str) -> tuple[str, str, str]:
    """What is before the number, its format, and what is after it."""
    found = _AROUND.fullmatch(form)
    before, core, after = found.groups() if found else ("", form, "")
    return before.replace('"', ""), core, after.replace('"', "")


def number_text(text: str, form: str) -> str:
    """A number, given as text, in Snowflake's format; `#` for each digit when it does not fit."""
    before, core, after = _parts(form)
    filled = not core.upper().startswith("FM")
    core = core if filled else core[2:]
    written = _written(Decimal(text), core)
    return before + (written if filled else written.replace(" ", "")) + after


def _written(value: Decimal, core: str) -> str:
    if core.upper() == "TME":
        return _scientific(value)
    if core.upper() in _MINIMAL:
        return f"{value:f}"
    found = _HEX.fullmatch(core)
    return _hexadecimal(value, *found.groups()) if found else _fixed(value, core.upper())


def _scientific(value: Decimal) -> str:
    sign, digits, _ = value.normalize().as_tuple()
    figures = "".join(map(str, digits))
    mantissa = figures[0] + (f".{figures[1:]}" if figures[1:] else "")
    return f"{'-' if sign else ''}{mantissa}E{value.adjusted() if value else 0}"


def _hexadecimal(value: Decimal, sign: str, zeros: str, places: str) -> str:
    """Without a sign, numbers below zero are those of so many digits."""
    number, width = int(value.to_integral_value(ROUND_DOWN)), len(zeros) + len(places)
    if not sign and number < 0:
        number += 16**width
    digits = f"{abs(number):x}" if places.islower() else f"{abs(number):X}"
    shown = "#" * width if len(digits) > width or (number < 0 and not sign) else digits
    text = shown.rjust(width, "0" if zeros else " ")
    return _signed(text, "-" if number < 0 else "+") if sign else text


def _fixed(value: Decimal, form: str) -> str:
    trailing = form.endswith("MI")
    body = form.removesuffix("MI").replace("D", ".").replace("G", ",")
    plain = re.sub("[S$B]", "", body)
    whole, point, fraction = plain.partition(".")
    rounded = f"{abs(value).quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP):f}"
    left, _, right = rounded.partition(".")
    if len(left) > _places(whole) and left != "0":
        text = re.sub("[09]", "#", plain)
    else:
        text = _whole(whole, _shown(left, blank="B" in body, fraction=point)) + (point and f".{right}")
    money, sign = "$" * body.count("$"), "-" if value < 0 else "+" if "S" in body else ""
    if trailing:
        return _signed(text, money) + ("-" if value < 0 else " ")
    return ("" if sign else " ") + _signed(text, sign + money)


def _shown(left: str, *, blank: bool, fraction: str) -> str:
    """The digits before the point: a zero is there, but with B."""
    return left if left != "0" or not (blank and fraction) else ""


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
        else:
            out += element if started else " "
    return out


def _signed(text: str, sign: str) -> str:
    """The sign, and what else stands there, right before the first digit."""
    bare = text.lstrip(" ")
    return " " * (len(text) - len(bare)) + sign + bare
