"""UNION and its kin: as many columns on every side, each of one type."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from neve.local.errors import compilation_error

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "dict[type, Any]":
    from sqlglot import exp

    return dict.fromkeys((exp.Union, exp.Intersect, exp.Except), alike)


def alike(session: "Session", node: Any) -> None:
    """A text where the other sides have numbers, dates or booleans is read as one. The outermost operation does it."""
    from sqlglot import exp

    from neve.local.translate.rules.comparisons import of_one_type

    if isinstance(node.parent, exp.SetOperation) or node.args.get("by_name"):
        return
    sides = list(_sides(node))
    if any(projection.is_star for side in sides for projection in side.selects):
        return
    width = len(sides[0].selects)
    for place, side in enumerate(sides, 1):
        if len(side.selects) != width:
            message = "invalid number of result columns for set operator input branches, "
            raise compilation_error(
                f"{message}expected {width}, got {len(side.selects)} in branch {place}", 1789, "42601"
            )
    for column in zip(*(side.selects for side in sides), strict=True):
        of_one_type(session, [projection.unalias() for projection in column])


def _sides(node: Any) -> "Iterator[exp.Select]":
    from sqlglot import exp

    if isinstance(node, exp.SetOperation):
        yield from _sides(node.this)
        yield from _sides(node.expression)
    elif isinstance(node, exp.Subquery):
        yield from _sides(node.this)
    elif isinstance(node, exp.Select):
        yield node
