"""What stands in FROM without being a table or a query, and yet has columns that its text tells."""

from typing import Any

from sqlglot import exp

from neve.ir import From, Output, Scope

_SPLIT = ("SEQ", "INDEX", "VALUE")
_FUNCTIONS: dict[str, tuple[str, ...]] = {
    "FLATTEN": ("SEQ", "KEY", "PATH", "INDEX", "VALUE", "THIS"),
    "SPLIT_TO_TABLE": _SPLIT,
    "STRTOK_SPLIT_TO_TABLE": _SPLIT,
}
"""Snowflake's table functions that read an expression of the query around them, and the columns that they give."""


def function_name(item: Any) -> str:
    """The table function of `LATERAL f(...)` or `TABLE(f(...))`, when it is one of those that are known here."""
    called = item.this
    if isinstance(called, exp.Explode):
        return "FLATTEN"
    name = called.name if isinstance(called, exp.Anonymous) else called.key if isinstance(called, exp.Func) else ""
    return next((one for one in _FUNCTIONS if one.replace("_", "") == name.upper().replace("_", "")), "")


def function_scope(name: str) -> Scope:
    return Scope(outputs=tuple(map(Output, _FUNCTIONS[name])))


def values_scope(values: Any) -> Scope:
    """The columns of VALUES are called COLUMN1, COLUMN2 ..."""
    row = values.expressions[0] if values.expressions else None
    width = len(row.expressions) if isinstance(row, exp.Tuple) else 1
    return Scope(outputs=tuple(Output(f"COLUMN{number}") for number in range(1, width + 1)))


def pivoted_outputs(pivot: Any, used: tuple[str, ...], stored: Any) -> tuple[Output, ...]:
    """What PIVOT and UNPIVOT give; nothing when that is known only in the run.

    All columns but those that were `used`, then those that take their place.
    """
    kept = Output("", star=True, left_out=used)
    if pivot.args.get("unpivot"):
        named = [stored(pivot.args["fields"][0].this), *map(stored, pivot.expressions)]
        return (kept, *map(Output, named)) if len(named) == 2 and all(named) else ()
    made = pivot.args.get("columns") or ()
    alone = len(pivot.expressions) == 1 and not isinstance(pivot.expressions[0], exp.Alias)
    return (kept, *(Output(stored(one)) for one in made)) if made and alone else ()


def pivoted(source: From, columns: Any, outputs: tuple[Output, ...]) -> Scope:
    return Scope((source,), tuple(columns), outputs, merged=tuple(one.name for one in columns))
