"""Strings in Python code: their value as far as it is known, and where each character stands in the file."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from neve.names import HOLE
from neve.parse_python.source import Module

RUN_SCHEMA = "neve.run"
CONFIG = "neve.config."
"""Quoted names that stand for what is known only in the run, beside `HOLE`: its schema, a config value."""
UNKNOWN = (HOLE, RUN_SCHEMA, CONFIG)


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


@dataclass(frozen=True, slots=True)
class Strings:
    """How to read the strings of one module: its helpers' constants, and how its handler calls `run`.

    `bound` are the names of loops around, with the elements that they stand for.
    """

    module: Module
    helpers: Mapping[str, Module]
    run: str
    bound: Mapping[str, ast.expr] = field(default_factory=dict)

    def constant(self, node: ast.expr) -> ast.expr:
        """What a name that is assigned once stands for; any other node as it is."""
        return self.module.constants.get(node.id, node) if isinstance(node, ast.Name) else node

    def read(self, node: ast.expr, depth: int = 0) -> Text | None:
        """The string that `node` is, or None when it is none or not known."""
        if depth > 20:
            return None
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return _plain(self.module, node, node.value)
        if isinstance(node, ast.JoinedStr):
            return self._joined(node, depth)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left, right = self.read(node.left, depth + 1), self.read(node.right, depth + 1)
            if left is None and right is None:
                return None
            left, right = left or _hole(HOLE), right or _hole(HOLE)
            return Text(left.value + right.value, left.places + right.places)
        return self._named(node, depth)

    def _named(self, node: ast.expr, depth: int) -> Text | None:
        if isinstance(node, ast.Name):
            if node.id in self.bound:
                element = replace(self, bound={}).read(self.bound[node.id], depth + 1)
                return element and _nowhere(element.value)
            if node.id in self.module.constants:
                text = self.read(self.module.constants[node.id], depth + 1)
                return text if text is None or node.id in self.module.names else _nowhere(text.value)
            return self._imported(node.id, depth)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == self.run and node.attr == "schema":
                return _hole(RUN_SCHEMA)
            return self._of(self.helpers.get(node.value.id), node.attr, depth)
        key = config_key(node, self.run)
        return _hole(CONFIG + key[0]) if key else None

    def _imported(self, name: str, depth: int) -> Text | None:
        for node in ast.walk(self.module.tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.module in self.helpers:
                for alias in node.names:
                    if (alias.asname or alias.name) == name:
                        return self._of(self.helpers[node.module], alias.name, depth)
        return None

    def _of(self, helper: Module | None, name: str, depth: int) -> Text | None:
        if helper is None or name not in helper.constants:
            return None
        text = Strings(helper, self.helpers, self.run).read(helper.constants[name], depth + 1)
        return text and Text(text.value, (None,) * len(text.value))

    def _joined(self, node: ast.JoinedStr, depth: int) -> Text:
        start, end = self.module.span(node)
        source = self.module.file.text[start:end]
        holes = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        pieces = _split(source) if _simple(source) else None
        if pieces is None or pieces.count(None) != len(holes):
            return self._unplaced(node, depth)
        parts: list[Text] = []
        filled = iter(holes)
        for piece in pieces:
            if isinstance(piece, Text):
                parts.append(Text(piece.value, tuple(p + start for p in piece.places if p is not None)))
            else:
                parts.append(self._fill(next(filled), depth))
        return _join(parts)

    def _unplaced(self, node: ast.JoinedStr, depth: int) -> Text:
        parts = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                parts.append(self._fill(part, depth))
            elif isinstance(part, ast.Constant):
                parts.append(_nowhere(str(part.value)))
        return _join(parts)

    def _fill(self, hole: ast.FormattedValue, depth: int) -> Text:
        if hole.format_spec is not None or hole.conversion != -1:
            return _hole(HOLE)
        return self.read(hole.value, depth + 1) or _hole(HOLE)


def config_key(node: ast.expr, run: str) -> tuple[str, ast.expr] | None:
    """The key of `run.config["k"]` and its like, with the node that holds it."""
    key: ast.expr | None = None
    if isinstance(node, ast.Subscript) and is_config(node.value, run):
        key = node.slice
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        asks = node.func.attr == "get_task_graph_config_property"
        if asks or (node.func.attr == "get" and is_config(node.func.value, run)):
            key = node.args[0]
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        return key.value, key
    return None


def is_config(node: ast.expr, run: str) -> bool:
    """Whether `node` is the graph's configuration."""
    if isinstance(node, ast.Attribute):
        return node.attr == "config" and isinstance(node.value, ast.Name) and node.value.id == run
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (node.func.attr == "get_task_graph_config")
    )


def _plain(module: Module, node: ast.Constant, value: str) -> Text:
    start, end = module.span(node)
    source = module.file.text[start:end]
    opening = _opening(source)
    if source[opening : len(source) - _quotes(source)] != value:
        return _nowhere(value)
    return Text(value, tuple(range(start + opening, start + opening + len(value))))


def _nowhere(value: str) -> Text:
    return Text(value, (None,) * len(value))


def _hole(name: str) -> Text:
    return _nowhere('"' + name.replace('"', '""') + '"')


def _join(parts: list[Text]) -> Text:
    return Text("".join(p.value for p in parts), tuple(place for p in parts for place in p.places))


def _opening(source: str) -> int:
    return min((i for i in (source.find("'"), source.find('"')) if i >= 0), default=0) + _quotes(source)


def _quotes(source: str) -> int:
    return 3 if source.endswith(("'''", '"""')) and len(source) >= 6 else 1


def _simple(source: str) -> bool:
    """One literal, and no escapes in it."""
    opening = _opening(source)
    quote = source[opening - _quotes(source) : opening]
    return "\\" not in source and source.endswith(quote) and quote not in source[opening : -len(quote)]


def _split(source: str) -> list["Text | None"] | None:
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
