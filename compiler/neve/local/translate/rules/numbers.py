"""Arithmetic and comparison, with Snowflake's scales and conversions."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import unsupported
from neve.local.translate.build import call, cast
from neve.local.translate.typing import NUMERIC, SEMI, STAMPS, kind_of, scale_of

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    compared = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ)
    return {
        exp.Mul: arithmetic,
        exp.Mod: arithmetic,
        exp.Div: divide,
        exp.Neg: negate,
        **dict.fromkeys((exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseNot), of_bits),
        **dict.fromkeys(compared, compare),
        exp.Ordered: ordered,
        exp.Booland: lambda _, node: _joined(exp.And, node),
        exp.Boolor: lambda _, node: _joined(exp.Or, node),
        exp.Xor: lambda _, node: exp.NEQ(this=_truth(node.this), expression=_truth(node.expression)),
        exp.Boolnot: lambda _, node: exp.Not(this=_truth(node.this)),
        exp.Between: between,
        exp.In: member,
        **dict.fromkeys((exp.Coalesce, exp.If, exp.Case, exp.Nvl2, exp.DecodeCase, exp.Greatest, exp.Least), even),
        exp.RegrValx: lambda _, node: _where_there(node.this, node.expression),
        exp.RegrValy: lambda _, node: _where_there(node.expression, node.this),
        exp.Rand: random,
        **dict.fromkeys((exp.Seq1, exp.Seq2, exp.Seq4, exp.Seq8), sequence),
        exp.Uniform: uniform,
        exp.Normal: normal,
        exp.WidthBucket: lambda _, n: call("width_bucket", n.this, n.args["min_value"], n.args["max_value"],
                                           n.args["num_buckets"]),
    }  # fmt: skip


def numeric(node: "exp.Expr") -> "exp.Expr":
    """An operand as a number: text is read as one, VARIANT as a float."""
    from sqlglot import exp

    kind = kind_of(node)
    if kind == "TEXT":
        if isinstance(node, exp.Literal) and _plain_number(node.this):
            return exp.Literal.number(node.this.strip())
        if isinstance(node, exp.Literal) and not _number_at_all(node.this):
            return call("sf_no_number", node)
        return cast(node, "DECIMAL(38, 5)")
    if kind in SEMI:
        return cast(call("sf_text_json", node), "DOUBLE")
    return node


def even(session: "Session", node: Any) -> None:
    """COALESCE, CASE and the like give values of one type."""
    from neve.local.translate.returns import branches

    of_one_type(session, branches(node))


def of_one_type(session: "Session", values: "list[exp.Expr]") -> None:
    """A text beside numbers, dates or booleans is read as one of them, in its place."""
    kinds = {kind_of(value) for value in values} - {"", "NULL"}
    others = kinds - {"TEXT"}
    if "TEXT" not in kinds or len(others - NUMERIC) + bool(others & NUMERIC) != 1 or others & SEMI:
        return
    beside = next(value for value in values if kind_of(value) in others)
    for value in values:
        above, key, index = value.parent, value.arg_key, value.index  # it may be put inside of another
        if above is not None and key is not None:
            above.set(key, aligned(session, value, beside), index)


def _plain_number(text: str) -> bool:
    return text.strip().replace(".", "", 1).isdigit()


def _number_at_all(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _wide(node: "exp.Expr") -> "exp.Expr":
    """A long number as one of 38 digits, so that what is computed with it is one too."""
    from sqlglot import exp

    long = isinstance(node, exp.Literal) and not node.is_string and len(node.name) > 9 and node.name.isdigit()
    return cast(node, "HUGEINT") if long else node


def arithmetic(session: "Session", node: Any) -> "exp.Expr | None":
    """+ - * % of numbers."""
    both_whole = kind_of(node.this) == kind_of(node.expression) == "INT"
    for key in ("this", "expression"):
        operand = node.args[key]
        changed = _wide(numeric(operand))
        if session.wide and both_whole:
            changed = cast(changed, "HUGEINT")
        if changed is not operand:
            node.set(key, changed)
    if node.key == "mul" and kind_of(node) == "DECIMAL":
        return _product(session, node)
    return None


def _product(session: "Session", node: Any) -> "exp.Expr | None":
    """A product of decimals: with more digits than DuckDB has, by way of text."""
    digits = scale_of(node.this) + scale_of(node.expression)
    if digits > 37 or session.wide:
        return exactly("sf_exact_product", node.this, node.expression, scale_of(node))
    return cast(node.copy(), f"DECIMAL(38, {scale_of(node)})") if digits > 12 else None


def exactly(name: str, one: "exp.Expr", other: "exp.Expr", scale: int) -> "exp.Expr":
    """Of two numbers as texts, to so many digits after the point."""
    return cast(call(name, cast(one, "VARCHAR"), cast(other, "VARCHAR"), scale), f"DECIMAL(38, {scale})")


def divide(session: "Session", node: "exp.Div") -> "exp.Expr | None":
    """A number divided by a number has six more digits after the point."""
    scales = scale_of(node.this), scale_of(node.expression)
    arithmetic(session, node)
    if kind_of(node) not in {"DECIMAL", "INT"}:
        return None
    return quotient(session, node.this, node.expression, scales, scale_of(node))


_DIGITS = 12
_EXACT = 2**51
"""Below this, the quotient of two whole numbers as floats is rounded as the exact one would be."""


def quotient(
    session: "Session", dividend: "exp.Expr", divisor: "exp.Expr", scales: tuple[int, int], scale: int
) -> "exp.Expr":
    """An exact quotient to `scale` digits; of numbers with `scales` digits after the point."""
    from sqlglot import exp

    if session.wide:
        return exactly("sf_exact_quotient", dividend, divisor, scale)
    own, other = scales
    most = _EXACT // 10 ** (scale + other) if scale <= _DIGITS else 0
    shift = scale - own + other
    powers = (power(digits) for digits in (own, other, max(shift, 0), max(-shift, 0)))
    exact = cast(call("sf_divided", dividend, divisor, *powers, power(-scale)), f"DECIMAL(38, {scale})")
    quick = exp.Div(this=cast(dividend.copy(), "DOUBLE"), expression=divisor.copy())
    small = call("sf_small", dividend.copy(), divisor.copy(), most)
    return exp.Case(ifs=[exp.If(this=small, true=cast(quick, f"DECIMAL(38, {scale})"))], default=exact)


def power(places: int) -> "exp.Expr":
    """10 to the power of `places`, written as an exact number."""
    from sqlglot import exp

    return exp.Literal.number(f"1{'0' * places}" if places >= 0 else f"0.{'0' * (-places - 1)}1")


def negate(session: "Session", node: "exp.Neg") -> None:
    changed = numeric(node.this)
    if session.wide and kind_of(node.this) == "INT":
        changed = cast(changed, "HUGEINT")
    if changed is not node.this:
        node.set("this", changed)


def _where_there(needed: "exp.Expr", value: "exp.Expr") -> "exp.Expr":
    """The value as a float; NULL where `needed` is."""
    from sqlglot import exp

    there = exp.Not(this=exp.Is(this=needed, expression=exp.Null()))
    return exp.Case(ifs=[exp.If(this=there, true=cast(value, "DOUBLE"))])


def of_bits(session: "Session", node: Any) -> None:
    """Operands whose bits count, as whole numbers."""
    for key in ("this", "expression"):
        operand = node.args.get(key)
        if operand is not None and (kind_of(operand) in {"TEXT", "DECIMAL"} or _is_decimal(operand)):
            node.set(key, cast(operand, "HUGEINT" if session.wide else "BIGINT"))


def _is_decimal(node: "exp.Expr") -> bool:
    return node.type is not None and node.type.this.name == "DECIMAL" and not node.is_number


_TEMPORAL = STAMPS | {"DATE", "TIME"}


def compare(session: "Session", node: Any) -> "exp.Expr | None":
    """A text beside a number, date or boolean is read as one; a VARIANT beside a value is read as that value's kind."""
    from sqlglot import exp

    if isinstance(node.parent, exp.Update) and node.arg_key == "expressions":
        return None  # an assignment
    if kind_of(node.this) in SEMI and kind_of(node.expression) in SEMI:
        node.set("this", call("sf_sort_key", node.this))
        node.set("expression", call("sf_sort_key", node.expression))
        return None
    node.set("this", aligned(session, node.this, node.expression))
    node.set("expression", aligned(session, node.expression, node.this))
    return None


