"""Random values that stand at more than one place of a query: each row has one, which a subquery holds."""

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

_CLAUSES = ("where", "having", "qualify")
_RANDOM = frozenset({"SF_ANY_RANDOM", "GEN_RANDOM_UUID"})


def hold(tree: "exp.Expr") -> None:
    """On a tree of DuckDB's functions, which has no names for random values, and no windows in their order."""
    from sqlglot import exp

    for select in list(tree.find_all(exp.Select)):
        if not select.args.get("joins") and not select.args.get("laterals"):
            _hold_aliases(select)
            _hold_orders(select)


def _hold_aliases(select: "exp.Select") -> None:
    from sqlglot import exp

    named = namings(select)
    for projection in list(select.selects):
        places = named.get(projection.alias, ()) if isinstance(projection, exp.Alias) else ()
        if places and _is_random(projection.this):
            held = _held(select, projection.this)
            for place in (projection.this, *places):
                place.replace(held.copy())


def _hold_orders(select: "exp.Select") -> None:
    """ORDER BY RANDOM() of a window."""
    from sqlglot import exp

    for window in list(select.find_all(exp.Window)):
        ordered = window.args["order"].expressions if window.args.get("order") else []
        for place in ordered:
            if window.find_ancestor(exp.Select) is select and _is_random(place):
                place.this.replace(_held(select, place.this))


def namings(select: "exp.Select") -> "dict[str, list[exp.Column]]":
    """The columns of a query that mean another of its projections, by its alias."""
    from sqlglot import exp

    found: dict[str, list[exp.Column]] = defaultdict(list)
    for clause in (*select.selects, *map(select.args.get, _CLAUSES)):
        own = clause.alias if isinstance(clause, exp.Alias) else None
        for column in clause.find_all(exp.Column) if clause is not None else ():
            if column.meta.get("of_alias") and column.name != own:
                found[column.name].append(column)
    return found


def _is_random(node: "exp.Expr") -> bool:
    from sqlglot import exp

    return any(
        isinstance(found, exp.Uuid) or str(found.this).upper() in _RANDOM
        for found in node.find_all(exp.Anonymous, exp.Uuid)
    )


def _held(select: "exp.Select", value: "exp.Expr") -> "exp.Column":
    """The column of a subquery in place of what the query reads, which has the value beside the columns."""
    from sqlglot import exp

    start = select.args.get("from_")
    source = start.this if start is not None else None
    name = f"held {len(list(select.find_all(exp.Subquery)))}"
    inner = exp.Select(expressions=[exp.alias_(value.copy(), name, quoted=True)])
    if source is not None:
        inner.set("expressions", [exp.Star(), *inner.expressions])
        inner.set("from_", exp.From(this=source.copy()))
    called = source.alias_or_name if source is not None else "held"
    alias = exp.TableAlias(this=exp.to_identifier(called or "held", quoted=True))
    select.set("from_", exp.From(this=exp.Subquery(this=inner, alias=alias)))
    for star in [each.find(exp.Star) for each in select.selects if each.is_star]:
        if star is not None:
            star.set("except_", [*(star.args.get("except_") or []), exp.to_identifier(name, quoted=True)])
    return exp.column(name, quoted=True)
