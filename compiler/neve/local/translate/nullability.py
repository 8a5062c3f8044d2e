"""Which columns of a query are never NULL, as a description of it says; on the safe side: what is not known may be."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlglot import exp

Never = frozenset[str]
_NONE: Never = frozenset()


def never_null(query: "exp.Expr", above: "dict[str, Never] | None" = None) -> Never:
    """The names of a query's columns that are never NULL; `above` are the tables of WITH around it. After `infer`,
    which marks the required columns of tables.
    """
    from sqlglot import exp

    known = dict(above or {})
    for cte in query.args["with_"].expressions if query.args.get("with_") is not None else ():
        known[cte.alias] = _under(never_null(cte.this, known), cte)
    if isinstance(query, exp.Subquery):
        return never_null(query.this, known)
    if isinstance(query, exp.Union):
        return never_null(query.this, known) & never_null(query.expression, known)
    if not isinstance(query, exp.Select) or _grouped_in_several_ways(query):
        return _NONE
    sources = _sources(query, known)
    never: set[str] = set()
    perhaps: set[str] = set()
    for projection in query.expressions:
        if projection.is_star:
            never |= _of_star(projection, sources)
        else:
            (never if _never(projection.unalias(), sources) else perhaps).add(projection.alias_or_name)
    return frozenset(never - perhaps)


def _of_star(star: "exp.Expr", sources: "dict[str, Never]") -> Never:
    """Of several tables nothing is said: their columns may have the same names."""
    if star.text("table"):
        return sources.get(star.text("table"), _NONE)
    return next(iter(sources.values())) if len(sources) == 1 and not any(star.args.values()) else _NONE


def _grouped_in_several_ways(query: "exp.Select") -> bool:
    from sqlglot import exp

    group = query.args.get("group")
    return group is not None and group.find(exp.Rollup, exp.Cube, exp.GroupingSets) is not None


def _sources(query: "exp.Select", known: "dict[str, Never]") -> dict[str, Never]:
    """What FROM has, by name; an outer join makes the other side's columns NULL."""
    start = query.args.get("from_")
    if start is None:
        return {}
    found = {start.this.alias_or_name: _source(start.this, known)}
    for join in query.args.get("joins") or ():
        if join.side in {"RIGHT", "FULL"} or query.args.get("laterals"):
            found = dict.fromkeys(found, _NONE)
        plain = join.side in {"", "RIGHT"} and not join.method
        found[join.this.alias_or_name] = _source(join.this, known) if plain else _NONE
    return found


def _source(node: "exp.Expr", known: "dict[str, Never]") -> Never:
    from sqlglot import exp

    if node.args.get("pivots") or node.args.get("joins"):
        return _NONE
    if isinstance(node, exp.Subquery):
        return _under(never_null(node.this, known), node)
    if isinstance(node, exp.Values):
        return _of_values(node)
    if isinstance(node, exp.Table):
        found: Never = node.meta.get("required", _NONE) if len(node.parts) > 1 else known.get(node.name, _NONE)
        return found
    return _NONE


def _under(names: Never, node: Any) -> Never:
    """The names under an alias that gives columns others: they are not followed."""
    alias = node.args.get("alias")
    return _NONE if alias is not None and alias.args.get("columns") else names


def _of_values(node: "exp.Values") -> Never:
    from sqlglot import exp

    alias = node.args.get("alias")
    names = [column.name for column in alias.columns] if alias is not None else []
    rows = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in node.expressions]
    columns: Sequence[Any] = list(zip(*rows, strict=False))
    return frozenset(name for name, column in zip(names, columns, strict=False) if all(_never(v, {}) for v in column))


def _never(node: "exp.Expr", sources: "dict[str, Never]") -> bool:
    from sqlglot import exp

    if isinstance(node, exp.Literal | exp.Boolean | exp.Count | exp.CurrentDate | exp.CurrentTimestamp):
        return True
    if isinstance(node, exp.Column):
        names = sources.get(node.table, _NONE) if node.table else _NONE.union(*sources.values())
        return node.name in names
    if isinstance(node, exp.Cast):
        return not isinstance(node, exp.TryCast) and not node.is_type("json") and _never(node.this, sources)
    if isinstance(node, exp.Paren | exp.Neg):
        return _never(node.this, sources)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul):
        return _never(node.this, sources) and _never(node.expression, sources)
    return False
