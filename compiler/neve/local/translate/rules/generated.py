"""Numbers that are made for each row: random ones, sequences, hashes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import unsupported
from neve.local.translate.build import call
from neve.local.translate.typing import kind_of

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    return {
        exp.Rand: random,
        **dict.fromkeys((exp.Seq1, exp.Seq2, exp.Seq4, exp.Seq8), sequence),
        exp.Uniform: uniform,
        exp.Normal: normal,
    }


def random(_session: "Session", node: "exp.Rand") -> "exp.Expr":
    """RANDOM([seed]): 64 bits. A seeded one follows the row's number where a window may stand, else its values."""
    if node.this is None:
        return call("sf_any_random")
    return call("sf_random", node.this, row_number() if _in_projection(node) else row_hash(node))


def row_number() -> "exp.Expr":
    from sqlglot import exp

    return exp.Window(this=exp.RowNumber(), over="OVER")


def _in_projection(node: "exp.Expr") -> bool:
    """Whether a window function may stand there: in a projection, outside aggregates and other windows."""
    from sqlglot import exp

    above: exp.Expr = node
    key: str | None = ""
    while above.parent is not None and not isinstance(above, exp.Select):
        if isinstance(above, exp.AggFunc | exp.Window):
            return False
        above, key = above.parent, above.arg_key
    return isinstance(above, exp.Select) and key in {"expressions", "order"} and not above.args.get("group")


def row_hash(node: "exp.Expr") -> "exp.Expr":
    """The values of the row: of every source of the query around."""
    from sqlglot import exp

    query = node.find_ancestor(exp.Select)
    start = query.args.get("from_") if query is not None else None
    if query is None or start is None:
        return exp.Literal.number(1)
    sources = [start.this, *(join.this for join in query.args.get("joins") or [])]
    for place, source in enumerate(sources):
        if not source.alias_or_name:
            source.set("alias", exp.TableAlias(this=exp.to_identifier(f"_source{place}", quoted=True)))
    names = [source.alias_or_name for source in sources]
    return call("hash", *(exp.column(exp.to_identifier(name, quoted=True)) for name in names))


def sequence(_session: "Session", node: Any) -> "exp.Expr":
    """SEQ1, SEQ2, SEQ4, SEQ8: 0, 1, 2 …; inside a window, where it only asks for some order, a constant."""
    from sqlglot import exp

    if not _in_projection(node):
        return exp.Literal.number(0) if node.find_ancestor(exp.Window) else _no_sequence()
    return exp.Paren(this=exp.Sub(this=row_number(), expression=exp.Literal.number(1)))


def _no_sequence() -> "exp.Expr":
    raise unsupported("SEQ1, SEQ2, SEQ4 or SEQ8 outside the columns of a SELECT")


def uniform(_session: "Session", node: "exp.Uniform") -> "exp.Expr":
    """UNIFORM(low, high, generator): whole numbers when both ends are."""
    low, high = node.this, node.expression
    generator = node.args.get("gen") or node.args.get("seed")
    if generator is None:
        raise unsupported("UNIFORM without a generator")
    whole = kind_of(low) == "INT" and kind_of(high) == "INT"
    return call("sf_uniform_int" if whole else "sf_uniform_float", low, high, generator)


def normal(_session: "Session", node: "exp.Normal") -> "exp.Expr":
    """NORMAL(mean, deviation, generator)."""
    generator = node.args.get("gen") or node.args.get("seed")
    if generator is None:
        raise unsupported("NORMAL without a generator")
    return call("sf_normal", node.this, node.args.get("stddev") or node.expression, generator)
