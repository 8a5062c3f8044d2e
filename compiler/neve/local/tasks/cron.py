"""Cron expressions as Snowflake reads them, and when they fire (fact sheet 1.2.1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

MONTHS = {
    name: i + 1
    for i, name in enumerate(["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"])
}
WEEKDAYS = {name: i for i, name in enumerate(["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"])}
NO_NAMES: Mapping[str, int] = {}
ABBREVIATIONS = frozenset({"EST", "MST", "HST"})  # in the tz database, yet refused by Snowflake
HORIZON_DAYS = 366 * 9  # a 29th of February is at most eight years away

_ITEM = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d+))?")


class CronError(ValueError):
    """A field that is no cron field."""


class ZoneError(ValueError):
    """A time zone that the tz database does not know; its argument is the zone as written."""


@dataclass(frozen=True, slots=True)
class Cron:
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    last_day: bool
    months: frozenset[int]
    weekdays: frozenset[int]
    last_weekdays: frozenset[int]
    either_day_field: bool
    """Both day fields are restricted, so that a match of either fires."""
    zone: ZoneInfo


def parse_cron(text: str) -> Cron:
    """The five fields and the zone that follow USING CRON. Raises CronError, ZoneError."""
    *fields, zone = text.split()
    if len(fields) != 5:
        raise CronError(text)
    minute, hour, day, month, weekday = (field.upper() for field in fields)
    days, is_last_day = _days(day)
    weekdays, last_weekdays = _weekdays(weekday)
    return Cron(
        minutes=_values(minute, 0, 59),
        hours=_values(hour, 0, 23),
        days=days,
        last_day=is_last_day,
        months=_values(month, 1, 12, MONTHS),
        weekdays=weekdays,
        last_weekdays=last_weekdays,
        either_day_field="*" not in {day, weekday},
        zone=parse_zone(zone),
    )


def parse_zone(text: str) -> ZoneInfo:
    """A tz-database region, in any case. Raises ZoneError."""
    name = _zones().get(text.upper())
    if name is None:
        raise ZoneError(text)
    return ZoneInfo(name)


@cache
def _zones() -> Mapping[str, str]:
    return {name.upper(): name for name in available_timezones() if name not in ABBREVIATIONS}


def next_fire(cron: Cron, after: datetime) -> datetime | None:
    """The first instant (UTC) strictly after `after` that matches, None when none does within nine years.

    A local time that a change of clocks repeats fires twice, one that it skips does not fire.
    """
    now = after.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    end = now + timedelta(days=HORIZON_DAYS)
    while now < end:
        local = now.astimezone(cron.zone)
        if not _matches_date(cron, local):
            now = _next_day(cron.zone, local, now)
        elif local.hour not in cron.hours:
            now += timedelta(minutes=60 - local.minute)
        elif local.minute not in cron.minutes:
            now += timedelta(minutes=1)
        else:
            return now
    return None


def _next_day(zone: ZoneInfo, local: datetime, now: datetime) -> datetime:
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), zone).astimezone(UTC)
    return max(midnight, now + timedelta(minutes=60 - local.minute))


def _matches_date(cron: Cron, local: datetime) -> bool:
    if local.month not in cron.months:
        return False
    is_last_week = (local + timedelta(days=7)).month != local.month
    is_last_day = (local + timedelta(days=1)).month != local.month
    weekday = local.isoweekday() % 7
    by_day = local.day in cron.days or (cron.last_day and is_last_day)
    by_weekday = weekday in cron.weekdays or (weekday in cron.last_weekdays and is_last_week)
    return (by_day or by_weekday) if cron.either_day_field else (by_day and by_weekday)


def _days(field: str) -> tuple[frozenset[int], bool]:
    items = field.split(",")
    rest = [item for item in items if item != "L"]
    return (_values(",".join(rest), 1, 31) if rest else frozenset()), len(rest) < len(items)


def _weekdays(field: str) -> tuple[frozenset[int], frozenset[int]]:
    items = field.split(",")
    last = [item for item in items if item.endswith("L") and len(item) > 1]
    rest = [item for item in items if item not in last]
    return (
        _values(",".join(rest), 0, 6, WEEKDAYS) if rest else frozenset(),
        frozenset(_number(item[:-1], 0, 6, WEEKDAYS) for item in last),
    )


def _values(field: str, low: int, high: int, names: Mapping[str, int] = NO_NAMES) -> frozenset[int]:
    return frozenset().union(*(_item(item, low, high, names) for item in field.split(",")))


def _item(item: str, low: int, high: int, names: Mapping[str, int]) -> range:
    match = _ITEM.fullmatch(item)
    if match is None:
        raise CronError(item)
    first, last, step = match["first"], match["last"], match["step"]
    if first == "*":
        if last:
            raise CronError(item)
        start, end = low, high
    else:
        start = _number(first, low, high, names)
        end = _number(last, low, high, names) if last else high if step else start
    if start > end or step == "0" * len(step or "0"):
        raise CronError(item)
    return range(start, end + 1, int(step or 1))


def _number(text: str, low: int, high: int, names: Mapping[str, int]) -> int:
    value = names[text] if text in names else int(text) if text.isdecimal() and text.isascii() else -1
    if not low <= value <= high:
        raise CronError(text)
    return value
