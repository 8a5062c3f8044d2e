"""SCHEDULE and the other intervals: what they may say, and when a root is due (fact sheet 1.2.1)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from neve.local.tasks import refusals
from neve.local.tasks.cron import Cron, CronError, ZoneError, next_fire, parse_cron

SHORTEST = timedelta(seconds=10)
LONGEST = timedelta(minutes=11_520)
LONGEST_COMPLETION = timedelta(days=1)

_UNITS = {"H": "hours", "M": "minutes", "S": "seconds"}
_INTERVAL = re.compile(r"\+?(\d+)\s(HOURS?|H|MINUTES?|M|SECONDS?|S)\s*", re.IGNORECASE | re.ASCII)
_CRON = re.compile(r"USING\s+CRON\s+(.*\S)\s*", re.IGNORECASE | re.DOTALL)
_ANY_TIME = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Every:
    """An interval schedule, counted from the moment of RESUME."""

    interval: timedelta


Schedule = Every | Cron


def parse_schedule(text: str) -> Schedule:
    """The schedule that `text` says. Raises SqlError in Snowflake's words."""
    cron = _CRON.fullmatch(text)
    return _parse_cron(cron[1]) if cron else Every(_parse_interval(text))


def parse_completion_interval(text: str) -> timedelta:
    """TARGET_COMPLETION_INTERVAL: 10 seconds to one day."""
    interval = _read_interval(text)
    if interval is None or not SHORTEST <= interval <= LONGEST_COMPLETION:
        raise refusals.bad_completion_interval(text)
    return interval


def next_due(schedule: Schedule, base: datetime, after: datetime) -> datetime | None:
    """The first tick strictly after `after`; an interval's ticks are counted from `base`, the instant of RESUME."""
    if isinstance(schedule, Cron):
        return next_fire(schedule, after)
    ticks = max((after - base) // schedule.interval, 0) + 1
    return base + ticks * schedule.interval


def _parse_cron(text: str) -> Cron:
    try:
        cron = parse_cron(text)
    except CronError:
        raise refusals.bad_schedule() from None
    except ZoneError as error:
        raise refusals.bad_zone(str(error)) from None
    if next_fire(cron, _ANY_TIME) is None:
        raise refusals.no_valid_time()
    return cron


def _parse_interval(text: str) -> timedelta:
    interval = _read_interval(text)
    if interval is None:
        raise refusals.bad_schedule()
    if interval < SHORTEST:
        raise refusals.schedule_too_short()
    if interval > LONGEST:
        raise refusals.schedule_too_long()
    return interval


def _read_interval(text: str) -> timedelta | None:
    match = _INTERVAL.fullmatch(text)
    if match is None or int(match[1]) == 0:
        return None
    count = min(int(match[1]), 10**9)
    return timedelta(**{_UNITS[match[2][0].upper()]: count})


def latest_due(schedule: Schedule, base: datetime, after: datetime, now: datetime) -> datetime | None:
    """The last tick in (after, now], None when there is none."""
    tick = next_due(schedule, base, after)
    if tick is None or tick > now:
        return None
    if isinstance(schedule, Every):
        return tick + (now - tick) // schedule.interval * schedule.interval
    while (later := next_due(schedule, base, tick)) is not None and later <= now:
        tick = later
    return tick
