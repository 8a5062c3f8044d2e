"""What stands in FROM: FLATTEN, GENERATOR, SPLIT_TO_TABLE, VALUES, SAMPLE."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import unsupported
from neve.local.translate.build import call
from neve.local.translate.rules.casts import variant

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    return {
        exp.Lateral: lateral,
        exp.TableFromRows: table_function,
        exp.Values: values,
        exp.TableSample: sample,
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

    inner = node.this
    if isinstance(inner, exp.Explode):
        return _flattened(node, inner)
    if isinstance(inner, exp.SplitToTable):
        return _placed(node, call("sf_split_to_table", inner.this, inner.expression))
    if isinstance(inner, exp.Generator):
        count = inner.args.get("rowcount")
        if count is None:
            raise unsupported("GENERATOR without ROWCOUNT")
        return _placed(node, call("range", count))
    name = inner.sql(dialect="snowflake").split("(")[0]
    raise unsupported(f"The table function {name}")


def _flattened(node: Any, inner: "exp.Explode") -> "exp.Expr":
    """FLATTEN(INPUT => x, PATH => p, OUTER => b, RECURSIVE => b, MODE => m)."""
    arguments = _named(inner)
    source = arguments.get("INPUT") or arguments["0"]
    where = arguments.get("PATH")
    if where is not None and where.is_string and where.this:
        source = call("json_extract", variant(source), "$." + where.this)
    mode = arguments.get("MODE")
    if mode is not None and mode.name.upper() != "BOTH":
        raise unsupported(f"FLATTEN with MODE => '{mode.name}'")
    deep = arguments.get("RECURSIVE")
    macro = "sf_flatten_all" if deep is not None and deep.sql().upper() == "TRUE" else "sf_flatten"
    made = _placed(node, call(macro, variant(source)))
    outer = arguments.get("OUTER")
    if outer is not None and outer.sql().upper() == "TRUE":
        _join_outer(node)
    return made


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


def _join_outer(node: Any) -> None:
    """A row without elements is kept."""
    from sqlglot import exp

    join = node.parent
    if isinstance(join, exp.Join):
        join.set("side", "LEFT")
        join.set("kind", None)
        join.set("on", exp.true())
        return
    raise unsupported("FLATTEN with OUTER => TRUE as the first table of FROM")


def values(_session: "Session", node: "exp.Values") -> "exp.Expr | None":
    """VALUES without column names has COLUMN1, COLUMN2 …"""
    from sqlglot import exp

    alias = node.args.get("alias")
    if isinstance(node.parent, exp.Insert) or (alias is not None and alias.columns):
        return None
    width = len(node.expressions[0].expressions) if isinstance(node.expressions[0], exp.Tuple) else 1
    columns = [exp.to_identifier(f"COLUMN{i + 1}", quoted=True) for i in range(width)]
    name = alias.this if alias is not None and alias.this is not None else exp.to_identifier("VALUES", quoted=True)
    node.set("alias", exp.TableAlias(this=name, columns=columns))
    return None


def sample(_session: "Session", node: "exp.TableSample") -> None:
    """SAMPLE is by row; a number of rows is drawn from all of them."""
    from sqlglot import exp

    if node.args.get("size") is not None:
        node.set("method", exp.var("RESERVOIR"))
    elif not node.args.get("method"):
        node.set("method", exp.var("BERNOULLI"))
