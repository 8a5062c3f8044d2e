"""Queries: a tree to DuckDB's text, its rows to a Result."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from neve.local.errors import SqlError, invalid_arguments
from neve.local.models.predict import call_models
from neve.local.procedures.udfs import call_functions
from neve.local.result import SELECT, Column, Result
from neve.local.sqltext import Statement
from neve.local.transactions import attempt
from neve.local.translate.calls import answer_calls
from neve.local.translate.columns import name_columns
from neve.local.translate.hierarchies import write_out_hierarchies
from neve.local.translate.infer import infer
from neve.local.translate.lambdas import write_out_lambdas
from neve.local.translate.live import with_views
from neve.local.translate.names import fold, joins_without_marks, name_recursion, name_values, place_columns, qualify
from neve.local.translate.pivots import write_out
from neve.local.translate.refusals import refuse
from neve.local.translate.rules import rewrite
from neve.local.translate.rules.zones import show
from neve.local.translate.sequences import next_values
from neve.local.translate.typing import kind_of_type
from neve.local.types import TIMESTAMP_TZ, SqlType, from_duck

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa
    from sqlglot import exp

    from neve.local.session import Session


def query(session: "Session", statement: Statement, tree: "exp.Expr") -> Result:
    """Runs a SELECT or VALUES."""
    from sqlglot import exp

    if isinstance(tree, exp.Values):
        tree = exp.select("*").from_(tree)
    name_columns(tree, statement)
    tree = prepared(session, tree)
    inferred = tree.meta.get("outputs") or {}
    tree = rewrite(session, tree)
    zones = show(tree)
    return _in_zones(_named(fetch(session, _text(tree), inferred), tree), zones)


def _named(result: Result, tree: "exp.Expr") -> Result:
    """The columns by the names that the query gives: DuckDB changes one that is there twice, sometimes."""
    from sqlglot import exp

    given = tree.selects if isinstance(tree, exp.Select) else []
    if len(given) != len(result.columns) or any(projection.is_star for projection in given):
        return result
    pairs = zip(result.columns, given, strict=True)
    return replace(result, columns=tuple(replace(column, name=one.alias_or_name) for column, one in pairs))


def _in_zones(result: Result, zones: Mapping[str, str]) -> Result:
    """The columns that have a zone of their own, with it."""
    import pyarrow as pa

    columns, table = list(result.columns), result.table
    for place, column in enumerate(columns):
        if (zone := zones.get(column.name)) and column.type.kind in {"TIMESTAMP_LTZ", "TIMESTAMP_TZ"}:
            columns[place] = replace(column, type=TIMESTAMP_TZ)
            moments = table.column(place).cast(pa.timestamp("us", zone))
            table = table.set_column(place, table.schema.field(place).with_type(moments.type), moments)
    return replace(result, columns=tuple(columns), table=table)


def translated(session: "Session", tree: "exp.Expr") -> str:
    """The tree as DuckDB's text."""
    return finished(session, prepared(session, tree))


def prepared(session: "Session", tree: "exp.Expr") -> "exp.Expr":
    """The tree with calls of ours answered, names in full, types inferred."""
    refuse(tree)
    tree = with_views(session, tree)
    name_recursion(tree)
    tree = joins_without_marks(tree)
    tree = call_models(session, answer_calls(session, call_functions(session, tree)))
    fold(tree)
    write_out(session, tree)
    write_out_hierarchies(tree)
    write_out_lambdas(tree)
    place_columns(tree)
    name_values(tree)
    next_values(session, tree)
    qualify(session, tree)
    infer(session, tree)
    return tree


def finished(session: "Session", tree: "exp.Expr") -> str:
    """A prepared tree as DuckDB's text. Raises SqlError for what would have to be left out of it."""
    return _text(rewrite(session, tree))


def _text(tree: "exp.Expr") -> str:
    from sqlglot.errors import ErrorLevel, UnsupportedError

    try:
        return str(tree.sql("duckdb", identify=True, copy=False, unsupported_level=ErrorLevel.RAISE))
    except UnsupportedError as error:
        raise SqlError(2, "0A000", f"The local engine cannot do this: {error}") from error
    except (AttributeError, IndexError, TypeError) as error:
        raise invalid_arguments("a function") from error  # sqlglot's generators on odd arguments


def fetch(session: "Session", sql: str, inferred: "Mapping[str, exp.DataType] | None" = None) -> Result:
    """Runs DuckDB's text; the columns in Snowflake's types, for which `inferred` tells what DuckDB's cannot."""

    def run(cursor: "duckdb.DuckDBPyConnection") -> "tuple[tuple[Column, ...], pa.Table]":
        relation = cursor.sql(sql)
        if any(map(_nested, relation.types)):
            relation = cursor.sql(_as_json(sql, relation))
        columns = columns_of(zip(relation.columns, relation.types, strict=True), inferred)
        return columns, relation.to_arrow_table()

    columns, table = attempt(session, sql, run)
    return Result(columns, table, table.num_rows, SELECT)


def _nested(kind: Any) -> bool:
    text = str(kind)
    return text.endswith("]") or text.startswith(("STRUCT", "MAP", "UNION"))


def _as_json(sql: str, relation: Any) -> str:
    """The query with its lists and structs as JSON."""
    names = [f"c{place}" for place in range(len(relation.columns))]
    shown = [f'{f"to_json({name})" if _nested(kind) else name} AS "{column.replace(chr(34), chr(34) * 2)}"'
             for name, kind, column in zip(names, relation.types, relation.columns, strict=True)]  # fmt: skip
    return f"SELECT {', '.join(shown)} FROM ({sql}) AS _rows({', '.join(names)})"


def columns_of(
    described: Iterable[Sequence[Any]], inferred: "Mapping[str, exp.DataType] | None" = None
) -> tuple[Column, ...]:
    """(name, DuckDB's type …) -> columns."""
    known = inferred or {}
    return tuple(Column(name, _exact(from_duck(str(kind)), known.get(name))) for name, kind, *_ in described)


def _exact(kind: SqlType, inferred: "exp.DataType | None") -> SqlType:
    """DuckDB has one type for VARIANT, OBJECT and ARRAY, one for both zoned timestamps, and no lengths."""
    if inferred is None:
        return kind
    name = kind_of_type(inferred)
    if kind.kind == "VARIANT" and name in {"ARRAY", "OBJECT"}:
        return SqlType(name)
    if kind.kind == "TIMESTAMP_LTZ" and name == "TZ":
        return TIMESTAMP_TZ
    if kind.kind == "TEXT" and name == "TEXT" and inferred.expressions:
        return SqlType("TEXT", length=int(inferred.expressions[0].name))
    return kind
