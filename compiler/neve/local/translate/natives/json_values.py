"""Values of JSON: text in, text out, the keys in order, numbers as Snowflake holds them."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


def _normal(written: str) -> _Number:
    """12.30 is 12.3, and 1.5e1 is 15; what is too long for a decimal stays as it is."""
    try:
        number = Decimal(written)
    except InvalidOperation:
        return _Number(written)
    if abs(number.adjusted()) > 37:  # more than a NUMBER has
        return _Number(written)
    text = f"{number.normalize():f}"
    return _Number("0" if text == "-0" else text)


def _read(text: str) -> Any:
    return json.loads(text, parse_float=_Number, parse_int=_Number)


def _write(value: Any) -> str:
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{_write(value[k])}" for k in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_write, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def normalized(text: str) -> str:
    """What PARSE_JSON makes of text that is JSON."""
    return _write(json.loads(text, parse_float=_normal, parse_int=_Number))


def ordered(text: str) -> str:
    """The text of an OBJECT or ARRAY."""
    return _write(_read(text))


def array_sorted(text: str, ascending: bool, nulls_first: bool) -> str | None:  # noqa: FBT001 - ARRAY_SORT's
    """ARRAY_SORT: numbers before booleans before texts."""
    values = _read(text)
    if not isinstance(values, list):
        return None
    nulls = [value for value in values if value is None]
    others = sorted((value for value in values if value is not None), key=_rank, reverse=not ascending)
    return _write(nulls + others if nulls_first else others + nulls)


def _rank(value: Any) -> tuple[int, Any]:
    if isinstance(value, _Number):
        return (0, Decimal(value))
    if isinstance(value, bool):
        return (1, value)
    return (2, value) if isinstance(value, str) else (3, _write(value))


def zipped(texts: list[str]) -> str:
    """ARRAYS_ZIP: objects with the keys $1, $2 …"""
    arrays = [_read(text) for text in texts]
    longest = max(map(len, arrays), default=0)
    rows = range(longest)
    return _write([{f"${n}": (a[i] if i < len(a) else None) for n, a in enumerate(arrays, 1)} for i in rows])


def object_of(keys: str, values: str) -> str:
    """ARRAYS_TO_OBJECT."""
    pairs = zip(_read(keys), _read(values), strict=False)
    return _write({str(key): value for key, value in pairs if key is not None})


def get_ignore_case(text: str, key: str) -> str | None:
    """GET_IGNORE_CASE: the key as it is written, else in any case."""
    held = _read(text)
    if not isinstance(held, dict):
        return None
    found = key if key in held else next((k for k in held if k.lower() == key.lower()), None)
    return None if found is None else _write(held[found])


FUNCTIONS = (
    ("sf_json_normal", normalized, ["VARCHAR"], "VARCHAR"),
    ("sf_json_ordered", ordered, ["VARCHAR"], "VARCHAR"),
    ("sf_json_sorted", array_sorted, ["VARCHAR", "BOOLEAN", "BOOLEAN"], "VARCHAR"),
    ("sf_json_zipped", zipped, ["VARCHAR[]"], "VARCHAR"),
    ("sf_json_object_of", object_of, ["VARCHAR", "VARCHAR"], "VARCHAR"),
    ("sf_json_get_ignore_case", get_ignore_case, ["VARCHAR", "VARCHAR"], "VARCHAR"),
)
