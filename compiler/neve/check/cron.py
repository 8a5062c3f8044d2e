"""Snowflake's cron expressions: five fields and a time zone (fact sheet 1.2.1)."""

import re
from functools import cache

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 6, _DAYS),
)
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ITEM = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d+))?")

Names = tuple[str, ...]


def problem_of(expression: str) -> str | None:
    """What Snowflake would refuse in `<min> <hour> <day> <month> <weekday> <zone>`; None when nothing."""
    *fields, zone = expression.split() or [""]
    if len(fields) != len(_FIELDS):
        return f"A cron schedule has five fields and a time zone; `{expression}` has {len(fields)} fields"
    for field, (name, low, high, names) in zip(fields, _FIELDS, strict=True):
        problem = _field(field, low, high, names, last=name.startswith("day"))
        if problem:
            return f"In the cron field for the {name}, {problem}"
    if not _is_zone(zone):
        return f"`{zone}` is not a time zone; regions such as Europe/Berlin and UTC are"
    if not _ever(fields[2], fields[3], fields[4]):
        return "This cron schedule never comes: no such month has such a day"
    return None


def _field(field: str, low: int, high: int, names: Names, *, last: bool) -> str | None:
    for item in field.split(","):
        if last and _is_last(item, names):
            continue
        found = _ITEM.fullmatch(item)
        if not found:
            return f"`{item}` cannot be read"
        first = _number(found["first"], names)
        end = _number(found["last"], names) if found["last"] else first
        if first is None or end is None:
            return f"`{item}` cannot be read"
        star = found["first"] == "*"
        if not star and not (low <= first <= high and low <= end <= high):
            return f"`{item}` is not between {low} and {high}"
        if end < first or (star and found["last"]):
            return f"`{item}` runs backwards"
        if found["step"] is not None and int(found["step"]) == 0:
            return f"`{item}` has a step of 0"
    return None


def _is_last(item: str, names: Names) -> bool:
    """`L` for the last day of a month; `5L` and `FRIL` for the last such weekday of it."""
    if not names:
        return item.upper() == "L"
    return item.upper().endswith("L") and _number(item[:-1], names) is not None


def _number(text: str, names: Names) -> int | None:
    if text == "*":
        return 0
    if text.isascii() and text.isdigit():
        return int(text)
    start = 1 if names is _MONTHS else 0
    return names.index(text.upper()) + start if text.upper() in names else None


def _ever(day: str, month: str, weekday: str) -> bool:
    """Whether some month has such a day; a weekday that is asked for comes in any case."""
    if weekday != "*" or "*" in day or "L" in day.upper():
        return True
    months = [n for n in range(1, 13) if _matches(n, month, 12, _MONTHS)]
    return any(_matches(d, day, 31, ()) for n in months for d in range(1, _LENGTHS[n - 1] + 1))


def _matches(number: int, field: str, high: int, names: Names) -> bool:
    for item in field.split(","):
        found = _ITEM.fullmatch(item)
        first = _number(found["first"], names) if found else None
        if not found or first is None:
            return False
        star = found["first"] == "*"
        start = 1 if star else first
        step = int(found["step"] or 1)
        open_end = star or (found["step"] and not found["last"])
        end = high if open_end else (_number(found["last"], names) or 0) if found["last"] else start
        if start <= number <= end and (number - start) % step == 0:
            return True
    return False


def _is_zone(zone: str) -> bool:
    return zone.upper() in _zones()


@cache
def _zones() -> frozenset[str]:
    from zoneinfo import available_timezones

    return frozenset(name.upper() for name in available_timezones() if "/" in name or name == "UTC")
