"""Rewriting of a typed tree for DuckDB: functions by class of node, children before parents."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session

    Rule = Callable[["Session", Any], "exp.Expression | None"]


@cache
def _rules() -> "Mapping[type, Rule]":
    from neve.local.translate.rules import aggregates, casts, contexts, dates, numbers, semi, sources, texts

    areas = (casts, dates, numbers, texts, semi, aggregates, contexts, sources)
    return {node: rule for area in areas for node, rule in area.rules().items()}


def rewrite(session: "Session", tree: "exp.Expression") -> "exp.Expression":
    """The tree with Snowflake's functions replaced by what DuckDB has for them. Raises SqlError for what it has not."""
    rules = _rules()
    for node in reversed(list(tree.walk(bfs=True))):
        rule = rules.get(type(node))
        if rule is None:
            continue
        replaced = rule(session, node)
        if replaced is None or replaced is node:
            continue
        if replaced.type is None:
            replaced.type = node.type
        if node is tree:
            tree = replaced
        else:
            node.replace(replaced)
    return tree
