"""What a query may not have: by Snowflake's rules, or because the engine has not got it."""

from typing import TYPE_CHECKING

from neve.local.errors import compilation_error, unsupported

if TYPE_CHECKING:
    from sqlglot import exp


def refuse(tree: "exp.Expr") -> None:
    """Raises SqlError; on the tree as parsed."""
    from sqlglot import exp

    for node in tree.walk():
        if isinstance(node, exp.Table) and (node.args.get("when") is not None or node.args.get("version") is not None):
            raise unsupported("Time travel (AT, BEFORE)")
        if isinstance(node, exp.MatchRecognize):
            raise unsupported("MATCH_RECOGNIZE")
        if isinstance(node, exp.Where):
            _without_aggregates(node)
        if isinstance(node, exp.AggFunc):
            _not_nested(node)


def _without_aggregates(where: "exp.Where") -> None:
    from sqlglot import exp

    for node in where.walk(prune=lambda n: isinstance(n, exp.Query)):
        text = node.sql(dialect="snowflake").upper()
        if isinstance(node, exp.Window):
            message = f"Window function [{text}] appears outside of SELECT, QUALIFY, and ORDER BY clauses."
            raise compilation_error(message, 2303, "42601")
        if isinstance(node, exp.AggFunc) and not isinstance(node.parent, exp.Window):
            raise compilation_error(f"Invalid aggregate function in where clause [{text}]", 2035, "42601")


def _not_nested(node: "exp.AggFunc") -> None:
    from sqlglot import exp

    outer = node.find_ancestor(exp.AggFunc, exp.Query, exp.Window)
    if (
        not isinstance(outer, exp.AggFunc)
        or isinstance(node.parent, exp.Window)
        or isinstance(outer.parent, exp.Window)
    ):
        return
    inner, around = (each.sql(dialect="snowflake").upper() for each in (node, outer))
    raise compilation_error(f"Aggregate functions cannot be nested: [{inner}] nested in [{around}]", 2103, "42601")
