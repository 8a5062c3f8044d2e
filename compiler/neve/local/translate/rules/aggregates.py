"""Aggregates and windows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.translate.build import array, call, cast, outermost_call
from neve.local.translate.returns import average_scale
from neve.local.translate.rules.casts import variant
from neve.local.translate.rules.generated import row_hash
from neve.local.translate.rules.numbers import numeric, quotient
from neve.local.translate.typing import SEMI, STAMPS, kind_of, number, scale_of

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    wrapped = (exp.Window, exp.Filter, exp.WithinGroup, exp.IgnoreNulls)
    return {
        **dict.fromkeys(
            (
                exp.Avg,
                exp.Median,
                exp.Stddev,
                exp.StddevPop,
                exp.StddevSamp,
                exp.Variance,
                exp.VariancePop,
                exp.Kurtosis,
                exp.ArrayAgg,
                exp.ArrayUniqueAgg,
                exp.Sum,
                exp.GroupConcat,
                exp.ArrayUnionAgg,
            ),
            finish,
        ),
        **dict.fromkeys(wrapped, finish),
        exp.ObjectAgg: object_agg,
        exp.Count: count,
        exp.HashAgg: hash_agg,
        exp.ApproxTopK: top,
        **dict.fromkeys((exp.ApproxDistinct, exp.Hll), exactly),
        exp.ApproxQuantile: lambda _, node: call("quantile_cont", cast(node.this, "DOUBLE"), node.args["quantile"]),
        exp.Max: lambda _, node: _extreme(node, "arg_max"),
        exp.Min: lambda _, node: _extreme(node, "arg_min"),
        **dict.fromkeys((exp.RegrSlope, exp.RegrIntercept, exp.RegrR2, exp.Corr), _number_or_null),
        exp.ArgMax: lambda _, node: _at(node, "arg_max"),
        exp.ArgMin: lambda _, node: _at(node, "arg_min"),
    }


def finish(session: "Session", node: Any) -> "exp.Expr | None":
    """What Snowflake's type asks for around an aggregate, outside its FILTER and OVER."""
    from sqlglot import exp

    if outermost_call(node) is not node:
        return None
    core = node
    while isinstance(core, exp.Window | exp.Filter | exp.WithinGroup | exp.IgnoreNulls | exp.RespectNulls):
        core = core.this
    if isinstance(core, exp.ArrayUnionAgg | exp.ArrayAgg | exp.ArrayUniqueAgg):
        return _array_of(core, node)
    if isinstance(core, exp.GroupConcat):
        if core.args.get("separator") is None:
            core.set("separator", exp.Literal.string(""))
        return call("coalesce", node, "")
    if isinstance(core, exp.Anonymous):
        return _by_name(core, node)
    return _number(session, core, node)


def _number(session: "Session", core: Any, node: "exp.Expr") -> "exp.Expr | None":
    """An aggregate of numbers; texts are read as floats."""
    from sqlglot import exp

    totals, deviations = exp.Sum | exp.Avg, exp.Stddev | exp.StddevSamp | exp.StddevPop
    others = exp.Median | exp.Variance | exp.VariancePop | exp.Kurtosis
    if kind_of(core.this) == "TEXT" and isinstance(core, totals | deviations | others):
        core.set("this", cast(core.this, "DOUBLE"))
    elif isinstance(core, totals):
        core.set("this", numeric(core.this))
    if isinstance(core, exp.Avg) and kind_of(core) == "DECIMAL":
        return _average(session, core, node)
    if isinstance(core, deviations) and kind_of(core.this) in {"INT", "DECIMAL"}:
        return _deviation(core, node)
    kind = _number_type(core, node)
    if kind and isinstance(core, exp.Median | exp.PercentileCont):
        _with_more_digits(core, node, kind)
    return cast(node, kind) if kind else None


def _average(session: "Session", core: Any, node: "exp.Expr") -> "exp.Expr":
    """The sum by the number of values: DuckDB's own is a float."""
    from sqlglot import exp

    total, count = (_instead(core, node, kind) for kind in (exp.Sum, exp.Count))
    return quotient(session, total, count, (scale_of(core.this), 0), _scale(core))


def _deviation(core: Any, node: "exp.Expr") -> "exp.Expr":
    """The root of the variance, which is a number with so many digits after the point."""
    from sqlglot import exp

    variance = _instead(core, node, exp.VariancePop if isinstance(core, exp.StddevPop) else exp.Variance)
    return call("sqrt", cast(cast(variance, f"DECIMAL(38, {max(6, scale_of(core.this))})"), "DOUBLE"))


def _instead(core: Any, node: "exp.Expr", kind: Any) -> "exp.Expr":
    """The whole call with another aggregate in the place of `core`."""
    whole: exp.Expr = kind(this=core.this.copy())
    if node is core:
        return whole
    made = node.copy()
    next(made.find_all(type(core))).replace(whole)
    return made


def _array_of(core: Any, node: "exp.Expr") -> "exp.Expr":
    from sqlglot import exp

    if isinstance(core, exp.ArrayUnionAgg):
        return call("sf_array_union_agg", call("list", core.this))
    written = "sf_array_of" if _in_json(core) else "to_json"
    return call(written, call("coalesce", node, array([])))


