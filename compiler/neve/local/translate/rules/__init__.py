"""Rewriting of a typed tree for DuckDB: functions by class of node, children before parents."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from neve.local.errors import compilation_error, invalid_arguments

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session

    Rule = Callable[["Session", Any], "exp.Expr | None"]


@cache
def _rules() -> "Mapping[type, Rule]":
    from neve.local.translate import sets
    from neve.local.translate.rules import (
        aggregates,
        binaries,
        calendar,
        casts,
        comparisons,
        contexts,
        dates,
        generated,
        held,
        numbers,
        regexes,
        rounding,
        semi,
        sources,
        texts,
    )

    areas = (
        sets,
        casts,
        binaries,
        calendar,
        dates,
        numbers,
        comparisons,
        generated,
        regexes,
        rounding,
        texts,
        semi,
        held,
        aggregates,
        contexts,
        sources,
    )
    return {node: rule for area in areas for node, rule in area.rules().items()}


def rewrite(session: "Session", tree: "exp.Expr") -> "exp.Expr":
    """The tree with Snowflake's functions replaced by what DuckDB has for them. Raises SqlError for what it has not."""
    from neve.local.translate.rules.constants import separate
    from neve.local.translate.rules.counts import narrow
    from neve.local.translate.rules.randoms import hold
    from neve.local.translate.supported import check

    rules = _rules()
    for node in reversed(list(tree.walk(bfs=True))):
        narrow(node)
        rule = rules.get(type(node))
        if rule is None:
            check(node)
            continue
        above, key, index = node.parent, node.arg_key, node.index  # a rule may put the node inside of another
        replaced = _replaced(rule, session, node)
        if replaced is None or replaced is node:
            continue
        if replaced.type is None:
            replaced.type = node.type
        if above is None or key is None:
            replaced.parent = None
            tree = replaced
        else:
            above.set(key, replaced, index)
    separate(tree)
    hold(tree)
    return tree


def _replaced(rule: "Rule", session: "Session", node: "exp.Expr") -> "exp.Expr | None":
    """Raises SqlError for a call that lacks an argument which sqlglot does not ask for, or has one too many."""
    try:
        return rule(session, node)
    except (AttributeError, IndexError, KeyError) as error:
        called = node.sql(dialect="snowflake")
        raise compilation_error(f"not enough arguments for function [{called}]", 938, "22023") from error
    except TypeError as error:
        raise invalid_arguments(f"function [{node.sql(dialect='snowflake')}]") from error
