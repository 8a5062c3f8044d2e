"""The values that a client binds, from their text on the wire."""

import binascii
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from neve.local.sqltext import NONE, Batch, Binds

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_bindings(bindings: Mapping[str, Any] | None) -> Binds:
    """`{"1": {"type": …, "value": …}}` -> values in order; with lists as values, one list a place (see `rows_of`)."""
    if not bindings:
        return NONE
    if all(key.isdigit() for key in bindings):
        return [_value(bindings[key]) for key in sorted(bindings, key=int)]
    return {key.upper(): _value(binding) for key, binding in bindings.items()}


def _value(binding: Mapping[str, Any]) -> Any:
    value, read = binding.get("value"), _READERS.get(str(binding.get("type")).upper(), str)
    if isinstance(value, list):
        return Batch(None if one is None else read(one) for one in value)
    return None if value is None else read(value)


def _timestamp(text: str) -> datetime:
    return (_EPOCH + timedelta(microseconds=int(text) // 1000)).replace(tzinfo=None)


def _zoned(text: str) -> datetime:
    """Nanoseconds, and when given the offset in minutes plus 1440."""
    nanoseconds, _, offset = text.partition(" ")
    moment = _EPOCH + timedelta(microseconds=int(nanoseconds) // 1000)
    return moment.astimezone(timezone(timedelta(minutes=int(offset) - 1440))) if offset else moment


def _time(text: str) -> time:
    return (_EPOCH + timedelta(microseconds=int(text) // 1000)).time()


def _date(text: str) -> date:
    return (_EPOCH + timedelta(milliseconds=int(text))).date()


def _number(text: str) -> Any:
    return int(text) if text.lstrip("+-").isdigit() else Decimal(text)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "FIXED": _number,
    "REAL": float,
    "BOOLEAN": lambda text: str(text).lower() in {"true", "1"},
    "DATE": _date,
    "TIME": _time,
    "TIMESTAMP_NTZ": _timestamp,
    "TIMESTAMP_LTZ": _zoned,
    "TIMESTAMP_TZ": _zoned,
    "BINARY": binascii.unhexlify,
}
