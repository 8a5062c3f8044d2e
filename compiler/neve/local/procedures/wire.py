"""How values come to the child, in Arrow; and how one leaves it: as text that the declared type reads back, or nothing
for NULL.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

TABLE = "TABLE"
SEMI_STRUCTURED = frozenset({"VARIANT", "OBJECT", "ARRAY"})


def encode(value: Any, kind: str) -> str | None:
    """`value` as text for a type of `kind` (TEXT, FIXED, VARIANT …); raises TypeError when it has no such form."""
    if value is None:
        return None
    if kind in SEMI_STRUCTURED:
        return json.dumps(value, default=plain)
    return _ENCODERS.get(kind, _text)(_item(value))


def columns(arrays: "Sequence[pa.Array]", kinds: Sequence[str]) -> list[list[Any]]:
    """Arguments as Python's own values, for VARIANT what the JSON says."""
    return [
        [None if value is None else json.loads(value) for value in array.to_pylist()]
        if kind in SEMI_STRUCTURED
        else array.to_pylist()
        for array, kind in zip(arrays, kinds, strict=False)
    ]


def frame(table: "pa.Table", kinds: Sequence[str]) -> "pd.DataFrame":
    """Arguments as a vectorized handler gets them: numbers with a scale as floats, for VARIANT what the JSON says."""
    import pyarrow as pa

    made = table.select(range(len(kinds))).to_pandas()
    for place, (kind, field) in enumerate(zip(kinds, table.schema, strict=False)):
        if kind in SEMI_STRUCTURED:
            made.isetitem(place, columns([table.column(place)], [kind])[0])
        elif pa.types.is_decimal(field.type):
            made.isetitem(place, made.iloc[:, place].astype(float))
    return made


def number(value: Any) -> Any:
    """A float that JSON does not have, as the text that FLOAT reads."""
    value = _item(value)
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _item(value: Any) -> Any:
    """A NumPy scalar as Python's own."""
    return value.item() if type(value).__module__ == "numpy" and hasattr(value, "item") else value


def _text(value: Any) -> str:
    return str(value)


def _moment(value: Any) -> str:
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


def _bytes(value: Any) -> str:
    return bytes(value).hex()


def plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "as_dict"):
        return value.as_dict()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | datetime | time):
        return str(value)
    if isinstance(value, bytes | bytearray):
        return value.hex()
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


_ENCODERS: Mapping[str, Callable[[Any], str]] = {
    "BINARY": _bytes,
    "DATE": _moment,
    "TIMESTAMP_LTZ": _moment,
    "TIMESTAMP_NTZ": _moment,
    "TIMESTAMP_TZ": _moment,
}
