"""Date parts by their many names, and spans of time."""

import re
from typing import TYPE_CHECKING

from neve.local.errors import compilation_error
from neve.local.translate.build import call, cast

if TYPE_CHECKING:
    from sqlglot import exp

_UNITS = {
    "YEAR": "Y YY YYY YYYY YR YEARS YRS",
    "MONTH": "MM MON MONS MONTHS",
    "DAY": "D DD DAYS DAYOFMONTH",
    "WEEK": "W WK WEEKS WEEKOFYEAR WOY WY",
    "QUARTER": "Q QTR QTRS QUARTERS",
    "HOUR": "H HH HR HOURS HRS",
    "MINUTE": "M MI MIN MINUTES MINS",
    "SECOND": "S SEC SECONDS SECS",
    "MILLISECOND": "MS MSEC MILLISECONDS",
    "MICROSECOND": "US USEC MICROSECONDS",
    "NANOSECOND": "NS NSEC NANOSEC NSECOND NANOSECONDS NANOSECS NSECONDS",
}
_UNIT_OF = {name: unit for unit, names in _UNITS.items() for name in (unit, *names.split())}
DATE_UNITS = frozenset({"YEAR", "QUARTER", "MONTH", "WEEK", "DAY"})
_INTERVAL = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*,?")


def unknown_part(name: str) -> Exception:
    return compilation_error(f"'{name}' is not a valid date/time component.", 1035, "42000")


def unit_named(name: str) -> str:
    """Raises SqlError for one that is unknown."""
    if name.upper() not in _UNIT_OF:
        raise unknown_part(name)
    return _UNIT_OF[name.upper()]


def unit_of(node: "exp.Expr | None") -> str:
    """The name of a date part. Raises SqlError for one that is unknown."""
    return unit_named((node.name if node is not None else "DAY").strip("'").split("(")[0])


def span(unit: str, count: "exp.Expr") -> "exp.Expr":
    """An interval of `count` units, which are rounded."""
    from sqlglot import exp

    from neve.local.translate.rules.numbers import numeric

    count = numeric(count)
    times, function = {
        "QUARTER": (3, "to_months"),
        "MILLISECOND": (1000, "to_microseconds"),
        "NANOSECOND": (1, "to_microseconds"),
    }.get(unit, (1, f"to_{unit.lower()}s"))
    whole = cast(call("round", count), "INTEGER" if unit in DATE_UNITS else "BIGINT")
    if unit == "NANOSECOND":
        whole = exp.IntDiv(this=whole, expression=exp.Literal.number(1000))
    if times != 1:
        whole = exp.Mul(this=whole, expression=exp.Literal.number(times))
    return call(function, whole)


def pieces(text: str) -> list[tuple[str, str]]:
    """'1 year, 3q' -> its units and how many of each. Raises SqlError for what is no interval."""
    found, end = [], 0
    while end < len(text.rstrip()):
        match = _INTERVAL.match(text, end)
        if match is None:
            raise compilation_error(f"Invalid interval literal '{text}'.", 1036)
        found.append((unit_named(match[2] or "SECOND"), match[1]))
        end = match.end()
    return found


def interval_pieces(node: "exp.Interval") -> list[tuple[str, str]]:
    """The units of INTERVAL '1 day, 2 hours' and of INTERVAL '1' day."""
    count, unit = node.this.name, node.args.get("unit")
    return pieces(count) if unit is None else [(unit_of(unit), count)]


def interval(node: "exp.Interval") -> "exp.Expr":
    """Its parts one after the other, which `meta` keeps: one day and a year is not a year and one day."""
    from sqlglot import exp

    spans = [span(unit, exp.Literal.number(count)) for unit, count in interval_pieces(node)]
    total = spans[0]
    for one in spans[1:]:
        total = exp.Add(this=total, expression=one)
    made = exp.Paren(this=total)
    made.meta["interval"] = spans
    return made
