"""Snowflake's date and time formats, to DuckDB's."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from neve.local.errors import unsupported
from neve.local.translate.build import call

if TYPE_CHECKING:
    from sqlglot import exp

_ELEMENTS = {
    "YYYY": "%Y",
    "YY": "%y",
    "MMMM": "%B",
    "MON": "%b",
    "MM": "%m",
    "DD": "%d",
    "DY": "%a",
    "HH24": "%H",
    "HH12": "%I",
    "HH": "%H",
    "AM": "%p",
    "PM": "%p",
    "MI": "%M",
    "SS": "%S",
    "TZH:TZM": "%z",
    "TZHTZM": "%z",
    "TZH": "%z",
    "UUUU": "%Y",
}
_TOKEN = re.compile(
    r'"(?P<text>[^"]*)"|(?P<fraction>\.?FF[0-9]?)|(?P<zone>TZH:TZM|TZHTZM|TZH|TZISO|TZD)'
    r"|(?P<element>YYYY|UUUU|YY|MMMM|MON|MM|DD|DY|HH24|HH12|HH|AM|PM|MI|SS)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    yield from _TOKEN.finditer(text)


def to_text(node: "exp.Expr", text: str, offset: "exp.Expr | None" = None) -> "exp.Expr":
    """The node, a DATE or timestamp in DuckDB, in Snowflake's format; `offset` where it is not the session's."""
    parts: list[exp.Expr] = []
    pending = ""
    for match in _tokens(text):
        if match["fraction"] or match["zone"]:
            pending += "." if (match["fraction"] or "").startswith(".") else ""
            parts += [call("strftime", node.copy(), pending)] if pending else []
            pending = ""
            fraction = match["fraction"]
            parts.append(_fraction(node, fraction) if fraction else _zone(node, match["zone"], offset))
        else:
            pending += _plain(match)
    if pending or not parts:
        parts.append(call("strftime", node.copy(), pending))
    return _joined(*parts)


def _joined(first: "exp.Expr", *others: "exp.Expr | str") -> "exp.Expr":
    """The texts one after another; NULL when one of them is, which DuckDB's concat leaves out."""
    for other in others:
        first = call("sf_joined", first, other)
    return first


def _plain(match: re.Match[str]) -> str:
    if match["element"]:
        return _ELEMENTS[match["element"].upper()]
    return (match["text"] or match["other"] or "").replace("%", "%%")


def _fraction(node: "exp.Expr", element: str) -> "exp.Expr":
    digits = int(element[-1]) if element[-1].isdigit() else 9
    return call("left", _joined(call("strftime", node.copy(), "%f"), "000"), digits)


def _zone(node: "exp.Expr", element: str, known: "exp.Expr | None") -> "exp.Expr":
    offset = call("sf_offset", node.copy()) if known is None else known.copy()
    if element.upper() == "TZHTZM":
        return offset
    if element.upper() == "TZH":
        return call("left", offset, 3)
    if element.upper() == "TZH:TZM":
        return _joined(call("left", offset, 3), ":", call("right", offset.copy(), 2))
    raise unsupported(f"The format element {element}")


def strptime_format(text: str) -> str:
    """Snowflake's format as one of strptime's, which reads fractions and offsets itself."""
    out = ""
    for match in _tokens(text):
        if match["fraction"]:
            out += (".") * match["fraction"].startswith(".") + "%f"
        elif match["zone"]:
            out += "%z"
        else:
            out += _plain(match)
    return out


def snowflake_format(strftime: str) -> str:
    """A format that sqlglot turned into strftime's, back in Snowflake's."""
    return re.sub(
        rf"%f_({'|'.join(_DIGITS)})|%[-:]?[a-zA-Z]",
        lambda m: f"FF{_DIGITS[m[1]]}" if m[1] else _BACK.get(m[0], m[0]),
        strftime,
    )


_DIGITS = {
    word: digit
    for digit, word in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))
}
_BACK = {
    **{code: element for element, code in reversed(_ELEMENTS.items())},
    "%f": "FF6",
    "%z": "TZHTZM",
    "%:z": "TZH:TZM",
    "%-d": "DD",
    "%-m": "MM",
    "%A": "DY",
    "%e": "DD",
}
