"""What stands in FROM: FLATTEN, GENERATOR, SPLIT_TO_TABLE, VALUES, SAMPLE."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import compilation_error, unsupported
from neve.local.translate.build import array, call
from neve.local.translate.rules.casts import variant
from neve.local.translate.supported import LEFT_OUT

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    return {
        exp.Lateral: lateral,
        exp.TableFromRows: table_function,
        exp.TableSample: sample,
        exp.Join: asof,
    }


def _named(call_: Any) -> "dict[str, exp.Expr]":
    """The arguments of a call by upper-case name, unnamed ones by place from "0" on."""
    from sqlglot import exp

    nodes = [node for node in (call_.this, *call_.expressions) if isinstance(node, exp.Expr)]
    found = {}
    for place, node in enumerate(nodes):
        key, value = (node.this.name.upper(), node.expression) if isinstance(node, exp.Kwarg) else (str(place), node)
        found[key] = value
    return found


def lateral(_session: "Session", node: "exp.Lateral") -> "exp.Expr | None":
    """LATERAL FLATTEN(…); LATERAL (SELECT …) is DuckDB's own."""
    from sqlglot import exp

    if isinstance(node.this, exp.Explode):
        return _flattened(node, node.this)
    if isinstance(node.this, exp.SplitToTable):
        return _placed(node, call("sf_split_to_table", node.this.this, node.this.expression))
    return None


def table_function(_session: "Session", node: "exp.TableFromRows") -> "exp.Expr | None":
    """TABLE(FLATTEN(…)), TABLE(GENERATOR(…)), TABLE(SPLIT_TO_TABLE(…))."""
    from sqlglot import exp

    inner = node.this.this if isinstance(node.this, exp.Window) else node.this  # rows do not depend on a partition
    if isinstance(inner, exp.Explode):
        return _flattened(node, inner)
    if isinstance(inner, exp.SplitToTable):
        return _placed(node, call("sf_split_to_table", inner.this, inner.expression))
    if isinstance(inner, exp.Generator):
        count = inner.args.get("rowcount")
        if count is None:
            raise unsupported("GENERATOR without ROWCOUNT")
        return _placed(node, call("range", count))
    if isinstance(inner, exp.Anonymous) and str(inner.this).upper() == "STRTOK_SPLIT_TO_TABLE":
        return _placed(node, call("sf_strtok_to_table", inner.expressions[0], *(inner.expressions[1:2] or [" "])))
    name = inner.sql(dialect="snowflake").split("(")[0].upper()
    if isinstance(inner, exp.Anonymous) and name not in LEFT_OUT:
        raise compilation_error(f"Unknown table function {name}", 2141, "42601")
    raise unsupported(f"The table function {name}")


_MODES = {"BOTH": ("OBJECT", "ARRAY"), "OBJECT": ("OBJECT",), "ARRAY": ("ARRAY",)}


def _flattened(node: Any, inner: "exp.Explode") -> "exp.Expr":
    """FLATTEN(INPUT => x, PATH => p, OUTER => b, RECURSIVE => b, MODE => m)."""
    from sqlglot import exp

    arguments = _named(inner)
    given = arguments.get("INPUT") or arguments.get("0")
    if given is None:
        raise compilation_error("FLATTEN needs an INPUT.")
    source, prefix = variant(given), ""
    where = arguments.get("PATH")
    if where is not None and where.is_string and where.this:
        source, prefix = call("json_extract", source, "$." + where.this), where.this
    mode = arguments.get("MODE")
    kinds = array([exp.Literal.string(kind) for kind in _MODES["BOTH" if mode is None else mode.name.upper()]])
    macro = "sf_flatten_all" if _is_true(arguments.get("RECURSIVE")) else "sf_flatten"
    join = node.parent
    left = isinstance(join, exp.Join) and join.side == "LEFT" and join.args.get("on") is None
    outer = left or _is_true(arguments.get("OUTER"))
    if left:
        join.set("side", None)
        join.set("kind", "CROSS")
    return _placed(node, call(macro, source, prefix, kinds, exp.true() if outer else exp.false()))


