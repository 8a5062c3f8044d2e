"""Nodes of DuckDB's SQL."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp


def call(name: str, *arguments: "exp.Expr | str | int") -> "exp.Expr":
    """A call of a DuckDB function or macro; str and int arguments are literals."""
    from sqlglot import exp

    return exp.Anonymous(this=name, expressions=[_node(argument) for argument in arguments])


def _node(value: "exp.Expr | str | int") -> "exp.Expr":
    from sqlglot import exp

    if isinstance(value, str):
        return exp.Literal.string(value)
    return exp.Literal.number(value) if isinstance(value, int) else value


def cast(node: "exp.Expr", duck_type: str, *, safe: bool = False) -> "exp.Expr":
    """CAST(node AS a DuckDB type)."""
    from sqlglot import exp

    return (exp.TryCast if safe else exp.Cast)(this=node, to=_duck_type(duck_type).copy())


@cache
def _duck_type(text: str) -> "exp.DataType":
    from sqlglot import exp

    return exp.DataType.build(text, dialect="duckdb")


def array(nodes: "list[exp.Expr]") -> "exp.Expr":
    """A DuckDB list."""
    from sqlglot import exp

    return exp.Array(expressions=nodes)


def outermost_call(node: "exp.Expr") -> "exp.Expr":
    """An aggregate with its FILTER, WITHIN GROUP, IGNORE NULLS and OVER around it."""
    from sqlglot import exp

    around = (exp.Filter, exp.WithinGroup, exp.IgnoreNulls, exp.RespectNulls, exp.Window)
    while isinstance(node.parent, around) and node.arg_key == "this":
        node = node.parent
    return node
