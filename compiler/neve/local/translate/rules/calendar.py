"""Parts of dates, and counting with them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.translate.build import call, cast
from neve.local.translate.rules import zones
from neve.local.translate.rules.dates import moment
from neve.local.translate.rules.units import DATE_UNITS, span, unit_of, unknown_part
from neve.local.translate.typing import kind_of

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    parts = {exp.Year: "YEAR", exp.Quarter: "QUARTER", exp.Month: "MONTH", exp.Day: "DAY", exp.DayOfMonth: "DAY",
             exp.Hour: "HOUR", exp.Minute: "MINUTE", exp.Second: "SECOND", exp.Week: "WEEK", exp.WeekOfYear: "WEEKISO",
             exp.DayOfWeek: "DAYOFWEEK", exp.DayOfWeekIso: "DAYOFWEEKISO", exp.DayOfYear: "DAYOFYEAR",
             exp.YearOfWeek: "YEAROFWEEK", exp.YearOfWeekIso: "YEAROFWEEKISO"}  # fmt: skip
    return {
        **{node: _of_class(name) for node, name in parts.items()},
        exp.Extract: lambda s, node: part(s, node.this.name.upper(), node.expression),
        exp.TimestampTrunc: truncate,
        exp.DateTrunc: truncate,
        exp.DateAdd: add,
        exp.TimeAdd: add,
        exp.TimestampAdd: add,
        exp.DateDiff: difference,
        exp.AddMonths: add_months,
        exp.LastDay: last_day,
        exp.MonthsBetween: lambda _, node: call("sf_months_between", *_stamps(node.this, node.expression)),
        exp.TimeSlice: time_slice,
        **dict.fromkeys((exp.NextDay, exp.PreviousDay), weekday),
        exp.Dayname: lambda _, node: call("strftime", moment(node.this), "%a"),
        exp.Monthname: lambda _, node: call("strftime", moment(node.this), "%b"),
    }


def _of_class(name: str) -> Any:
    return lambda session, node: part(session, name, node.this)


_PARTS = {
    **{name: name.lower() for name in ("YEAR", "QUARTER", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "WEEK")},
    **dict.fromkeys(("DAYOFWEEKISO", "WEEKDAY_ISO", "DOW_ISO", "DW_ISO", "DAYOFWEEK_ISO"), "isodow"),
    **dict.fromkeys(("DAYOFYEAR", "YEARDAY", "DOY", "DY"), "doy"),
    **dict.fromkeys(("WEEKISO", "WEEK_ISO", "WEEKOFYEARISO", "WEEKOFYEAR_ISO"), "week"),
    "YEAROFWEEKISO": "isoyear",
    **dict.fromkeys(("EPOCH", "EPOCH_SECOND", "EPOCH_SECONDS"), "epoch"),
    **dict.fromkeys(("EPOCH_MILLISECOND", "EPOCH_MILLISECONDS"), "epoch_ms"),
    **dict.fromkeys(("EPOCH_MICROSECOND", "EPOCH_MICROSECONDS"), "epoch_us"),
    **dict.fromkeys(("EPOCH_NANOSECOND", "EPOCH_NANOSECONDS"), "epoch_ns"),
    **dict.fromkeys(("TIMEZONE_HOUR", "TZH"), "timezone_hour"),
    **dict.fromkeys(("TIMEZONE_MINUTE", "TZM"), "timezone_minute"),
}
_WEEK = frozenset({"WEEK", "W", "WK", "WEEKOFYEAR", "WOY", "WY"})
_WEEK_YEAR = frozenset({"YEAROFWEEK"})
_WEEKDAY = frozenset({"DAYOFWEEK", "WEEKDAY", "DOW", "DW"})


def part(session: "Session", name: str, of: "exp.Expr") -> "exp.Expr":
    """DATE_PART, EXTRACT, YEAR(…) and the like, as whole numbers. Raises SqlError for an unknown part."""
    if name.startswith("EPOCH"):
        of = of.meta.get("moment", of)
    elif zones.zone_of(of) and _PARTS.get(name) in {"timezone_hour", "timezone_minute"}:
        return call(f"sf_{_PARTS[name]}", zones.offset(of) or "")
    else:
        of = moment(of)
    if name in _WEEKDAY:
        return call("sf_weekday", of, _week_start(session))
    if name in _WEEK or name in _WEEK_YEAR:
        policy = int(session.parameter("WEEK_OF_YEAR_POLICY"))
        day = cast(of, "DATE")
        first = cast(_week(session, day), "DATE")
        return call("sf_week_year" if name in _WEEK_YEAR else "sf_week", day.copy(), first, policy)
    wanted = _PARTS.get(name)
    if wanted is None:
        try:
            from neve.local.translate.rules.units import unit_named

            wanted = {"NANOSECOND": "nanosecond"}.get(unit_named(name)) or _PARTS[unit_named(name)]
        except KeyError as error:
            raise unknown_part(name) from error
    if wanted == "nanosecond":
        return call("sf_nanoseconds", of)
    if wanted.startswith("epoch"):
        return cast(call("floor", call(wanted, of if wanted == "epoch" else cast(of, "TIMESTAMP"))), "BIGINT")
    return call("date_part", wanted, of)


def _week_start(session: "Session") -> int:
    return int(session.parameter("WEEK_START"))


def truncate(session: "Session", node: "exp.TimestampTrunc") -> "exp.Expr":
    """DATE_TRUNC: a DATE stays one."""
    kind, unit = kind_of(node.this), unit_of(node.args.get("unit")).lower()
    this = call("sf_time_stamp", node.this) if kind == "TIME" else moment(node.this)
    cut = _week(session, this) if unit == "week" else call("date_trunc", unit, this)
    if zones.zone_of(node.this):
        return zones.counted(node.this, cut)
    if kind == "DATE":
        return cast(cut, "DATE")
    return cast(cut, "TIME") if kind == "TIME" else cut


def _week(session: "Session", this: "exp.Expr") -> "exp.Expr":
    """The first day of the week."""
    from sqlglot import exp

    later = max(_week_start(session), 1) - 1
    if not later:
        return call("date_trunc", "week", this)
    days = call("to_days", later)
    moved = call("date_trunc", "week", exp.Sub(this=this, expression=days))
    return exp.Paren(this=exp.Add(this=moved, expression=days.copy()))


def add(_session: "Session", node: "exp.DateAdd") -> "exp.Expr":
    """DATEADD: a DATE plus days or more stays one; parts of a unit are rounded."""
    from sqlglot import exp

    unit, kind = unit_of(node.args.get("unit")), kind_of(node.this)
    total = exp.Paren(this=exp.Add(this=moment(node.this), expression=span(unit, node.expression)))
    if zones.zone_of(node.this):
        return zones.counted(node.this, total)
    return cast(total, "DATE") if kind == "DATE" and unit in DATE_UNITS else total


def _stamps(*nodes: "exp.Expr") -> "list[exp.Expr]":
    """Timestamps whose difference is counted: of two with a zone, by their moments."""
    if all(kind_of(node) in {"LTZ", "TZ"} or "moment" in node.meta for node in nodes):
        return [call("timezone", "UTC", node.meta.get("moment", node)) for node in nodes]
    return [cast(moment(node), "TIMESTAMP") for node in nodes]


def difference(session: "Session", node: "exp.DateDiff") -> "exp.Expr":
    """DATEDIFF(unit, from, to) counts the boundaries that lie between."""
    from sqlglot import exp

    unit = unit_of(node.args.get("unit")).lower()
    sides = [node.expression, node.this]
    if any(kind_of(side) == "TIME" for side in sides):
        start, end = (call("sf_time_stamp", side) if kind_of(side) == "TIME" else side for side in sides)
    else:
        start, end = _stamps(*sides)
    if unit == "week":
        days = call("date_diff", "day", _week(session, start), _week(session, end))
        return exp.Paren(this=exp.IntDiv(this=days, expression=exp.Literal.number(7)))
    if unit == "nanosecond":
        return cast(call("multiply", call("date_diff", "microsecond", start, end), 1000), "BIGINT")
    return call("date_diff", unit, start, end)


def add_months(_session: "Session", node: "exp.AddMonths") -> "exp.Expr":
    """ADD_MONTHS: the last day of a month gives the last day of a month."""
    moved = call("sf_add_months", moment(node.this), cast(call("round", node.expression), "INTEGER"))
    return cast(moved, "DATE") if kind_of(node.this) == "DATE" else moved


def last_day(session: "Session", node: "exp.LastDay") -> "exp.Expr | None":
    from sqlglot import exp

    unit = unit_of(node.args.get("unit")) if node.args.get("unit") is not None else "MONTH"
    day = cast(moment(node.this), "DATE")
    start = _week(session, day) if unit == "WEEK" else call("date_trunc", unit.lower(), day)
    after = exp.Paren(this=exp.Add(this=start, expression=span(unit, exp.Literal.number(1))))
    return cast(exp.Sub(this=after, expression=call("to_days", 1)), "DATE")


def weekday(_session: "Session", node: Any) -> None:
    """NEXT_DAY and PREVIOUS_DAY, of a day."""
    node.set("this", cast(moment(node.this), "DATE"))


def time_slice(_session: "Session", node: "exp.TimeSlice") -> "exp.Expr":
    """TIME_SLICE(date, length, unit [, 'START' | 'END']): counted from 1970, weeks from a Monday."""
    from sqlglot import exp

    unit, kind = unit_of(node.args.get("unit")), kind_of(node.this)
    length = span(unit, node.expression)
    origin = cast(exp.Literal.string("1969-12-29" if unit == "WEEK" else "1970-01-01"), "TIMESTAMP")
    start = call("time_bucket", length, cast(moment(node.this), "TIMESTAMP"), origin)
    end = node.args.get("kind")
    if end is not None and end.name.upper() == "END":
        start = exp.Paren(this=exp.Add(this=start, expression=length.copy()))
    return cast(start, "DATE") if kind == "DATE" else start
