"""Plain data against a schema: the part of JSON Schema that neve's own schemas use.

Read are: type, enum, pattern, minimum, maximum, items, properties, patternProperties, propertyNames,
additionalProperties, required, anyOf, and `title`, which is how a person would put what is expected.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from neve.names import nearest

Schema = Mapping[str, Any]

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list, tuple),
    "object": (dict,),
    "null": (type(None),),
}
_WORDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: `keys` lead to the value, or to its key when `at_key` is set."""

    code: str
    message: str
    keys: tuple[str | int, ...]
    hint: str = ""
    at_key: bool = False


def problems(data: Any, schema: Schema, keys: tuple[str | int, ...] = ()) -> Iterator[Problem]:
    """All that `schema` does not allow in `data` (NEVE103, NEVE104, NEVE108)."""
    if choices := schema.get("anyOf"):
        yield from _any_of(data, schema, choices, keys)
    elif not _is(data, schema.get("type")):
        yield _wrong(data, schema, keys)
    elif isinstance(data, dict):
        yield from _mapping(data, schema, keys)
    elif isinstance(data, list | tuple):
        items = schema.get("items", {})
        for position, item in enumerate(data):
            yield from problems(item, items, (*keys, position))
    else:
        yield from _scalar(data, schema, keys)


def _is(data: Any, kind: str | None) -> bool:
    if kind is None:
        return True
    return isinstance(data, _TYPES[kind]) and (kind == "boolean" or not isinstance(data, bool))


def _any_of(data: Any, schema: Schema, choices: list[Schema], keys: tuple[str | int, ...]) -> Iterator[Problem]:
    """Says what the choice that comes nearest lacks: the one of the data's own type."""
    tried = [list(problems(data, choice, keys)) for choice in choices]
    if all(tried):
        same_type = [found for found, choice in zip(tried, choices, strict=True) if _is(data, choice.get("type"))]
        yield from same_type[0] if len(same_type) == 1 else [_wrong(data, schema, keys)]


def _mapping(data: Mapping[str, Any], schema: Schema, keys: tuple[str | int, ...]) -> Iterator[Problem]:
    known = schema.get("properties", {})
    for key, value in data.items():
        if "propertyNames" in schema:
            yield from (replace(fault, at_key=True) for fault in problems(key, schema["propertyNames"], (*keys, key)))
        found = known.get(key) or _other(key, schema)
        if found is None:
            yield unknown_key(key, known, (*keys, key))
        else:
            yield from problems(value, found, (*keys, key))
    for key in schema.get("required", ()):
        if key not in data:
            where = f"`{_dotted(keys)}`" if keys else "This file"
            yield Problem("NEVE108", f"{where} needs the key `{key}`", keys, f"Add `{key}: ...`.", at_key=True)


def _other(key: str, schema: Schema) -> Schema | None:
    """The schema of a key that has none of its own; None when the key is not allowed."""
    for pattern, found in schema.get("patternProperties", {}).items():
        if re.match(pattern, key):
            return found  # type: ignore[no-any-return]
    other = schema.get("additionalProperties", True)
    return None if other is False else {} if other is True else other


def unknown_key(key: str, known: Mapping[str, Any], keys: tuple[str | int, ...]) -> Problem:
    """The problem of a key that is not among `known`."""
    meant = nearest(key, known)
    listed = f"Known keys: {', '.join(sorted(known))}." if len(known) <= 12 else ""
    hint = f"Write `{meant}`." if meant else listed
    return Problem("NEVE103", f"There is no key `{key}` here", keys, hint, at_key=True)


def _scalar(data: Any, schema: Schema, keys: tuple[str | int, ...]) -> Iterator[Problem]:
    allowed = schema.get("enum")
    if allowed and data not in allowed:
        meant = nearest(str(data), map(str, allowed))
        message = f"{_name(keys)} must be one of {', '.join(map(str, allowed))}, not {data!r}"
        yield Problem("NEVE104", message, keys, f"Write `{meant}`." if meant else "")
    if "pattern" in schema and not re.fullmatch(schema["pattern"], data):
        yield _wrong(data, schema, keys)
    low, high = schema.get("minimum"), schema.get("maximum")
    if (low is not None and data < low) or (high is not None and data > high):
        yield Problem("NEVE104", f"{_name(keys)} must be {_range(low, high)}, not {data}", keys)


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"at least {low}" if high is None else f"at most {high}"
    return f"between {low} and {high}"


def _wrong(data: Any, schema: Schema, keys: tuple[str | int, ...]) -> Problem:
    expected = schema.get("title") or _WORDS[schema.get("type", "string")]
    return Problem("NEVE104", f"{_name(keys)} must be {expected}, not {_what(data)}", keys)


def _what(data: Any) -> str:
    if data is None:
        return "empty"
    if isinstance(data, str):
        return f"the text {data[:60]!r}"
    if isinstance(data, bool):
        return str(data).lower()
    return (
        f"the number {data}"
        if isinstance(data, int | float)
        else _WORDS["object" if isinstance(data, dict) else "array"]
    )


def _name(keys: tuple[str | int, ...]) -> str:
    if not keys:
        return "This"
    return f"`{_dotted(keys)}`" if isinstance(keys[-1], str) else f"An item of `{_dotted(keys)}`"


def _dotted(keys: tuple[str | int, ...]) -> str:
    return ".".join(key for key in keys if isinstance(key, str))
