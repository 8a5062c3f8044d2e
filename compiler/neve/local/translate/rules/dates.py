"""Dates, times and timestamps."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import unsupported
from neve.local.translate.build import call, cast
from neve.local.translate.formats import snowflake_format, strptime_format
from neve.local.translate.rules import zones
from neve.local.translate.rules.units import interval
from neve.local.translate.typing import NUMERIC, STAMPS, kind_of

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    return {
        exp.Interval: span_of_interval,
        exp.Add: plus,
        exp.Sub: plus,
        exp.ConvertTimezone: convert_timezone,
        exp.CurrentTimestamp: current_timestamp,
        exp.CurrentDate: lambda _s, _n: cast(call("sf_now"), "DATE"),
        exp.CurrentTime: lambda _s, _n: _clock(),
        exp.Localtime: lambda _s, _n: _clock(),
        exp.Localtimestamp: lambda _s, _n: call("sf_now"),
        exp.TsOrDsToDate: to_date,
        exp.TsOrDsToTime: to_time,
        exp.Time: to_time,
        exp.StrToTime: to_stamp,
        exp.UnixToTime: from_epoch,
        exp.TimestampFromParts: from_parts,
        exp.TimestampLtzFromParts: zoned_from_parts,
        exp.TimestampTzFromParts: zoned_from_parts,
    }


def _clock() -> "exp.Expr":
    return cast(cast(call("sf_now"), "TIMESTAMP"), "TIME")


def temporal(session: "Session", this: "exp.Expr", target: str, *, safe: bool = False) -> "exp.Expr":
    """A value as DATE, TIME or a timestamp."""
    from sqlglot import exp

    kind, moment = kind_of(this), this.meta.get("moment")
    if target in {"LTZ", "TZ"} and isinstance(moment, exp.Expr):
        zone = zones.zone_of(this)
        return zones.with_zone(moment, zone) if target == "TZ" and zone else moment
    if kind == "TEXT":
        return _of_text(session, this, target, safe=safe)
    if target in {"DATE", "TIME", "NTZ"} and zones.zone_of(this):
        this, kind = zones.clock(this), "NTZ"
    if target == "TIME":
        return cast(cast(this, "TIMESTAMP") if kind in {"LTZ", "TZ"} else this, "TIME", safe=safe)
    if kind in {"INT", "DECIMAL", "FLOAT"} and not isinstance(this, exp.Null):
        since = call("sf_epoch_scaled", this, 0)
        return call("timezone", "UTC", since) if target in {"LTZ", "TZ"} else cast(since, _DUCK[target])
    return cast(this, _DUCK[target], safe=safe)


def _of_text(session: "Session", this: "exp.Expr", target: str, *, safe: bool) -> "exp.Expr":
    """A text read in the session's format, or as what Snowflake recognizes."""
    form = session.parameter(f"{target if target in {'DATE', 'TIME'} else 'TIMESTAMP'}_INPUT_FORMAT")
    bound = this.is_string and _BOUND.fullmatch(this.name) and not form.upper().startswith("YYYY-")
    if form.upper() != "AUTO" and not bound:
        return cast(_read(this, form, _WHAT.get(target, "timestamp"), safe=safe), _DUCK.get(target, "TIME"))
    name = {"DATE": "date", "NTZ": "ntz", "TIME": "time"}.get(target, "zoned")
    made = call(f"sf_{'try_' * safe}parse_{name}", this)
    zone = zones.written_zone(this.name) if target == "TZ" and this.is_string else None
    return zones.with_zone(made, zone) if zone else made


_BOUND = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d.*)?")  # as values are bound, whatever the format
_WHAT = {"DATE": "date", "TIME": "time"}
_DUCK = {"DATE": "DATE", "NTZ": "TIMESTAMP", "LTZ": "TIMESTAMPTZ", "TZ": "TIMESTAMPTZ"}


def moment(node: "exp.Expr") -> "exp.Expr":
    """Text as a timestamp; dates and timestamps as they are, with the clock of their own zone."""
    from sqlglot import exp

    if isinstance(node, exp.Null):
        return cast(node, "TIMESTAMP")
    return call("sf_parse_ntz", node) if kind_of(node) == "TEXT" else zones.clock(node)


def span_of_interval(_session: "Session", node: "exp.Interval") -> "exp.Expr | None":
    """INTERVAL '1 day, 2 hours'; without a number it stands in the frame of a window."""
    if node.this is None or not isinstance(node.this.name, str) or not node.this.name:
        return None
    return interval(node)


def plus(session: "Session", node: Any) -> "exp.Expr | None":
    """Dates with numbers and intervals; other operands are numbers."""
    from sqlglot import exp

    from neve.local.translate.rules.numbers import arithmetic

    if node.this.meta.get("interval") and isinstance(node, exp.Add):
        node = exp.Add(this=node.expression, expression=node.this, _type=node.type)
    left, right = kind_of(node.this), kind_of(node.expression)
    if left in STAMPS | {"DATE", "TIME"} and node.expression.meta.get("interval"):
        moved = node.this
        for span in node.expression.meta["interval"]:
            moved = exp.Paren(this=node.__class__(this=moved, expression=span.copy()))
        return cast(moved, "DATE") if kind_of(node) == "DATE" else moved
    if right == "DATE" and left in NUMERIC and isinstance(node, exp.Add):
        return exp.Paren(this=exp.Add(this=node.expression, expression=cast(node.this, "INTEGER")))
    if left == "DATE" and right in NUMERIC:
        return exp.Paren(this=node.__class__(this=node.this, expression=cast(node.expression, "INTEGER")))
    if "DATE" in {left, right} or STAMPS & {left, right}:
        return None
    return arithmetic(session, node)


