"""SQL inside of SQL: the text of a string literal, and where each of its characters stands."""

from collections.abc import Callable

Where = Callable[[int], int]
"""From an offset in an inner text to the offset in the outer one."""

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0"}


def decode(literal: str) -> tuple[str, Where]:
    """The value of a literal as it stands in the source, quotes included, and the way back into it."""
    if literal.startswith("$$"):
        return literal[2:-2], lambda offset: offset + 2
    inner = literal[1:-1]
    if "'" not in inner and "\\" not in inner:
        return inner, lambda offset: offset + 1
    characters, places = _unescape(inner)
    places.append(len(inner))
    return "".join(characters), lambda offset: places[offset] + 1


def _unescape(inner: str) -> tuple[list[str], list[int]]:
    characters: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(inner):
        pair = inner[at] == "\\" or inner.startswith("''", at)
        last = inner[at + 1 : at + 2] if pair else inner[at]
        characters.append(_ESCAPES.get(last, last) if inner[at] == "\\" else last)
        places.append(at)
        at += 2 if pair else 1
    return characters, places