def aligned(session: "Session", node: "exp.Expr", other: "exp.Expr") -> "exp.Expr":
    """The operand read as the other's kind, where they differ and Snowflake would do so."""
    from sqlglot import exp

    if isinstance(node, exp.SubqueryPredicate):  # ANY or ALL of a query
        return node
    kind, beside = kind_of(node), kind_of(other)
    if kind in SEMI and beside not in {*SEMI, "", "NULL"}:
        node = call("sf_text_json", node)
        node.type, kind = exp.DataType.build("TEXT"), "TEXT"
        if beside in NUMERIC:
            return cast(node, "DOUBLE")
    if kind == "BOOLEAN" and beside in NUMERIC:
        return cast(node, "INTEGER")
    return _read_as(session, node, beside) if kind == "TEXT" else node


def _read_as(session: "Session", node: "exp.Expr", beside: str) -> "exp.Expr":
    """A text as the kind of what stands beside it."""
    from neve.local.translate.rules.casts import boolean_of
    from neve.local.translate.rules.dates import temporal

    if beside == "FLOAT":
        return cast(node, "DOUBLE")
    if beside in _TEMPORAL:
        timed = beside == "DATE" and node.is_string and ":" in node.name
        return temporal(session, node, "NTZ" if timed else beside)
    if beside == "BOOLEAN":
        return boolean_of(node, safe=False)
    return numeric(node) if beside in NUMERIC else node


def _joined(operator: Any, node: Any) -> "exp.Expr":
    from sqlglot import exp

    return exp.Paren(this=operator(this=_truth(node.this), expression=_truth(node.expression)))


def _truth(node: "exp.Expr") -> "exp.Expr":
    """An operand of BOOLAND and its kin: a number is rounded, and is true when it is not zero."""
    from sqlglot import exp

    if kind_of(node) in {"BOOLEAN", "NULL"} or isinstance(node, exp.Null):
        return cast(node, "BOOLEAN")
    return cast(call("round", numeric(node)), "BOOLEAN")


def ordered(_session: "Session", node: "exp.Ordered") -> None:
    """VARIANTs in ORDER BY: numbers by their size."""
    if kind_of(node.this) in SEMI:
        node.set("this", call("sf_sort_key", node.this))


def between(session: "Session", node: "exp.Between") -> None:
    low, high, this = node.args["low"], node.args["high"], node.this
    node.set("low", aligned(session, low, this))
    node.set("high", aligned(session, high, this))
    node.set("this", aligned(session, this, low))


def member(session: "Session", node: "exp.In") -> None:
    options = node.args.get("expressions") or []
    if options and kind_of(node.this) in SEMI:
        node.set("this", aligned(session, node.this, options[0]))
    elif kind_of(node.this) in NUMERIC | _TEMPORAL:
        node.set("expressions", [aligned(session, option, node.this) for option in options])


# Random numbers: with a seed, the same for the same row.


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
