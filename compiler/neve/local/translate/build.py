"""Nodes of DuckDB's SQL."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp


HELD = "sf_apart"
_PARSING = frozenset({"sf_parse_json", "sf_try_parse_json"})
# Macros that name their argument many times: around JSON in JSON each is a hundredfold as long as its argument.
_LONG = _PARSING | {"sf_text_json", "sf_text_number"}


def call(name: str, *arguments: "exp.Expr | str | int") -> "exp.Expr":
    """A call of a DuckDB function or macro; str and int arguments are literals."""
    from sqlglot import exp

    nodes = [_node(argument) for argument in arguments]
    if name in _LONG and is_deep(nodes[0]):
        name += "_apart"
    return exp.Anonymous(this=name, expressions=nodes)


def apart(node: "exp.Expr", make: "Callable[[exp.Expr], exp.Expr]") -> "exp.Expr":
    """What `make` gives for the node, which is written once however often it is named."""
    from sqlglot import exp

    body = exp.Lambda(this=make(exp.column(HELD)), expressions=[exp.to_identifier(HELD)])
    return exp.Bracket(this=call("list_transform", array([node]), body), expressions=[_node(1)], offset=1)


def has_macro(node: "exp.Expr") -> bool:
    """Whether it calls a macro of the engine's: what names it often is long."""
    from sqlglot import exp

    return any(str(found.this).startswith("sf_") for found in node.find_all(exp.Anonymous))


def is_deep(node: "exp.Expr") -> bool:
    """Whether JSON is parsed in it, out of more than a column or a literal."""
    from sqlglot import exp

    return any(
        str(found.this).removesuffix("_apart") in _PARSING
        and not isinstance(found.expressions[0], exp.Column | exp.Literal)
        for found in node.find_all(exp.Anonymous)
    )


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
