"""How the trees of sqlglot are looked through: what every pass over them needs, by the shortest way."""

from functools import cache
from typing import Any, NamedTuple

from sqlglot import exp

from neve.ir import ALL, Column

LEAVES = (exp.Identifier, exp.Literal, exp.Boolean, exp.Null)


class Tree(NamedTuple):
    """A statement's expressions but for names and literals: all from the root on, and by its identity what stands right
    below each that is no column. Both are found once for all passes: sqlglot's own way takes three times as long in
    each of them.
    """

    nodes: list[Any]
    below: dict[int, list[Any]]


def tree_of(root: Any) -> Tree:
    """All below a statement's root."""
    nodes, below = [root], {}
    for node in nodes:
        if node.__class__ is exp.Column:
            continue  # it has names only
        found: list[Any] = []
        for value in node.args.values():
            if value is None:
                continue
            if value.__class__ is list:
                found += [one for one in value if _is_branch(one.__class__)]
            elif _is_branch(value.__class__):
                found.append(value)
        below[id(node)] = found
        nodes += found
    return Tree(nodes, below)


@cache
def _is_branch(kind: type) -> bool:
    return issubclass(kind, exp.Expr) and not issubclass(kind, LEAVES)


def dissolve(tree: Tree) -> None:
    """Take a tree apart that is not needed any more. Children know their parents, so that it would stay in memory until
    Python's garbage collector has looked at all of it, at ten times the cost.
    """
    for node in tree.nodes:
        node.args.clear()


def stored(identifier: Any) -> str:
    """A name as Snowflake stores it; "" for anything that is no identifier."""
    if identifier.__class__ is not exp.Identifier:
        return ""
    args = identifier.args
    name: str = args["this"]
    return name if args.get("quoted") else name.upper()


def column_of(node: Any) -> Column | None:
    """The column that an expression is, or all columns of a table; None for one that stands in no place of the text."""
    args = node.args
    name, table = args["this"], args.get("table")
    first = name if table is None else table
    last = first if name.__class__ is exp.Star else name
    if args.get("db") or first.__class__ is not exp.Identifier or last.__class__ is not exp.Identifier:
        return None
    start, end = first.meta.get("start"), last.meta.get("end")
    if start is None or end is None:
        return None
    return Column(stored(table), stored(name) if last is name else ALL, start, end + 1)


def column_named(table: str, name: Any) -> Column | None:
    """The column that an identifier means, at its place."""
    place = name.meta if isinstance(name, exp.Identifier) else {}
    return Column(table, stored(name), place["start"], place["end"] + 1) if "start" in place else None