def _is_true(node: "exp.Expr | None") -> bool:
    return node is not None and node.sql().upper() == "TRUE"


def _placed(node: Any, function: "exp.Expr") -> "exp.Expr":
    """LATERAL (SELECT * FROM f(…)) alias."""
    from sqlglot import exp

    join = node.parent
    if isinstance(join, exp.Join) and join.side == "LEFT" and join.args.get("on") is None:
        join.set("on", exp.true())
    query = exp.Select(expressions=[exp.Star()], from_=exp.From(this=exp.Table(this=function)))
    alias = node.args.get("alias")
    name = exp.TableAlias(this=alias.this.copy()) if alias is not None and alias.this is not None else None
    return exp.Lateral(this=exp.Subquery(this=query), alias=name)


def sample(_session: "Session", node: "exp.TableSample") -> None:
    """SAMPLE is by row; a number of rows is drawn from all of them."""
    from sqlglot import exp

    if node.args.get("size") is not None:
        node.set("method", exp.var("RESERVOIR"))
    elif not node.args.get("method"):
        node.set("method", exp.var("BERNOULLI"))


def asof(_session: "Session", node: "exp.Join") -> None:
    """ASOF JOIN … MATCH_CONDITION (…) [ON …]: an outer one, whose condition is one of ON's for DuckDB."""
    from sqlglot import exp

    condition = node.args.get("match_condition")
    if condition is None:
        return
    on = _equal(node) if node.args.get("using") else node.args.get("on")
    node.set("match_condition", None)
    node.set("side", "LEFT")
    node.set("on", condition if on is None else exp.and_(on, condition, copy=False))


def _equal(join: "exp.Join") -> "exp.Expr":
    """USING (a, b) of an ASOF JOIN as ON: DuckDB would take its last column for the condition."""
    from sqlglot import exp

    holder, select = join.parent, join.find_ancestor(exp.Select)
    start = holder.args["from_"].this if isinstance(holder, exp.Select) else holder
    sides = [start.alias_or_name, join.alias_or_name] if start is not None else []
    if holder is None or select is None or len(holder.args["joins"]) > 1 or not all(sides):
        raise unsupported("ASOF JOIN with USING, of more than two tables,")
    names = join.args["using"]
    join.set("using", None)
    second = [name.copy() for name in names]
    if any(column.is_star for column in select.selects):
        second = [exp.to_identifier(f"using {name.name}", quoted=True) for name in names]
        _hide(select, join, names, second)
    return exp.and_(
        *(
            exp.EQ(
                this=exp.column(one.copy(), exp.to_identifier(sides[0], quoted=True)),
                expression=exp.column(other.copy(), exp.to_identifier(sides[1], quoted=True)),
            )
            for one, other in zip(names, second, strict=True)
        )
    )


def _hide(
    select: "exp.Select", join: "exp.Join", names: "list[exp.Identifier]", others: "list[exp.Identifier]"
) -> None:
    """Gives the second table's columns of USING other names, and leaves them out of `*`."""
    from sqlglot import exp

    renamed = [exp.alias_(exp.column(name.copy()), other.copy()) for name, other in zip(names, others, strict=True)]
    inner = exp.Select(expressions=[exp.Star(rename=renamed)], from_=exp.From(this=join.this.copy()))
    alias = exp.TableAlias(this=exp.to_identifier(join.alias_or_name, quoted=True))
    join.set("this", exp.Subquery(this=inner, alias=alias))
    for column in select.selects:
        star = column.this if isinstance(column, exp.Column) else column
        if isinstance(star, exp.Star) and column.args.get("table") is None:
            star.set("except_", [*(star.args.get("except_") or ()), *(exp.column(other.copy()) for other in others)])
