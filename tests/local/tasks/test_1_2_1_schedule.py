"""Fact sheet 1.2.1: interval and cron schedules, and when they are due."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neve.local.errors import SqlError
from neve.local.tasks.cron import parse_cron
from neve.local.tasks.schedule import Every, latest_due, next_due, parse_schedule

pytestmark = pytest.mark.fact("1.2.1")

INVALID = "Invalid schedule was specified. Please refer to the docs on what constitutes a valid schedule."
BASE = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def refusal(text):
    with pytest.raises(SqlError) as caught:
        parse_schedule(text)
    return caught.value.message


def fires(cron, after, count=3):
    """The next local times, as text."""
    schedule = parse_schedule(f"USING CRON {cron}")
    zone = schedule.zone
    found, now = [], after
    for _ in range(count):
        now = next_due(schedule, BASE, now)
        found.append(now.astimezone(zone).isoformat(" ", "minutes"))
    return found


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("10 SECONDS", 10),
        ("+30 s", 30),
        ("5 minute", 300),
        ("1 H", 3600),
        ("24 HOURS", 86400),
        ("11520 MINUTES", 691200),
        ("192\tHours  ", 691200),
    ],
)
def test_an_interval_is_a_number_one_blank_and_a_unit(text, seconds):
    assert parse_schedule(text) == Every(timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "text",
    ["", "1 DAY", "5M", "1 MINS", "10  MINUTES", "0 SECONDS", " 5 MINUTE", "-5 MINUTE", "x MINUTE", "5", "1.5 H"],
)
def test_anything_else_is_refused(text):
    assert refusal(text) == INVALID


def test_an_interval_is_10_seconds_to_8_days():
    assert refusal("9 SECONDS") == "Cannot set schedule less than 10 seconds."
    assert refusal("11521 MINUTES") == "Cannot set schedule greater than 11,520 minutes."
    assert refusal("99999999999999999999 HOURS") == "Cannot set schedule greater than 11,520 minutes."


def test_an_interval_counts_from_resume_and_never_fires_early():
    every = parse_schedule("1 HOUR")
    assert next_due(every, BASE, BASE) == BASE + timedelta(hours=1)
    assert next_due(every, BASE, BASE + timedelta(minutes=59)) == BASE + timedelta(hours=1)
    assert next_due(every, BASE, BASE + timedelta(hours=1)) == BASE + timedelta(hours=2)


@pytest.mark.parametrize("schedule", ["1 HOUR", "USING CRON 0 * * * * UTC"])
def test_of_missed_ticks_only_the_latest_counts(schedule):
    parsed = parse_schedule(schedule)
    assert latest_due(parsed, BASE, BASE, BASE + timedelta(minutes=59)) is None
    assert latest_due(parsed, BASE, BASE, BASE + timedelta(hours=5, minutes=20)) == BASE + timedelta(hours=5)


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("*/20 * * * * UTC", ["2026-11-22 10:20+00:00", "2026-11-22 10:40+00:00", "2026-11-22 11:00+00:00"]),
        ("0 0 * * * UTC", ["2026-11-23 00:00+00:00", "2026-11-24 00:00+00:00", "2026-11-25 00:00+00:00"]),
        ("30 9-17/4 * * * utc", ["2026-11-22 13:30+00:00", "2026-11-22 17:30+00:00", "2026-11-23 09:30+00:00"]),
        ("5/25 12 * * * UTC", ["2026-11-22 12:05+00:00", "2026-11-22 12:30+00:00", "2026-11-22 12:55+00:00"]),
        ("0 0 L * * UTC", ["2026-11-30 00:00+00:00", "2026-12-31 00:00+00:00", "2027-01-31 00:00+00:00"]),
        ("0 0 * * FRIL UTC", ["2026-11-27 00:00+00:00", "2026-12-25 00:00+00:00", "2027-01-29 00:00+00:00"]),
        ("0 0 * * 5l UTC", ["2026-11-27 00:00+00:00", "2026-12-25 00:00+00:00", "2027-01-29 00:00+00:00"]),
        ("0 0 * FEB,jun MON UTC", ["2027-02-01 00:00+00:00", "2027-02-08 00:00+00:00", "2027-02-15 00:00+00:00"]),
        ("0 0 29 2 * UTC", ["2028-02-29 00:00+00:00", "2032-02-29 00:00+00:00", "2036-02-29 00:00+00:00"]),
        ("*/61 * * * * UTC", ["2026-11-22 11:00+00:00", "2026-11-22 12:00+00:00", "2026-11-22 13:00+00:00"]),
    ],
)
def test_when_a_cron_fires(cron, expected):
    assert fires(cron, BASE) == expected


def test_two_restricted_day_fields_mean_either():
    assert fires("0 0 24 * THU UTC", BASE) == [
        "2026-11-24 00:00+00:00",
        "2026-11-26 00:00+00:00",
        "2026-12-03 00:00+00:00",
    ]


def test_a_stepped_star_counts_as_restricted():
    # 22 November 2026 is a Sunday: odd days, or any Tuesday.
    assert fires("0 0 */2 * TUE UTC", BASE) == [
        "2026-11-23 00:00+00:00",
        "2026-11-24 00:00+00:00",
        "2026-11-25 00:00+00:00",
    ]


def test_it_fires_strictly_after_now():
    inside_the_minute = BASE + timedelta(seconds=30)
    assert fires("0 10 * * * UTC", inside_the_minute, 1) == ["2026-11-23 10:00+00:00"]
    assert fires("0 10 * * * UTC", BASE, 1) == ["2026-11-23 10:00+00:00"]


def test_a_local_time_that_comes_twice_fires_twice():
    before = datetime(2026, 10, 31, 12, tzinfo=UTC)
    assert fires("30 1 * * * America/New_York", before) == [
        "2026-11-01 01:30-04:00",
        "2026-11-01 01:30-05:00",
        "2026-11-02 01:30-05:00",
    ]


def test_a_local_time_that_is_skipped_does_not_fire():
    before = datetime(2026, 3, 7, 12, tzinfo=UTC)
    assert fires("30 2 * * * America/New_York", before, 1) == ["2026-03-09 02:30-04:00"]


def test_a_zone_whose_midnight_is_skipped():
    # Beirut's clocks go from 00:00 to 01:00 on the last Sunday of March.
    before = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert fires("0 * * * * Asia/Beirut", before, 11)[8:] == [
        "2026-03-28 23:00+02:00",
        "2026-03-29 01:00+03:00",
        "2026-03-29 02:00+03:00",
    ]
    assert fires("0 0 * * * Asia/Beirut", before, 1) == ["2026-03-30 00:00+03:00"]


@pytest.mark.parametrize(
    "fields",
    [
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * 32 * *",
        "* * * 13 *",
        "* * * * 7",
        "? * * * *",
        "* * * * 5#2",
        "* * 15W * *",
        "* * * * L",
        "* * L-3 * *",
        "*/0 * * * *",
        "5-1 * * * *",
        "*-5 * * * *",
        "1,,2 * * * *",
        "a * * * *",
        "-1 * * * *",
    ],
)
def test_what_is_no_cron(fields):
    assert refusal(f"USING CRON {fields} UTC") == INVALID


@pytest.mark.parametrize("zone", ["PST", "EST", "+02:00", "Mars/Olympus"])
def test_the_zone_is_a_region_of_the_tz_database(zone):
    assert refusal(f"USING CRON 0 0 * * * {zone}") == (
        f'Invalid schedule was specified. "{zone}" is not a recognized time zone. Please specify time zones accepted '
        "by the TIMEZONE parameter."
    )


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT+5", "america/los_angeles"])
def test_zones_in_any_case(zone):
    assert parse_schedule(f"USING CRON 0 0 * * * {zone}")


def test_a_date_that_never_comes():
    assert refusal("USING CRON 0 0 31 2 * UTC") == (
        "No valid time could be found under the schedule and/or interval specified"
    )


ZONES = st.sampled_from(["UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo"])
FIELDS = st.tuples(
    st.sampled_from(["0", "30", "*/7", "10-20", "59"]),
    st.sampled_from(["*", "2", "1-3", "*/5", "23"]),
    st.sampled_from(["*", "1", "L", "*/10", "28-31"]),
    st.sampled_from(["*", "3", "MAR,NOV", "1-6"]),
    st.sampled_from(["*", "0", "MON-FRI", "6L"]),
)


@settings(deadline=None)
@given(FIELDS, ZONES, st.integers(0, 365 * 24 * 60))
def test_no_match_is_passed_over(fields, zone, minutes):
    """Against a search of every minute, for two days."""
    cron = parse_cron(f"{' '.join(fields)} {zone}")
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    end = start + timedelta(days=2)
    expected = next((t for t in _minutes(start, end) if _matches(fields, t.astimezone(ZoneInfo(zone)))), None)
    found = next_due(cron, start, start)
    assert (found if found is not None and found <= end else None) == expected


def _minutes(start, end):
    now = start + timedelta(minutes=1)
    while now <= end:
        yield now
        now += timedelta(minutes=1)


def _matches(fields, local):
    minute, hour, day, month, weekday = fields
    minutes = {"0": {0}, "30": {30}, "*/7": set(range(0, 60, 7)), "10-20": set(range(10, 21)), "59": {59}}
    hours = {"*": set(range(24)), "2": {2}, "1-3": {1, 2, 3}, "*/5": {0, 5, 10, 15, 20}, "23": {23}}
    is_last = (local + timedelta(days=1)).day == 1
    days = {"1": {1}, "*/10": {1, 11, 21, 31}, "28-31": {28, 29, 30, 31}, "L": {local.day if is_last else 0}}
    months = {"*": set(range(1, 13)), "3": {3}, "MAR,NOV": {3, 11}, "1-6": set(range(1, 7))}
    is_last_saturday = local.isoweekday() == 6 and (local + timedelta(days=7)).month != local.month
    weekdays = {"0": {7}, "MON-FRI": {1, 2, 3, 4, 5}, "6L": {6 if is_last_saturday else 0}}
    in_day = day == "*" or local.day in days[day]
    in_weekday = weekday == "*" or local.isoweekday() in weekdays[weekday]
    if day != "*" and weekday != "*":
        in_date = local.day in days[day] or local.isoweekday() in weekdays[weekday]
    else:
        in_date = in_day and in_weekday
    return local.minute in minutes[minute] and local.hour in hours[hour] and local.month in months[month] and in_date