def _in_json(core: Any) -> bool:
    """Puts what DuckDB would write otherwise than Snowflake into JSON; whether that was so."""
    from sqlglot import exp

    holder, key = (core.this, "expressions") if isinstance(core.this, exp.Distinct) else (core, "this")
    while isinstance(holder.args[key], exp.Order | exp.Limit):
        holder, key = holder.args[key], "this"
    value = holder.args[key]
    one = value[0] if isinstance(value, list) else value
    if kind_of(one) in {"DECIMAL", "FLOAT", "TIME", "BINARY", *STAMPS}:
        holder.set(key, [variant(one)] if isinstance(value, list) else variant(one))
        return True
    return kind_of(one) in SEMI


def _by_name(core: Any, node: "exp.Expr") -> "exp.Expr | None":
    name = str(core.this).upper()
    if name == "RATIO_TO_REPORT":
        return ratio_to_report(core.expressions[0], node)
    return _events(core, node) if name.startswith("CONDITIONAL_") else None


def count(_session: "Session", node: "exp.Count") -> None:
    """COUNT(a, b) and COUNT(DISTINCT a, b): of rows in which none is NULL."""
    from sqlglot import exp

    distinct = isinstance(node.this, exp.Distinct)
    values = node.this.expressions if distinct else [node.this, *node.expressions]
    if len(values) < 2:
        return
    there = exp.and_(*(exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null())) for value in values), copy=False)
    row = exp.Case(ifs=[exp.If(this=there, true=call("row", *values))])
    node.set("this", exp.Distinct(expressions=[row]) if distinct else row)
    node.set("expressions", [])


def hash_agg(_session: "Session", node: "exp.HashAgg") -> "exp.Expr":
    """HASH_AGG: the same for the same rows, in whatever order."""
    hashed = row_hash(node) if node.this.is_star else call("hash", node.this, *node.expressions)
    return call("sf_hash_agg", hashed)


def top(_session: "Session", node: "exp.ApproxTopK") -> "exp.Expr":
    """APPROX_TOP_K(value [, how many]), by counting: the most frequent values."""
    return call("sf_top", call("histogram", variant(node.this)), node.expression)


def exactly(_session: "Session", node: Any) -> "exp.Expr":
    """APPROX_COUNT_DISTINCT, by counting."""
    from sqlglot import exp

    return exp.Count(this=exp.Distinct(expressions=[node.this]))


def _extreme(node: Any, name: str) -> "exp.Expr | None":
    """MAX and MIN of VARIANTs: numbers by their size."""
    return call(name, node.this, call("sf_sort_key", node.this.copy())) if kind_of(node.this) in SEMI else None


def _number_or_null(_session: "Session", node: Any) -> "exp.Expr | None":
    """Of one point, where DuckDB has no number, Snowflake has NULL."""
    from sqlglot import exp

    if outermost_call(node) is not node:
        return None
    return exp.Case(ifs=[exp.If(this=exp.Not(this=call("isnan", node.copy())), true=node.copy())])


def _at(node: Any, name: str) -> "exp.Expr":
    """MAX_BY and MIN_BY: of the row, whatever it has there; with a count, of so many rows."""
    if node.args.get("count") is None:
        return call(f"{name}_null", node.this, node.expression)
    return call("to_json", call(name, node.this, node.expression, node.args["count"]))


def _events(core: Any, window: "exp.Expr") -> "exp.Expr":
    """CONDITIONAL_TRUE_EVENT and CONDITIONAL_CHANGE_EVENT: how many there were up to this row."""
    from sqlglot import exp

    changes = str(core.this).upper() == "CONDITIONAL_CHANGE_EVENT"
    part = core.expressions[0]
    counted = window.copy()
    counted.set("this", call("list", part.copy()) if changes else call("count_if", part.copy()))
    rows = {"kind": "ROWS", "start": "UNBOUNDED", "start_side": "PRECEDING", "end": "CURRENT ROW"}
    counted.set("spec", exp.WindowSpec(**rows))
    return call("sf_changes", counted) if changes else cast(counted, "BIGINT")


def _with_more_digits(core: Any, node: Any, kind: str) -> None:
    """What stands between two decimals has more digits than they have: DuckDB would cut them off."""
    from sqlglot import exp

    holder = core if isinstance(core, exp.Median) else node.find(exp.WithinGroup).expression.expressions[0]
    if kind_of(holder.this) == "DECIMAL":
        holder.set("this", cast(holder.this, kind))


def _number_type(core: Any, node: Any) -> str | None:
    """Of averages and the like of whole or decimal numbers: DuckDB's are floats."""
    from sqlglot import exp

    if isinstance(core, exp.Median) and kind_of(core.this) in {"INT", "DECIMAL"}:
        return f"DECIMAL(38, {_scale(core)})"
    if isinstance(core, exp.Variance | exp.VariancePop | exp.Kurtosis) and kind_of(core) in {"INT", "DECIMAL"}:
        return f"DECIMAL(38, {scale_of(core)})"
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
    return min(own + 3, 12) if isinstance(core, exp.Median) else average_scale(core, own)


def ratio_to_report(part: "exp.Expr", window: "exp.Expr") -> "exp.Expr":
    from sqlglot import exp

    total = window.copy()
    total.set("this", exp.Sum(this=part.copy()))
    ratio = exp.Div(this=cast(part.copy(), "DOUBLE"), expression=call("nullif", total, 0))
    exact = kind_of(part) in {"INT", "DECIMAL"}
    scale = max(scale_of(part), min(scale_of(part) + 6, 12))
    made = cast(ratio, f"DECIMAL(38, {scale})" if exact else "DOUBLE")
    made.type = number(scale) if exact else made.args["to"].copy()
    return made


def object_agg(_session: "Session", node: "exp.ObjectAgg") -> "exp.Expr":
    return call("sf_object_agg", call("list", node.this), call("list", variant(node.expression)))