def convert_timezone(session: "Session", node: "exp.ConvertTimezone") -> "exp.Expr":
    """CONVERT_TIMEZONE: the clock in the target zone.

    With two arguments Snowflake keeps the offset as well; here the moment is remembered for what is around it.
    """
    source, target, stamp = node.args.get("source_tz"), node.args["target_tz"], node.args["timestamp"]
    if source is not None:
        return call("timezone", target, call("timezone", source, temporal(session, stamp, "NTZ")))
    moment = temporal(session, stamp, "LTZ")
    if target.is_string:
        return zones.clock_of(moment, target.name)
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


def _format(node: Any) -> str | None:
    """The format of TO_DATE and the like; None without one, or with AUTO."""
    form = node.args.get("format")
    if form is None:
        return None
    if not form.is_string:
        raise unsupported("A date format that is no literal")
    written = snowflake_format(form.this)
    return None if written.upper() == "AUTO" else written


def _parsed(node: Any, written: str, what: str) -> "exp.Expr":
    """Text read by a format; `what` it is to be, for the error."""
    this = node.this if kind_of(node.this) == "TEXT" else cast(node.this, "VARCHAR")
    return _read(this, written, what, safe=bool(node.args.get("safe")))


def _read(this: "exp.Expr", written: str, what: str, *, safe: bool) -> "exp.Expr":
    form = strptime_format(written)
    if not re.search("%[yY]", form):  # DuckDB would begin with 1900
        form, this = f"%Y {form}", call("concat", "1970 ", this)
    if safe:
        return call("try_strptime", this, form)
    return call("sf_strptime", this, form, what, written)


def to_date(session: "Session", node: "exp.TsOrDsToDate") -> "exp.Expr":
    """TO_DATE, TRY_TO_DATE, DATE."""
    written = _format(node)
    if written is not None and kind_of(node.this) in {"TEXT", ""}:
        return cast(_parsed(node, written, "date"), "DATE")
    return temporal(session, _unwrapped(node.this), "DATE", safe=bool(node.args.get("safe")))


def _unwrapped(this: "exp.Expr") -> "exp.Expr":
    from sqlglot import exp

    if kind_of(this) in {"VARIANT", "OBJECT", "ARRAY"}:
        this = call("sf_text_json", this)
        this.type = exp.DataType.build("TEXT")
    return this


def to_time(session: "Session", node: "exp.TsOrDsToTime") -> "exp.Expr":
    written = _format(node)
    if written is not None:
        return cast(_parsed(node, written, "time"), "TIME")
    return temporal(session, _unwrapped(node.this), "TIME", safe=bool(node.args.get("safe")))


def to_stamp(session: "Session", node: "exp.StrToTime") -> "exp.Expr":
    """TO_TIMESTAMP_*(text, format)."""
    written = _format(node)
    if kind_of(node.this) not in {"TEXT", ""} or written is None:
        return temporal(session, node.this, _target(node), safe=bool(node.args.get("safe")))
    return cast(_parsed(node, written, "timestamp"), _DUCK.get(_target(node), "TIMESTAMP"))


def _target(node: Any) -> str:
    """Which of the timestamps a TO_TIMESTAMP_* makes."""
    from neve.local.translate.typing import kind_of_type

    target = node.args.get("target_type")
    return kind_of_type(target) if target is not None else "NTZ"


def from_epoch(session: "Session", node: "exp.UnixToTime") -> "exp.Expr":
    """TO_TIMESTAMP_*(number [, scale])."""
    scale, target = node.args.get("scale"), _target(node)
    if scale is None:
        return temporal(session, node.this, target)
    moment = call("sf_epoch_scaled", node.this, scale)
    return call("timezone", "UTC", moment) if target in {"LTZ", "TZ"} else moment


def from_parts(_session: "Session", node: Any) -> "exp.Expr":
    """TIMESTAMP_NTZ_FROM_PARTS, of numbers or of a date and a time: what is out of its range carries over."""
    from sqlglot import exp

    if node.args.get("year") is None:
        return exp.Paren(this=exp.Add(this=node.this, expression=node.expression))
    parts = (node.args[key] for key in ("year", "month", "day", "hour", "min", "sec"))
    return call("sf_stamp_of_parts", *parts, node.args.get("nano") or 0)


def zoned_from_parts(session: "Session", node: Any) -> "exp.Expr":
    """TIMESTAMP_LTZ_FROM_PARTS and TIMESTAMP_TZ_FROM_PARTS: the clock of a zone."""
    zone = node.args.get("zone") or session.parameter("TIMEZONE")
    moment = call("timezone", zone, from_parts(session, node))
    return zones.with_zone(moment, zone.name) if not isinstance(zone, str) and zone.is_string else moment
