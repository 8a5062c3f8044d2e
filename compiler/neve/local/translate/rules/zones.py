"""TIMESTAMP_TZ with a zone of its own. DuckDB has only moments: so the zone is known of what is made in the same
expression, by CONVERT_TIMEZONE or of a text with an offset, and is shown where that is a column of the result.

Such a value is either a moment, or, as a TIMESTAMP_NTZ that can be counted with, the clock of its zone, which
remembers the moment.
"""

import re
from typing import TYPE_CHECKING

from neve.local.translate.build import call
from neve.local.translate.typing import data_type

if TYPE_CHECKING:
    from sqlglot import exp

_WRITTEN = re.compile(r".*:\d{2}(?:\.\d+)?\s*(?:(Z)|([+-]\d{2})(?::?(\d{2}))?)\s*", re.DOTALL)
_FIXED = re.compile(r"([+-])(\d{2}):(\d{2})")


def written_zone(text: str) -> str | None:
    """The offset at the end of a timestamp's text, as +01:00."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    return "+00:00" if found[1] else f"{found[2]}:{found[3] or '00'}"


def with_zone(moment: "exp.Expr", zone: str) -> "exp.Expr":
    moment.meta["zone"] = zone
    moment.type = data_type("TIMESTAMP_TZ")
    return moment


def clock_of(moment: "exp.Expr", zone: str) -> "exp.Expr":
    """The clock of a zone at a moment; it remembers both."""
    made = _clock(moment, zone)
    made.meta["moment"], made.meta["zone"] = moment, zone
    made.type = data_type("TIMESTAMP_NTZ")
    return made


def _clock(moment: "exp.Expr", zone: str) -> "exp.Expr":
    from sqlglot import exp

    minutes = _minutes(zone)
    if minutes is None:
        return call("timezone", zone, moment)
    return exp.Paren(this=exp.Add(this=call("timezone", "UTC", moment), expression=call("to_minutes", minutes)))


def _minutes(zone: str) -> int | None:
    found = _FIXED.fullmatch(zone)
    return None if found is None else int(f"{found[1]}1") * (60 * int(found[2]) + int(found[3]))


def zone_of(node: "exp.Expr") -> str | None:
    """The zone that the value has of its own, as far as it is known."""
    zone: str | None = node.meta.get("zone")
    return zone


def clock(node: "exp.Expr") -> "exp.Expr":
    """The clock of a value whose zone is known; other values as they are."""
    zone = zone_of(node)
    return node if zone is None or "moment" in node.meta else _clock(node, zone)


def counted(node: "exp.Expr", clock: "exp.Expr") -> "exp.Expr":
    """What was counted with the clock of `node`, in its zone, and as it is: a moment or a clock."""
    zone = zone_of(node)
    if zone is None:
        return clock
    if "moment" not in node.meta:
        return _moment_at(clock, zone)
    clock.meta["moment"], clock.meta["zone"] = _moment_at(clock.copy(), zone), zone
    clock.type = data_type("TIMESTAMP_NTZ")
    return clock


def _moment_at(clock: "exp.Expr", zone: str) -> "exp.Expr":
    """When a clock of the zone shows this."""
    from sqlglot import exp

    minutes = _minutes(zone)
    if minutes is None:
        return with_zone(call("timezone", zone, clock), zone)
    there = exp.Paren(this=exp.Sub(this=clock, expression=call("to_minutes", minutes)))
    return with_zone(call("timezone", "UTC", there), zone)


def offset(node: "exp.Expr") -> "exp.Expr | None":
    """The offset of a value whose zone is known, as +0100; None for other values."""
    from sqlglot import exp

    zone = zone_of(node)
    if zone is None:
        return None
    if _minutes(zone) is not None:
        return exp.Literal.string(zone.replace(":", ""))
    moment = node.meta.get("moment", node)
    return call("sf_offset_between", call("timezone", "UTC", moment.copy()), call("timezone", zone, moment.copy()))


def show(tree: "exp.Expr") -> dict[str, str]:
    """The columns of the result that have a zone of their own, unless the query reads them itself; they are moments
    from now on.
    """
    from sqlglot import exp

    if not isinstance(tree, exp.Select):
        return {}
    parts = [*tree.expressions, *(tree.args[key] for key in ("where", "having", "qualify") if tree.args.get(key))]
    found = {}
    for projection in tree.expressions:
        zone = zone_of(projection.this) if isinstance(projection, exp.Alias) else None
        if zone is not None and not any(_reads(part, projection.alias) for part in parts if part is not projection):
            projection.set("this", projection.this.meta.get("moment", projection.this))
            found[projection.alias] = zone
    return found


def _reads(node: "exp.Expr", name: str) -> bool:
    from sqlglot import exp

    return any(column.name == name and not column.table for column in node.find_all(exp.Column))
