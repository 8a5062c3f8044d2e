"""How a value leaves the child: as text that the declared type reads back, or nothing for NULL."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

TABLE = "TABLE"
SEMI_STRUCTURED = frozenset({"VARIANT", "OBJECT", "ARRAY"})


def encode(value: Any, kind: str) -> str | None:
    """`value` as text for a type of `kind` (TEXT, FIXED, VARIANT …); raises TypeError when it has no such form."""
    if value is None:
        return None
    if kind in SEMI_STRUCTURED:
        return json.dumps(value, default=_plain)
    return _ENCODERS.get(kind, _text)(_item(value))


def _item(value: Any) -> Any:
    """A NumPy scalar as Python's own."""
    return value.item() if type(value).__module__ == "numpy" and hasattr(value, "item") else value


def _text(value: Any) -> str:
    return str(value)


def _moment(value: Any) -> str:
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)


def _bytes(value: Any) -> str:
    return bytes(value).hex()


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "as_dict"):
        return value.as_dict()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | datetime | time):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


_ENCODERS: Mapping[str, Callable[[Any], str]] = {
    "BINARY": _bytes,
    "DATE": _moment,
    "TIMESTAMP_LTZ": _moment,
    "TIMESTAMP_NTZ": _moment,
    "TIMESTAMP_TZ": _moment,
}
