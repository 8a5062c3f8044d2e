"""Arguments that say how many or where: DuckDB takes 64 bits for them, and no digits after the point."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from neve.local.translate.build import cast
from neve.local.translate.typing import kind_of

if TYPE_CHECKING:
    from sqlglot import exp


@cache
def _keys() -> "Mapping[type, tuple[str, ...]]":
    from sqlglot import exp

    return {
        exp.Substring: ("start", "length"),
        **dict.fromkeys((exp.Left, exp.Right), ("expression",)),
        exp.Repeat: ("times",),
        exp.Space: ("this",),
        exp.SplitPart: ("part_index",),
        exp.Strtok: ("part_index",),
        exp.StrPosition: ("position",),
        exp.Stuff: ("start", "length"),
        exp.Round: ("decimals",),
        exp.Trunc: ("decimals",),
        exp.Ntile: ("this",),
        **dict.fromkeys((exp.Lag, exp.Lead, exp.NthValue), ("offset",)),
        exp.DateFromParts: ("year", "month", "day"),
        exp.TimeFromParts: ("hour", "min", "sec"),
        exp.ArraySlice: ("start", "end"),
        **dict.fromkeys((exp.ArrayInsert, exp.ArrayRemoveAt), ("position",)),
        **dict.fromkeys((exp.BitwiseLeftShift, exp.BitwiseRightShift), ("expression",)),
        exp.GenerateSeries: ("start", "end", "step"),
        exp.Factorial: ("this",),
        exp.Chr: ("expressions",),
    }


def narrow(node: "exp.Expr") -> None:
    """Casts them, unless they are written out."""
    from sqlglot import exp

    for key in _keys().get(type(node), ()):
        count = node.args.get(key)
        if isinstance(count, exp.Expr) and kind_of(count) in {"INT", "DECIMAL", "TEXT"} and not written_out(count):
            made = cast(count, "INTEGER" if key == "decimals" else "BIGINT")
            made.type = count.type
            node.set(key, made)


def written_out(node: "exp.Expr") -> bool:
    from sqlglot import exp

    number = node.this if isinstance(node, exp.Neg) else node
    return isinstance(number, exp.Literal) and number.name.isdigit() and not number.is_string
