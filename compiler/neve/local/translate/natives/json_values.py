"""Values of JSON: text in, text out, the keys in order, numbers as Snowflake holds them."""

from decimal import Decimal, InvalidOperation
from typing import Any

from neve.local.jsontext import Number, read, write


def number_of(written: str) -> Number:
    """12.30 is 12.3, and 1.5e1 a float; what is too long for a decimal stays as it is."""
    if "e" in written.lower():
        return Number(f"{float(written):.15e}")
    try:
        number = Decimal(written)
    except InvalidOperation:
        return Number(written)
    if abs(number.adjusted()) > 37:  # more than a NUMBER has
        return Number(written)
    text = f"{number.normalize():f}"
    return Number("0" if text == "-0" else text)


def ordered(text: str) -> str:
    """The text of an OBJECT or ARRAY."""
    return write(read(text))


def without_nulls(text: str) -> str:
    """STRIP_NULL_VALUES of a file format: objects without the keys whose value is null."""
    return write(_stripped(read(text)))


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _stripped(inner) for key, inner in value.items() if inner is not None}
    return [_stripped(inner) for inner in value] if isinstance(value, list) else value


def array_sorted(text: str, ascending: bool, nulls_first: bool) -> str | None:  # noqa: FBT001 - ARRAY_SORT's
    """ARRAY_SORT: numbers before booleans before texts."""
    values = read(text)
    if not isinstance(values, list):
        return None
    nulls = [value for value in values if value is None]
    others = sorted((value for value in values if value is not None), key=_rank, reverse=not ascending)
    return write(nulls + others if nulls_first else others + nulls)


def _rank(value: Any) -> tuple[int, Any]:
    if isinstance(value, Number):
        return (0, Decimal(value))
    if isinstance(value, bool):
        return (1, value)
    return (2, value) if isinstance(value, str) else (3, write(value))


def zipped(texts: list[str | None]) -> str | None:
    """ARRAYS_ZIP: objects with the keys $1, $2 … NULL where one of the arrays is."""
    if None in texts:
        return None
    arrays = [read(text) for text in texts if text is not None]
    longest = max(map(len, arrays), default=0)
    if not longest:
        return "[{}]"
    rows = range(longest)
    return write([{f"${n}": (a[i] if i < len(a) else None) for n, a in enumerate(arrays, 1)} for i in rows])


def object_of(keys: str, values: str) -> str:
    """ARRAYS_TO_OBJECT. Raises ValueError, in the form of `faults`."""
    names, held = read(keys), read(values)
    if len(names) != len(held):
        raise ValueError("#215001 22000 Key array and value array had unequal lengths in ARRAYS_TO_OBJECT")
    if any(isinstance(name, Number | bool | dict | list) for name in names):
        raise ValueError("#215002 22000 Key supplied for ARRAYS_TO_OBJECT does not have string type")
    pairs = zip(names, held, strict=True)
    return write({str(key): value for key, value in pairs if key is not None})


def get_ignore_case(text: str, key: str) -> str | None:
    """GET_IGNORE_CASE: the key as it is written, else in any case."""
    held = read(text)
    if not isinstance(held, dict):
        return None
    found = key if key in held else next((k for k in held if k.lower() == key.lower()), None)
    return None if found is None else write(held[found])


FUNCTIONS = (
    ("sf_json_ordered", ordered, ["VARCHAR"], "VARCHAR"),
    ("sf_json_without_nulls", without_nulls, ["VARCHAR"], "VARCHAR"),
    ("sf_json_sorted", array_sorted, ["VARCHAR", "BOOLEAN", "BOOLEAN"], "VARCHAR"),
    ("sf_json_zipped", zipped, ["VARCHAR[]"], "VARCHAR"),
    ("sf_json_object_of", object_of, ["VARCHAR", "VARCHAR"], "VARCHAR"),
    ("sf_json_get_ignore_case", get_ignore_case, ["VARCHAR", "VARCHAR"], "VARCHAR"),
)
