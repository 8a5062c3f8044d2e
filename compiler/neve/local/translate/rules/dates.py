"""Dates, times and timestamps."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import compilation_error, unsupported
from neve.local.translate.build import call, cast
from neve.local.translate.formats import snowflake_format, strptime_format
from neve.local.translate.typing import NUMERIC, STAMPS, kind_of

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    return {
        exp.TimestampTrunc: truncate,
        exp.DateTrunc: truncate,
        exp.DateAdd: add,
        exp.TimeAdd: add,
        exp.TimestampAdd: add,
        exp.DateDiff: difference,
        exp.Interval: interval,
        exp.Add: plus,
        exp.Sub: plus,
        exp.AddMonths: add_months,
        exp.ConvertTimezone: convert_timezone,
        exp.CurrentTimestamp: current_timestamp,
        exp.CurrentDate: lambda _s, _n: cast(call("sf_now"), "DATE"),
        exp.CurrentTime: lambda _s, _n: cast(call("sf_now"), "TIME"),
        exp.Localtime: lambda _s, _n: cast(call("sf_now"), "TIME"),
        exp.Localtimestamp: lambda _s, _n: call("sf_now"),
        exp.TsOrDsToDate: to_date,
        exp.TsOrDsToTime: to_time,
        exp.StrToTime: to_stamp,
        exp.UnixToTime: from_epoch,
        exp.Extract: extract,
        exp.LastDay: last_day,
        exp.MonthsBetween: lambda _, node: cast(node, "DECIMAL(38, 6)"),
    }


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
_DATE_UNITS = frozenset({"YEAR", "QUARTER", "MONTH", "WEEK", "DAY"})


def unit_of(node: "exp.Expr | None") -> str:
    """The name of a date part. Raises SqlError for one that is unknown."""
    name = (node.name if node is not None else "DAY").upper().strip("'")
    name = name.split("(")[0]
    if name not in _UNIT_OF:
        raise compilation_error(f"'{name}' is not a valid date/time component.", 1035, "42000")
    return _UNIT_OF[name]


def temporal(this: "exp.Expr", target: str, *, safe: bool = False) -> "exp.Expr":
    """A value as DATE, TIME or a timestamp."""
    from sqlglot import exp

    kind, prefix = kind_of(this), "sf_try_parse_" if safe else "sf_parse_"
    if target in {"LTZ", "TZ"} and isinstance(this, exp.Anonymous) and this.meta.get("moment") is not None:
        moment: exp.Expr = this.meta["moment"]
        return moment
    if target == "TIME":
        return cast(this, "TIME", safe=safe)
    if kind == "TEXT":
        return call(prefix + {"DATE": "date", "NTZ": "ntz"}.get(target, "zoned"), this)
    if kind in {"INT", "DECIMAL", "FLOAT"} and not isinstance(this, exp.Null):
        moment = call("sf_epoch", this)
        return call("timezone", "UTC", moment) if target in {"LTZ", "TZ"} else cast(moment, _DUCK[target])
    return cast(this, _DUCK[target], safe=safe)


_DUCK = {"DATE": "DATE", "NTZ": "TIMESTAMP", "LTZ": "TIMESTAMPTZ", "TZ": "TIMESTAMPTZ"}


def _moment(node: "exp.Expr") -> "exp.Expr":
    """Text as a timestamp; dates and timestamps as they are."""
    return call("sf_parse_ntz", node) if kind_of(node) == "TEXT" else node


def truncate(_session: "Session", node: "exp.TimestampTrunc") -> "exp.Expr":
    """DATE_TRUNC: a DATE stays one."""
    kind, cut = kind_of(node.this), call("date_trunc", unit_of(node.args.get("unit")).lower(), _moment(node.this))
    if kind == "DATE":
        return cast(cut, "DATE")
    return cast(cut, "TIME") if kind == "TIME" else cut


def add(_session: "Session", node: "exp.DateAdd") -> "exp.Expr":
    """DATEADD: a DATE plus days or more stays one; parts of a unit are rounded."""
    from sqlglot import exp

    unit, kind = unit_of(node.args.get("unit")), kind_of(node.this)
    total = exp.Paren(this=exp.Add(this=_moment(node.this), expression=_span(unit, node.expression)))
    return cast(total, "DATE") if kind == "DATE" and unit in _DATE_UNITS else total


def _span(unit: str, count: "exp.Expr") -> "exp.Expr":
    """An interval of `count` units."""
    from sqlglot import exp

    if isinstance(count, exp.Literal) and count.is_string:
        count = exp.Literal.number(count.this)
    times, function = {
        "QUARTER": (3, "to_months"),
        "MILLISECOND": (1000, "to_microseconds"),
        "NANOSECOND": (1, "to_microseconds"),
    }.get(unit, (1, f"to_{unit.lower()}s"))
    whole = cast(call("round", count), "INTEGER" if unit in _DATE_UNITS else "BIGINT")
    if unit == "NANOSECOND":
        whole = exp.IntDiv(this=whole, expression=exp.Literal.number(1000))
    if times != 1:
        whole = exp.Mul(this=whole, expression=exp.Literal.number(times))
    return call(function, whole)


def difference(_session: "Session", node: "exp.DateDiff") -> "exp.Expr":
    """DATEDIFF(unit, from, to) counts the boundaries that lie between."""
    unit = unit_of(node.args.get("unit"))
    sides = [node.expression, node.this]
    if any(kind_of(side) == "TIME" for side in sides):
        return call("date_diff", unit.lower(), *sides)
    start, end = (cast(_moment(side), "TIMESTAMP") for side in sides)
    if unit == "NANOSECOND":
        return cast(call("multiply", call("date_diff", "microsecond", start, end), 1000), "BIGINT")
    return call("date_diff", unit.lower(), start, end)


def interval(_session: "Session", node: "exp.Interval") -> "exp.Expr | None":
    """INTERVAL '1 day, 2 hours'."""
    if node.args.get("unit") is not None or node.this is None:
        return None
    return cast(call("replace", node.this, ",", ""), "INTERVAL")


def plus(session: "Session", node: Any) -> "exp.Expr | None":
    """Dates with numbers and intervals; other operands are numbers."""
    from sqlglot import exp

    from neve.local.translate.rules.numbers import arithmetic

    left, right = kind_of(node.this), kind_of(node.expression)
    if left in STAMPS | {"DATE"} and isinstance(node.expression, exp.Interval | exp.Cast):
        return cast(node, "DATE") if kind_of(node) == "DATE" else None
    if left == "DATE" and right in NUMERIC:
        return exp.Paren(this=node.__class__(this=node.this, expression=cast(node.expression, "INTEGER")))
    if "DATE" in {left, right} or STAMPS & {left, right}:
        return None
    return arithmetic(session, node)


def add_months(_session: "Session", node: "exp.AddMonths") -> "exp.Expr":
    """ADD_MONTHS: the last day of a month gives the last day of a month."""
    moved = call("sf_add_months", _moment(node.this), cast(call("round", node.expression), "INTEGER"))
    return cast(moved, "DATE") if kind_of(node.this) == "DATE" else moved


def convert_timezone(_session: "Session", node: "exp.ConvertTimezone") -> "exp.Expr":
    """CONVERT_TIMEZONE: the clock in the target zone.

    With two arguments Snowflake keeps the offset as well; here the moment is remembered for a cast around it.
    """
    source, target, stamp = node.args.get("source_tz"), node.args["target_tz"], node.args["timestamp"]
    if source is not None:
        return call("timezone", target, call("timezone", source, temporal(stamp, "NTZ")))
    moment = temporal(stamp, "LTZ")
    clock = call("timezone", target, moment)
    clock.meta["moment"] = moment
    clock.type = _ntz()
    return clock


def _ntz() -> "exp.DataType":
    from sqlglot import exp

    return exp.DataType.build("TIMESTAMP_NTZ", dialect="snowflake")


def current_timestamp(_session: "Session", node: "exp.CurrentTimestamp") -> "exp.Expr":
    """CURRENT_TIMESTAMP, and SYSDATE: the clock in UTC."""
    if not node.args.get("sysdate"):
        return call("sf_now")
    clock = call("timezone", "UTC", call("sf_now"))
    clock.type = _ntz()
    return clock


def _parsed(node: Any) -> "exp.Expr":
    """Text read by a format."""
    form = node.args["format"]
    if not form.is_string:
        raise unsupported("A date format that is no literal")
    name = "try_strptime" if node.args.get("safe") else "strptime"
    this = node.this if kind_of(node.this) == "TEXT" else cast(node.this, "VARCHAR")
    return call(name, this, strptime_format(snowflake_format(form.this)))


def to_date(_session: "Session", node: "exp.TsOrDsToDate") -> "exp.Expr":
    """TO_DATE, TRY_TO_DATE, DATE."""
    if node.args.get("format") is not None and kind_of(node.this) in {"TEXT", ""}:
        return cast(_parsed(node), "DATE")
    return temporal(_unwrapped(node.this), "DATE", safe=bool(node.args.get("safe")))


def _unwrapped(this: "exp.Expr") -> "exp.Expr":
    from sqlglot import exp

    if kind_of(this) in {"VARIANT", "OBJECT", "ARRAY"}:
        this = call("sf_text_json", this)
        this.type = exp.DataType.build("TEXT")
    return this


def to_time(_session: "Session", node: "exp.TsOrDsToTime") -> "exp.Expr":
    if node.args.get("format") is not None:
        return cast(_parsed(node), "TIME")
    return cast(_unwrapped(node.this), "TIME", safe=bool(node.args.get("safe")))


def to_stamp(_session: "Session", node: "exp.StrToTime") -> "exp.Expr":
    """TO_TIMESTAMP_*(text, format)."""
    if kind_of(node.this) not in {"TEXT", ""}:
        return temporal(node.this, kind_of(node), safe=bool(node.args.get("safe")))
    return cast(_parsed(node), _DUCK.get(_target(node), "TIMESTAMP"))


def _target(node: Any) -> str:
    """Which of the timestamps a TO_TIMESTAMP_* makes."""
    from neve.local.translate.typing import kind_of_type

    target = node.args.get("target_type")
    return kind_of_type(target) if target is not None else "NTZ"


def from_epoch(_session: "Session", node: "exp.UnixToTime") -> "exp.Expr":
    """TO_TIMESTAMP_*(number [, scale])."""
    scale, target = node.args.get("scale"), _target(node)
    if scale is None:
        return temporal(node.this, target)
    moment = call("sf_epoch_scaled", node.this, scale)
    return call("timezone", "UTC", moment) if target in {"LTZ", "TZ"} else moment


_EPOCHS = {
    **dict.fromkeys(("EPOCH", "EPOCH_SECOND", "EPOCH_SECONDS"), "epoch"),
    **dict.fromkeys(("EPOCH_MILLISECOND", "EPOCH_MILLISECONDS"), "epoch_ms"),
    **dict.fromkeys(("EPOCH_MICROSECOND", "EPOCH_MICROSECONDS"), "epoch_us"),
    **dict.fromkeys(("EPOCH_NANOSECOND", "EPOCH_NANOSECONDS"), "epoch_ns"),
}


def extract(_session: "Session", node: "exp.Extract") -> "exp.Expr | None":
    """DATE_PART and EXTRACT."""
    name = node.this.name.upper()
    if function := _EPOCHS.get(name):
        this = _moment(node.expression)
        return cast(call("floor", call(function, this if function == "epoch" else cast(this, "TIMESTAMP"))), "BIGINT")
    node.set("expression", _moment(node.expression))
    return None


def last_day(_session: "Session", node: "exp.LastDay") -> "exp.Expr | None":
    from sqlglot import exp

    unit = unit_of(node.args.get("unit")) if node.args.get("unit") is not None else "MONTH"
    start = call("date_trunc", unit.lower(), cast(_moment(node.this), "DATE"))
    after = exp.Paren(this=exp.Add(this=start, expression=_span(unit, exp.Literal.number(1))))
    return cast(exp.Sub(this=after, expression=call("to_days", 1)), "DATE")
