"""Snowflake's data types as values, and what each is in Arrow."""

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from neve.local.errors import compilation_error, unsupported

if TYPE_CHECKING:
    import pyarrow as pa

MAX_TEXT = 16_777_216
MAX_BINARY = 8_388_608


@dataclass(frozen=True, slots=True)
class SqlType:
    """`kind` is the wire's: FIXED, REAL, TEXT, BOOLEAN, DATE, TIME, TIMESTAMP_*, BINARY, VARIANT, OBJECT, ARRAY."""

    kind: str
    precision: int = 0
    scale: int = 0
    length: int = 0

    def __str__(self) -> str:
        """The type as DESCRIBE TABLE shows it."""
        match self.kind:
            case "FIXED":
                return f"NUMBER({self.precision},{self.scale})"
            case "REAL":
                return "FLOAT"
            case "TEXT":
                return f"VARCHAR({self.length})"
            case "BINARY":
                return f"BINARY({self.length})"
            case "TIME" | "TIMESTAMP_NTZ" | "TIMESTAMP_LTZ" | "TIMESTAMP_TZ":
                return f"{self.kind}({self.scale})"
            case _:
                return self.kind


NUMBER = SqlType("FIXED", 38, 0)
FLOAT = SqlType("REAL")
TEXT = SqlType("TEXT", length=MAX_TEXT)
BOOLEAN = SqlType("BOOLEAN")
DATE = SqlType("DATE")
TIME = SqlType("TIME", scale=9)
TIMESTAMP_NTZ = SqlType("TIMESTAMP_NTZ", scale=9)
TIMESTAMP_LTZ = SqlType("TIMESTAMP_LTZ", scale=9)
TIMESTAMP_TZ = SqlType("TIMESTAMP_TZ", scale=9)
BINARY = SqlType("BINARY", length=MAX_BINARY)
VARIANT = SqlType("VARIANT")
OBJECT = SqlType("OBJECT")
ARRAY = SqlType("ARRAY")

_NAMES = {
    **dict.fromkeys(("NUMBER", "NUMERIC", "DECIMAL", "DEC", "INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT"), NUMBER),
    **dict.fromkeys(("BYTEINT", "FIXED"), NUMBER),
    **dict.fromkeys(("FLOAT", "FLOAT4", "FLOAT8", "DOUBLE", "DOUBLE PRECISION", "REAL"), FLOAT),
    **dict.fromkeys(("VARCHAR", "STRING", "TEXT", "CHAR VARYING", "NVARCHAR", "NVARCHAR2", "NCHAR VARYING"), TEXT),
    **dict.fromkeys(("CHAR", "CHARACTER", "NCHAR"), replace(TEXT, length=1)),
    **dict.fromkeys(("BINARY", "VARBINARY"), BINARY),
    **dict.fromkeys(("TIMESTAMP", "DATETIME", "TIMESTAMP_NTZ", "TIMESTAMPNTZ"), TIMESTAMP_NTZ),
    "TIMESTAMP WITHOUT TIME ZONE": TIMESTAMP_NTZ,
    **dict.fromkeys(("TIMESTAMP_LTZ", "TIMESTAMPLTZ", "TIMESTAMP WITH LOCAL TIME ZONE"), TIMESTAMP_LTZ),
    **dict.fromkeys(("TIMESTAMP_TZ", "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"), TIMESTAMP_TZ),
    **{t.kind: t for t in (BOOLEAN, DATE, TIME, VARIANT, OBJECT, ARRAY)},
}
_DECLARED = re.compile(r"\s*([A-Za-z_0-9]+(?: [A-Za-z ]+[A-Za-z])?)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?\s*")

_FOREIGN = re.compile(r"\s*(GEOGRAPHY|GEOMETRY|VECTOR|FILE|DECFLOAT|INTERVAL)\b", re.IGNORECASE)


