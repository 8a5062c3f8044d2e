"""What a statement gives: columns and rows."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from neve.local import jsontext
from neve.local.types import NUMBER, TEXT, SqlType, arrow_type

if TYPE_CHECKING:
    import pyarrow as pa

    from neve.local.scripting.values import Typed

# Ids of kinds of statements, as Snowflake sends them.
SELECT = 0x1000
DML, INSERT, UPDATE, DELETE, MERGE, MULTI_INSERT, COPY = 0x3000, 0x3100, 0x3200, 0x3300, 0x3400, 0x3500, 0x3600
SCL = 0x4000
TCL = 0x5000
DDL = 0x6000
MULTI_STATEMENT = 0xA000

SEMI_STRUCTURED = frozenset({"VARIANT", "OBJECT", "ARRAY"})


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: SqlType = TEXT
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Output:
    """What an OUT argument of a CALL holds at its end: by the parameter's place and name."""

    place: int
    name: str
    value: "Typed"


@dataclass(frozen=True)
class Result:
    """`table` has one Arrow column a Column, in natural Arrow types; `rowcount` is of affected rows for DML."""

    columns: tuple[Column, ...]
    table: "pa.Table"
    rowcount: int = 0
    statement_type: int = SELECT
    query_id: str = ""
    outputs: tuple[Output, ...] = ()

    @cached_property
    def rows(self) -> list[tuple[Any, ...]]:
        """The rows as the connector gives them: int for whole numbers, Decimal, datetime, text for VARIANT."""
        lists = [_values(column.type, self.table.column(i)) for i, column in enumerate(self.columns)]
        return list(zip(*lists, strict=True))

    def dicts(self) -> list[dict[str, Any]]:
        """The rows by column name."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]


def _values(sql_type: SqlType, column: "pa.ChunkedArray") -> list[Any]:
    values: list[Any] = column.to_pylist()
    if sql_type.kind == "FIXED" and not sql_type.scale:
        return [int(value) if isinstance(value, Decimal) else value for value in values]
    if sql_type.kind in SEMI_STRUCTURED:
        return [None if value is None else pretty_json(value) for value in values]
    return values


def pretty_json(text: str) -> str:
    """JSON as Snowflake shows a VARIANT: two spaces of indentation, keys in order, numbers as they are written."""
    if text[:1] not in "{[":
        return text
    if _FRACTION.search(text):
        return jsontext.write(jsontext.read(text), "\n")
    return json.dumps(json.loads(text), indent=2, sort_keys=True, ensure_ascii=False)


_FRACTION = re.compile(r"\d[.eE]\d|\d[eE][+-]")


def from_rows(
    columns: Sequence[Column | tuple[str, SqlType]], rows: Sequence[Sequence[Any]], *, statement_type: int = SELECT
) -> Result:
    """Python values -> Result; datetimes of zoned columns must be aware."""
    import pyarrow as pa

    heads = tuple(c if isinstance(c, Column) else Column(*c) for c in columns)
    turned = list(zip(*rows, strict=True)) if rows else [()] * len(heads)
    arrays = [pa.array(values, _held(head.type, values)) for head, values in zip(heads, turned, strict=True)]
    table = pa.Table.from_arrays(arrays, names=[f"c{i}" for i in range(len(heads))])
    return Result(heads, table, len(rows), statement_type)


def _held(sql_type: SqlType, values: Sequence[Any]) -> "pa.DataType":
    """The Arrow type: for whole numbers beyond 64 bits a wider one."""
    import pyarrow as pa

    whole = sql_type.kind == "FIXED" and not sql_type.scale
    wide = whole and any(isinstance(value, int) and value.bit_length() > _BITS for value in values)
    return pa.decimal128(38, 0) if wide else arrow_type(sql_type)


_BITS = 63


def status(message: str, statement_type: int = DDL) -> Result:
    """The one row that most DDL answers with."""
    return from_rows([Column("status")], [(message,)], statement_type=statement_type)


def affected(counts: dict[str, int], statement_type: int) -> Result:
    """DML: one row of counts, such as `number of rows inserted`; the row count is their sum."""
    result = from_rows([(name, NUMBER) for name in counts], [tuple(counts.values())], statement_type=statement_type)
    return Result(result.columns, result.table, sum(counts.values()), statement_type)
