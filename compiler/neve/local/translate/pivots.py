"""PIVOT whose columns the rows decide, which are read first: IN (ANY …), IN (SELECT …); and DEFAULT ON NULL."""

from typing import TYPE_CHECKING, Any

from neve.local.binding import literal
from neve.local.errors import compilation_error, unsupported

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def settle_pivots(session: "Session", tree: "exp.Expr") -> None:
    """Gives every PIVOT its values, and its default a form that DuckDB has. Raises SqlError."""
    from sqlglot import exp

    for pivot in list(tree.find_all(exp.Pivot)):
        if not pivot.args.get("unpivot"):
            _settle(session, pivot)


def _settle(session: "Session", pivot: "exp.Pivot") -> None:
    from sqlglot import exp

    settled = pivot
    for field in pivot.args.get("fields") or ():
        if isinstance(field, exp.In) and (query := _query(pivot, field)) is not None:
            settled = _filled(session, pivot, query)
    default = settled.args.get("default_on_null")
    if isinstance(default, exp.Expression):
        _default(settled, default)


def _query(pivot: "exp.Pivot", field: "exp.In") -> "exp.Select | None":
    """What gives the values of a field, when they are not written."""
    from sqlglot import exp

    first = field.args.get("query") or (field.expressions[0] if field.expressions else None)
    inner = first.this if isinstance(first, exp.Subquery) else first
    if isinstance(inner, exp.Select):
        query = inner.copy()
    elif isinstance(inner, exp.PivotAny):
        source = pivot.parent.copy() if pivot.parent is not None else exp.Table()
        source.set("pivots", None)
        query = exp.Select(expressions=[field.this.copy()], from_=exp.From(this=source), distinct=exp.Distinct())
        order = inner.this or exp.Order(expressions=[exp.Ordered(this=field.this.copy())])
        query.set("order", order.copy())
    else:
        return None
    tables = [cte.copy() for above in _above(pivot) for cte in above.expressions]
    if tables:
        query.set("with_", exp.With(expressions=tables))
    return query


def _above(node: "exp.Expr") -> "list[exp.With]":
    """The WITH clauses whose tables it sees, the outermost first."""
    found: list[Any] = []
    while node.parent is not None:
        node = node.parent
        if (clause := node.args.get("with_")) is not None:
            found.insert(0, clause)
    return found


def _filled(session: "Session", pivot: "exp.Pivot", query: "exp.Select") -> "exp.Pivot":
    """The pivot with the values that the query gives, as if they were written; in order, when it has none."""
    from sqlglot import exp

    from neve.local.translate.parse import parse

    if len(pivot.args["fields"]) > 1:
        raise unsupported("PIVOT by several columns whose values are not written")
    found = [row[0] for row in session.run(query.sql(dialect="snowflake")).rows if row[0] is not None]
    found = list(dict.fromkeys(found))
    values = [literal(value) for value in (found if query.args.get("order") else sorted(found))]
    if not values:
        raise compilation_error("PIVOT has no values: its query gave no rows.")
    alone = pivot.copy()
    alone.set("columns", None)
    alone.args["fields"][0].set("expressions", [exp.column(f"neve_{place}") for place in range(len(values))])
    alone.args["fields"][0].set("query", None)
    text = exp.Select(expressions=[exp.Star()], from_=exp.From(this=exp.to_table("t"))).sql(dialect="snowflake")
    pivoted = alone.sql(dialect="snowflake")
    for place, value in reversed(list(enumerate(values))):
        pivoted = pivoted.replace(f"neve_{place}", value, 1)
    made = parse(f"{text} {pivoted}").find(exp.Pivot)
    if made is None:
        raise unsupported("This form of PIVOT")
    pivot.replace(made)
    return made


def _default(pivot: "exp.Pivot", default: "exp.Expr") -> None:
    """`DEFAULT ON NULL (x)`: COALESCE of each column that the pivot makes."""
    from sqlglot import exp

    source, alias = pivot.parent, pivot.args.get("alias")
    if source is None or (alias is not None and alias.columns):
        raise unsupported("PIVOT with DEFAULT ON NULL and names for its columns")
    pivot.set("default_on_null", None)
    columns = [
        exp.alias_(exp.Coalesce(this=exp.column(name.copy()), expressions=[default.copy()]), name.copy())
        for name in pivot.args.get("columns") or ()
    ]
    inner = exp.Select(expressions=[exp.Star(replace=columns)], from_=exp.From(this=source.copy()))
    source.replace(exp.Subquery(this=inner, alias=alias.copy() if alias is not None else None))