@cache
def parse_type(text: str) -> SqlType:
    """A type as written in SQL -> SqlType. Raises SqlError when it is unknown."""
    match = _DECLARED.fullmatch(text)
    base = _NAMES.get(" ".join(match[1].upper().split())) if match else None
    if match is None or base is None:
        if re.match(r"\s*(ARRAY|OBJECT|MAP)\s*\(", text, re.IGNORECASE):
            return ARRAY if text.lstrip()[:5].upper() == "ARRAY" else OBJECT
        if _FOREIGN.match(text):
            raise unsupported(f"The data type {text.strip().upper()}")
        raise compilation_error(f"Unsupported data type '{text.strip()}'.", 2040, "22000")
    first, second = match[2], match[3]
    if first is None:
        return base
    if base.kind == "FIXED":
        return replace(base, precision=int(first), scale=int(second or 0))
    if base.kind in {"TEXT", "BINARY"}:
        return replace(base, length=int(first))
    return replace(base, scale=int(first)) if base.scale else base


def arrow_type(sql_type: SqlType) -> "pa.DataType":
    """How values of the type are held in a Result's Arrow table."""
    import pyarrow as pa

    plain: dict[str, Any] = {
        "REAL": pa.float64(),
        "BOOLEAN": pa.bool_(),
        "DATE": pa.date32(),
        "TIME": pa.time64("us"),
        "TIMESTAMP_NTZ": pa.timestamp("us"),
        "TIMESTAMP_LTZ": pa.timestamp("us", tz="UTC"),
        "TIMESTAMP_TZ": pa.timestamp("us", tz="UTC"),
        "BINARY": pa.binary(),
    }
    if sql_type.kind == "FIXED":
        return pa.decimal128(38, sql_type.scale) if sql_type.scale or sql_type.precision > 38 else pa.int64()
    return plain.get(sql_type.kind, pa.string())


_DUCK = {
    "BOOLEAN": BOOLEAN,
    "DATE": DATE,
    "TIME": TIME,
    "TIMESTAMP": TIMESTAMP_NTZ,
    "TIMESTAMP_NS": TIMESTAMP_NTZ,
    "TIMESTAMP_MS": TIMESTAMP_NTZ,
    "TIMESTAMP_S": TIMESTAMP_NTZ,
    "TIMESTAMP WITH TIME ZONE": TIMESTAMP_LTZ,
    "BLOB": BINARY,
    "JSON": VARIANT,
    "DOUBLE": FLOAT,
    "FLOAT": FLOAT,
    "VARCHAR": TEXT,
    **dict.fromkeys(("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "HUGEINT"), NUMBER),
    **dict.fromkeys(("UBIGINT", "UINTEGER", "USMALLINT", "UTINYINT", "UHUGEINT"), NUMBER),
}
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")


@cache
def from_duck(name: str) -> SqlType:
    """DuckDB's name of a type -> ours: VARIANT for what only JSON can carry (lists, structs), TEXT for the rest."""
    if match := _DECIMAL.fullmatch(name):
        return SqlType("FIXED", int(match[1]), int(match[2]))
    if name.endswith("]") or name.startswith(("STRUCT", "MAP")):
        return VARIANT
    return _DUCK.get(name, TEXT)


_TO_DUCK = {
    "REAL": "DOUBLE",
    "TEXT": "VARCHAR",
    "TIMESTAMP_NTZ": "TIMESTAMP",
    "TIMESTAMP_LTZ": "TIMESTAMPTZ",
    "TIMESTAMP_TZ": "TIMESTAMPTZ",
    "BINARY": "BLOB",
    "VARIANT": "JSON",
    "OBJECT": "JSON",
    "ARRAY": "JSON",
}


def to_duck(sql_type: SqlType) -> str:
    """The DuckDB type that stores it: NUMBER(38,0) is a BIGINT, other numbers are decimals."""
    if sql_type.kind == "FIXED":
        if sql_type.precision == 38 and sql_type.scale == 0:
            return "BIGINT"
        return f"DECIMAL({sql_type.precision},{sql_type.scale})"
    return _TO_DUCK.get(sql_type.kind, sql_type.kind)
