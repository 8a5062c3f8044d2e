"""Aggregates and windows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.translate.build import array, call, cast, outermost_call
from neve.local.translate.rules.casts import variant
from neve.local.translate.rules.numbers import numeric
from neve.local.translate.typing import kind_of, number, scale_of

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    wrapped = (exp.Window, exp.Filter, exp.WithinGroup, exp.IgnoreNulls)
    return {
        **dict.fromkeys((exp.Avg, exp.Median, exp.ArrayAgg, exp.ArrayUniqueAgg, exp.Sum, exp.GroupConcat), finish),
        **dict.fromkeys(wrapped, finish),
        exp.ObjectAgg: object_agg,
    }


def finish(_session: "Session", node: Any) -> "exp.Expr | None":
    """What Snowflake's type asks for around an aggregate, outside its FILTER and OVER."""
    from sqlglot import exp

    if outermost_call(node) is not node:
        return None
    core = node
    while isinstance(core, exp.Window | exp.Filter | exp.WithinGroup | exp.IgnoreNulls | exp.RespectNulls):
        core = core.this
    if isinstance(core, exp.Sum) and kind_of(core.this) == "TEXT":
        core.set("this", numeric(core.this))
    if isinstance(core, exp.ArrayAgg | exp.ArrayUniqueAgg):
        return call("to_json", call("coalesce", node, array([])))
    if isinstance(core, exp.GroupConcat):
        return call("coalesce", node, "")
    if isinstance(core, exp.Anonymous) and str(core.this).upper() == "RATIO_TO_REPORT":
        return ratio_to_report(core.expressions[0], node)
    kind = _number_type(core, node)
    return cast(node, kind) if kind else None


def _number_type(core: Any, node: Any) -> str | None:
    """Of averages and the like of whole or decimal numbers: DuckDB's are floats."""
    from sqlglot import exp

    if isinstance(core, exp.Avg | exp.Median) and kind_of(core.this) in {"INT", "DECIMAL"}:
        return f"DECIMAL(38, {_scale(core)})"
    return _ordered(node) if isinstance(core, exp.PercentileCont) else None


def _ordered(node: Any) -> str | None:
    """The type of PERCENTILE_CONT(…) WITHIN GROUP (ORDER BY a whole or decimal number)."""
    from sqlglot import exp

    group = node.find(exp.WithinGroup)
    this = group.expression.expressions[0].this if group is not None else None
    if this is None or kind_of(this) not in {"INT", "DECIMAL"}:
        return None
    return f"DECIMAL(38, {min(scale_of(this) + 3, 12)})"


def _scale(core: Any) -> int:
    from sqlglot import exp

    own = scale_of(core.this)
    return min(own + 3, 12) if isinstance(core, exp.Median) else max(own, min(own + 6, 12))


def ratio_to_report(part: "exp.Expr", window: "exp.Expr") -> "exp.Expr":
    from sqlglot import exp

    total = window.copy()
    total.set("this", exp.Sum(this=part.copy()))
    ratio = exp.Div(this=cast(part.copy(), "DOUBLE"), expression=call("nullif", total, 0))
    made = cast(ratio, "DECIMAL(38, 6)")
    made.type = number(6)
    return made


def object_agg(_session: "Session", node: "exp.ObjectAgg") -> "exp.Expr":
    return call("sf_object_agg", call("list", node.this), call("list", variant(node.expression)))
