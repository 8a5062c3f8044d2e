"""PIVOT, as a query that has an aggregate for each value: its columns are those that neither is made of nor counts."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from neve.local.binding import literal
from neve.local.errors import compilation_error

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def write_out(session: "Session", tree: "exp.Expr") -> None:
    """Replaces every PIVOT in the tree; after names are folded. UNPIVOT is DuckDB's own."""
    from sqlglot import exp

    for pivot in list(tree.find_all(exp.Pivot)):
        source = pivot.parent
        if not pivot.args.get("unpivot") and source is not None:
            source.replace(_grouped(session, source, pivot))


def _grouped(session: "Session", source: "exp.Expr", pivot: "exp.Pivot") -> "exp.Expr":
    from sqlglot import exp

    if len(pivot.args["fields"]) != 1 or len(source.args["pivots"]) != 1:
        raise compilation_error("A PIVOT has one FOR, and stands alone.")
    (field,) = pivot.args["fields"]
    place, rows = field.this, source.copy()
    rows.set("pivots", None)
    used = {column.name: column.this for one in (place, *pivot.expressions) for column in one.find_all(exp.Column)}
    select = exp.Select(
        expressions=[exp.Star(except_=[name.copy() for name in used.values()])],
        from_=exp.From(this=rows),
        group=exp.Group(all=True),
    )
    for value, name in _values(session, source, field):
        for aggregate in pivot.expressions:
            select.append("expressions", _column(pivot, aggregate, exp.EQ(this=place.copy(), expression=value), name))
    name = source.alias_or_name
    alias = pivot.args.get("alias") or (exp.TableAlias(this=exp.to_identifier(name, quoted=True)) if name else None)
    return exp.Subquery(this=select, alias=alias.copy() if alias is not None else None)


def _column(pivot: "exp.Pivot", aggregate: "exp.Expr", there: "exp.Expr", name: str) -> "exp.Expr":
    from sqlglot import exp

    made: exp.Expr = exp.Filter(this=aggregate.unalias().copy(), expression=exp.Where(this=there.copy()))
    if default := pivot.args.get("default_on_null"):
        made = exp.Coalesce(this=made, expressions=[default.copy()])
    whole = f"{name}_{aggregate.alias}" if aggregate.alias else name
    return exp.alias_(made, exp.to_identifier(whole, quoted=True))


def _values(session: "Session", source: "exp.Expr", field: "exp.In") -> "Iterator[tuple[exp.Expr, str]]":
    """The values that become columns, with the columns' names."""
    from sqlglot import exp

    for value in field.expressions:
        if isinstance(value, exp.PivotAny):
            yield from _found(session, source, _all(source, field.this, value.this))
        elif isinstance(value, exp.Query):
            yield from _found(session, source, value.copy())
        elif isinstance(value, exp.PivotAlias):
            yield value.this, value.args["alias"].name
        else:
            yield value, value.sql(dialect="snowflake")


def _all(source: "exp.Expr", place: "exp.Expr", order: Any) -> "exp.Select":
    """Every value that is there, in its order."""
    from sqlglot import exp

    rows = source.copy()
    rows.set("pivots", None)
    there = exp.Not(this=exp.Is(this=place.copy(), expression=exp.Null()))
    select = exp.Select(expressions=[place.copy()], from_=exp.From(this=rows), where=exp.Where(this=there))
    select.set("group", exp.Group(expressions=[place.copy()]))
    select.set("order", order.copy() if order else exp.Order(expressions=[exp.Ordered(this=place.copy())]))
    return select


def _found(session: "Session", source: "exp.Expr", query: "exp.Expr") -> "Iterator[tuple[exp.Expr, str]]":
    """What a query gives, each once."""
    from sqlglot import exp

    from neve.local.translate.parse import parse_expression
    from neve.local.translate.query import fetch, translated

    if query.args.get("with_") is None and (named := _named(source)):
        query.set("with_", exp.With(expressions=named))
    for value in dict.fromkeys(row[0] for row in fetch(session, translated(session, query)).rows):
        text = literal(value)
        yield parse_expression(text), text.partition("::")[0] if isinstance(value, str) else f"{value}"


def _named(source: "exp.Expr") -> "list[exp.Expr]":
    """What WITH gives names to before `source` stands."""
    from sqlglot import exp

    found: list[exp.Expr] = []
    child, above = source, source.parent
    while above is not None:
        if isinstance(above, exp.With):
            before = above.expressions[: next(i for i, cte in enumerate(above.expressions) if cte is child)]
            found = [*(cte.copy() for cte in before), *found]
        elif (with_ := above.args.get("with_")) is not None and with_ is not child:
            found = [*(cte.copy() for cte in with_.expressions), *found]
        child, above = above, above.parent
    return found
