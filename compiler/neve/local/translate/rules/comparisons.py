"""Values that are compared, or are to be of one type; what is true."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.translate.build import call, cast
from neve.local.translate.rules.numbers import numeric
from neve.local.translate.typing import NUMERIC, SEMI, STAMPS, kind_of

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    compared = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ)
    return {
        **dict.fromkeys(compared, compare),
        exp.Ordered: ordered,
        exp.Booland: lambda _, node: _joined(exp.And, node),
        exp.Boolor: lambda _, node: _joined(exp.Or, node),
        exp.Xor: lambda _, node: exp.NEQ(this=_truth(node.this), expression=_truth(node.expression)),
        exp.Boolnot: lambda _, node: exp.Not(this=_truth(node.this)),
        exp.Between: between,
        exp.In: member,
        **dict.fromkeys((exp.Coalesce, exp.If, exp.Case, exp.Nvl2, exp.DecodeCase, exp.Greatest, exp.Least), even),
    }


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
