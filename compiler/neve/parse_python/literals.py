"""String literals of Python: what they say, and where each character of it stands in the file."""

import ast
from dataclasses import dataclass
from itertools import pairwise

from neve.parse_python.source import Module


@dataclass(frozen=True, slots=True)
class Text:
    """A string's value, and for each character its offset in the task's file (None where there is no such place)."""

    value: str
    places: tuple[int | None, ...]

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the characters from `start` to `end` stand together in the file, if they do."""
        places = self.places[start:end]
        known = [p for p in places if p is not None]
        if not known or len(known) != len(places) or any(b - a != 1 for a, b in pairwise(known)):
            return None
        return known[0], known[-1] + 1

    def nearby(self, start: int) -> int | None:
        """The last known place at or before `start`."""
        return next((p for p in reversed(self.places[: start + 1]) if p is not None), None)


def plain(module: Module, node: ast.Constant, value: str) -> Text:
    start, end = module.span(node)
    source = module.file.text[start:end]
    opening = _opening(source)
    if source[opening : len(source) - _quotes(source)] != value:
        return nowhere(value)
    return Text(value, tuple(range(start + opening, start + opening + len(value))))


def nowhere(value: str) -> Text:
    return Text(value, (None,) * len(value))


def hole(name: str) -> Text:
    return nowhere('"' + name.replace('"', '""') + '"')


def joined(parts: list[Text]) -> Text:
    return Text("".join(p.value for p in parts), tuple(place for p in parts for place in p.places))


def _opening(source: str) -> int:
    return min((i for i in (source.find("'"), source.find('"')) if i >= 0), default=0) + _quotes(source)


def _quotes(source: str) -> int:
    return 3 if source.endswith(("'''", '"""')) and len(source) >= 6 else 1


def simple(source: str) -> bool:
    """One literal, and no escapes in it."""
    opening = _opening(source)
    quote = source[opening - _quotes(source) : opening]
    return "\\" not in source and source.endswith(quote) and quote not in source[opening : -len(quote)]


def split_literal(source: str) -> list["Text | None"] | None:
    """The text pieces of an f-string's source, None for each hole; None for the whole when it cannot be told."""
    pieces: list[Text | None] = []
    at, end = _opening(source), len(source) - _quotes(source)
    value: list[str] = []
    places: list[int] = []

    def flush() -> None:
        if value:
            pieces.append(Text("".join(value), tuple(places)))
            value.clear()
            places.clear()

    while at < end:
        character = source[at]
        if character in "{}" and source[at + 1 : at + 2] == character:
            value.append(character)
            places.append(at)
            at += 2
        elif character == "{":
            flush()
            pieces.append(None)
            closing = _closing(source, at, end)
            if closing is None:
                return None
            at = closing + 1
        else:
            value.append(character)
            places.append(at)
            at += 1
    flush()
    return pieces


def _closing(source: str, at: int, end: int) -> int | None:
    depth = 0
    quote = ""
    while at < end:
        character = source[at]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        else:
            depth += (character == "{") - (character == "}")
            if depth == 0:
                return at
        at += 1
    return None
