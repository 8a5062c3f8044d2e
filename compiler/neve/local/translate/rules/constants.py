"""What is made of constants alone and may fail: it has macros of its own, and stands where its alias is named."""

from typing import TYPE_CHECKING

from neve.local.translate.build import HELD
from neve.local.translate.macros import twins
from neve.local.translate.rules.randoms import namings

if TYPE_CHECKING:
    from sqlglot import exp


def separate(tree: "exp.Expr") -> None:
    """On a tree of DuckDB's functions."""
    from sqlglot import exp

    once = [node for node in tree.find_all(exp.Anonymous) if str(node.this).upper() in twins() and is_constant(node)]
    for node in once:
        node.set("this", twins()[str(node.this).upper()])
    for select in {id(found): found for node in once if (found := node.find_ancestor(exp.Select))}.values():
        _write_out(select)


def is_constant(node: "exp.Expr") -> bool:
    """Whether no column is in it, but for aliases of constants and what `apart` holds of constants."""
    from sqlglot import exp

    return all(_named_constant(column) for column in node.find_all(exp.Column))


def _named_constant(column: "exp.Column") -> bool:
    from sqlglot import exp

    if column.name == HELD:
        body = column.find_ancestor(exp.Lambda)
        called = body.parent if body else None
        return called is not None and is_constant(called.expressions[0])
    select = column.find_ancestor(exp.Select)
    if column.table or select is None:
        return False
    named = next((each for each in select.selects if isinstance(each, exp.Alias) and each.alias == column.name), None)
    return named is not None and column not in set(named.find_all(exp.Column)) and is_constant(named.this)


def _write_out(select: "exp.Select") -> None:
    """DuckDB does not let an expression with error() be named by its alias in other columns, or in WHERE."""
    from sqlglot import exp

    named = namings(select)
    for projection in select.selects if named else ():
        if not isinstance(projection, exp.Alias):
            continue
        places = named.get(projection.alias, ())
        if places and _may_fail(projection):
            for column in places:
                column.replace(exp.Paren(this=projection.this.copy()))


def _may_fail(projection: "exp.Alias") -> bool:
    from sqlglot import exp

    return any(str(node.this).upper() in set(twins().values()) for node in projection.find_all(exp.Anonymous))
