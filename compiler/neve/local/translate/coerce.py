"""Values brought into the type of the column that they are written to."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from neve.local.result import Column
from neve.local.translate.build import call
from neve.local.translate.typing import NUMERIC, SEMI, data_type, kind_of, kind_of_type
from neve.local.types import MAX_TEXT

if TYPE_CHECKING:
    from sqlglot import exp


def coerced(value: "exp.Expr", column: Column) -> "exp.Expr":
    """The value, with a cast where DuckDB's own conversion is not Snowflake's."""
    from sqlglot import exp

    target = data_type(str(column.type))
    if column.type.kind == "TEXT" and column.type.length < MAX_TEXT:
        fitting = call("sf_fitting", exp.Cast(this=value, to=data_type("VARCHAR").copy()), column.type.length)
        fitting.meta["placed"] = True
        return fitting
    if not (_needs_cast(kind_of(value), kind_of_type(target)) or _is_cut(column)):
        return value
    made = exp.Cast(this=value, to=target.copy())
    made.type = target

    return made


def _is_cut(column: Column) -> bool:
    """Whether it holds fewer digits of a second than DuckDB has."""
    return column.type.kind.startswith("TIME") and column.type.scale < 6


def _needs_cast(source: str, target: str) -> bool:
    if source in {"", "NULL", target} or target == "" or {source, target} <= SEMI:
        return False
    return not ({source, target} <= NUMERIC and not (source == "FLOAT" and target == "INT"))


def coerced_query(query: "exp.Expr", columns: Sequence[Column]) -> "exp.Expr":
    """The query, inside another that converts its columns where that is needed."""
    from sqlglot import exp

    kinds = _kinds(query)
    if len(kinds) != len(columns) or not any(
        (column.type.kind == "TEXT" and column.type.length < MAX_TEXT)
        or _is_cut(column)
        or _needs_cast(kind_of_type(kind) if kind else "", kind_of_type(data_type(str(column.type))))
        for kind, column in zip(kinds, columns, strict=True)
    ):
        return query
    names = [exp.to_identifier(f"c{place}", quoted=True) for place in range(len(kinds))]
    values = []
    for name, kind, column in zip(names, kinds, columns, strict=True):
        value = exp.column(name.copy())
        value.type = kind
        values.append(coerced(value, column))
    inner = exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier("_rows", quoted=True), columns=names))
    return exp.Select(expressions=values, from_=exp.From(this=inner))


def _kinds(query: "exp.Expr") -> "list[exp.DataType | None]":
    """The types of the query's columns; none when a star hides how many there are."""
    from sqlglot import exp

    while isinstance(query, exp.SetOperation | exp.Subquery):
        query = query.this
    if not isinstance(query, exp.Select):
        return []
    outputs = query.meta.get("outputs")
    if any(projection.is_star for projection in query.selects):
        return list(outputs.values()) if outputs else []
    return [projection.type for projection in query.selects]
