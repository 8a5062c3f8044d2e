"""Kinds of types: what the rules ask about an expression."""

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from neve.local.errors import compilation_error

if TYPE_CHECKING:
    from sqlglot import exp

_KINDS = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "INT", "BIGINT", "INT128", "UBIGINT", "BIGDECIMAL"), "INT"),
    **dict.fromkeys(("DOUBLE", "FLOAT", "DECFLOAT"), "FLOAT"),
    **dict.fromkeys(("VARCHAR", "TEXT", "CHAR", "NCHAR", "NVARCHAR", "NAME"), "TEXT"),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMPNTZ", "DATETIME", "TIMESTAMP_NS", "TIMESTAMP_S", "TIMESTAMP_MS"), "NTZ"),
    **dict.fromkeys(("BINARY", "VARBINARY", "BLOB"), "BINARY"),
    **dict.fromkeys(("OBJECT", "STRUCT", "MAP"), "OBJECT"),
    **dict.fromkeys(("ARRAY", "LIST"), "ARRAY"),
    **dict.fromkeys(("VARIANT", "JSON"), "VARIANT"),
    "TIMESTAMPLTZ": "LTZ",
    "TIMESTAMPTZ": "TZ",
    "BOOLEAN": "BOOLEAN",
    "DATE": "DATE",
    "TIME": "TIME",
    "NULL": "NULL",
}
SEMI = frozenset({"VARIANT", "OBJECT", "ARRAY"})
NUMERIC = frozenset({"INT", "DECIMAL", "FLOAT"})
STAMPS = frozenset({"NTZ", "LTZ", "TZ"})
_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


def kind_of(node: "exp.Expr | None") -> str:
    """INT, DECIMAL, FLOAT, TEXT, BOOLEAN, DATE, TIME, NTZ, LTZ, TZ, VARIANT, OBJECT, ARRAY, BINARY, NULL; else ''."""
    kind = getattr(node, "type", None)
    return "" if kind is None else kind_of_type(kind)


def kind_of_type(kind: "exp.DataType") -> str:
    name = kind.this.name if hasattr(kind.this, "name") else str(kind.this)
    if name == "DECIMAL":
        return "DECIMAL" if scale_of_type(kind) else "INT"
    return _KINDS.get(name, "")


def scale_of(node: "exp.Expr") -> int:
    """The digits after the point of a number; 0 when nothing is known."""
    return scale_of_type(node.type) if kind_of(node) == "DECIMAL" and node.type is not None else 0


def scale_of_type(kind: "exp.DataType") -> int:
    """The digits after the point of a DECIMAL."""
    return int(kind.expressions[1].name) if len(kind.expressions) > 1 else 0


@cache
def number(scale: int) -> "exp.DataType":
    """NUMBER(38, scale)."""
    from sqlglot import exp

    return exp.DataType.build(f"DECIMAL(38, {scale})")


def common_type(kinds: "Iterable[exp.DataType | None]") -> "exp.DataType":
    """The type that values of these types have together: the widest number, else the first that is not text."""
    known = [kind for kind in kinds if kind is not None and kind_of_type(kind) not in {"", "NULL"}]
    if not known:
        return data_type("UNKNOWN")
    names = {kind_of_type(kind) for kind in known}
    if names <= {"INT", "DECIMAL"} and "DECIMAL" in names:
        return number(max(map(scale_of_type, known)))
    if names <= NUMERIC and "FLOAT" in names:
        return data_type("FLOAT")
    return next((kind for kind in known if kind_of_type(kind) != "TEXT"), known[0])


@cache
def data_type(text: str) -> "exp.DataType":
    """Our name of a type -> sqlglot's."""
    from sqlglot import exp

    return exp.DataType.build(text, dialect="snowflake")


def literal_type(text: str) -> "exp.DataType":
    from sqlglot import exp

    if not _NUMBER.fullmatch(text):
        raise compilation_error(f"'{text}' is not a number.")  # sqlglot takes `.2.` for one
    if "e" in text.lower():
        return exp.DataType.build("DOUBLE")
    whole, _, fraction = text.partition(".")
    return exp.DataType.build(f"DECIMAL({max(len(whole.lstrip('0')) + len(fraction), 1)}, {len(fraction)})")
