"""Strings in Python code: their value as far as it is known before the run."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from neve.names import HOLE
from neve.parse_python.formats import formatted, percent
from neve.parse_python.literals import Text, hole, joined, nowhere, plain, simple, split_literal
from neve.parse_python.source import Module

RUN_SCHEMA = "neve.run"
CONFIG = "neve.config."
"""Quoted names that stand for what is known only in the run, beside `HOLE`: its schema, a config value."""
UNKNOWN = (HOLE, RUN_SCHEMA, CONFIG)


Bound = Mapping[str, ast.expr]
_CONNECTION = {"connection", "_conn"}
_DEEP = 20
_NESTED = 4
"""How deep collections in collections are looked into."""
NOT_KNOWN: ast.expr = ast.Constant(None)
"""What a name is bound to whose value is known only in the run."""


@dataclass(frozen=True, slots=True)
class Strings:
    """How to read the strings of one module: its helpers' constants, and how its handler calls `run` and the session.

    `bound` are the names of loops around, and the arguments of a function that is called, with what they stand for.
    """

    module: Module
    helpers: Mapping[str, Module]
    run: str
    bound: Bound = field(default_factory=dict)
    sessions: frozenset[str] = frozenset({"session"})

    def constant(self, node: ast.expr) -> ast.expr:
        """What a name that is assigned once stands for; any other node as it is."""
        if not isinstance(node, ast.Name):
            return node
        return self.bound.get(node.id) or self.module.constants.get(node.id, node)

    def resolved(self, node: ast.expr, depth: int = 0) -> ast.expr:
        """The expression that a name, an attribute of a class, or an element of a collection stands for."""
        if depth > _DEEP:
            return node
        if isinstance(node, ast.Name):
            known = self.constant(node)
            return self._imported(*self.origin(node.id), node) if known is node else self.resolved(known, depth + 1)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, depth)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            return _element(self.resolved(node.value, depth + 1), node.slice.value) or node
        return node

    def _attribute(self, node: ast.Attribute, depth: int) -> ast.expr:
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        if owner in self.helpers:
            return self._imported(self.helpers[owner], node.attr, node)
        inner = self.resolved(node.value, depth + 1) if node.attr == "value" else node.value
        if inner is not node.value:
            return inner  # of a member of an Enum
        return self.module.attributes.get((owner if owner not in {"self", "cls"} else "", node.attr), node)

    def frozen(self, node: ast.expr, depth: int = 0) -> ast.expr:
        """The value of an expression, free of names, as another module can read it too."""
        text = self.read(node)
        if text is not None:
            return ast.Constant(text.value)
        known = self.resolved(node)
        if depth < _NESTED and isinstance(known, ast.List | ast.Tuple | ast.Set):
            return ast.Tuple([self.frozen(one, depth + 1) for one in known.elts])
        if depth < _NESTED and isinstance(known, ast.Dict):
            keys = [one and self.frozen(one, depth + 1) for one in known.keys]
            return ast.Dict(keys, [self.frozen(one, depth + 1) for one in known.values])
        return NOT_KNOWN

    def _imported(self, helper: Module | None, name: str, node: ast.expr) -> ast.expr:
        """A list or dictionary of a helper module; `node` itself when there is none."""
        known = helper.constants.get(name) if helper else None
        if helper is None or not isinstance(known, ast.List | ast.Tuple | ast.Set | ast.Dict):
            return node
        return replace(self, module=helper, bound={}).frozen(known)

    def origin(self, name: str) -> tuple[Module | None, str]:
        """The helper module from which a name is imported, and what it is called there."""
        for node in self.module.imports:
            if node.module in self.helpers:
                for alias in node.names:
                    if (alias.asname or alias.name) == name:
                        return self.helpers[node.module or ""], alias.name
        return None, name

    def is_session(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Attribute):
            return node.attr in self.sessions or (node.attr == "read" and self.is_session(node.value))
        if not isinstance(node, ast.Name):
            return False
        known = self.bound.get(node.id)
        return node.id in self.sessions if known is None else isinstance(known, ast.Name) and known.id == "session"

    def is_cursor(self, node: ast.expr) -> bool:
        """Whether a cursor of the session's own connection is meant."""
        made = self.resolved(node)
        if not (isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute) and made.func.attr == "cursor"):
            return False
        connection = self.constant(made.func.value)
        return (
            isinstance(connection, ast.Attribute)
            and connection.attr in _CONNECTION
            and self.is_session(connection.value)
        )

    def read(self, node: ast.expr, depth: int = 0) -> Text | None:
        """The string that `node` is, or None when it is none or not known."""
        if depth > _DEEP:
            return None
        if isinstance(node, ast.Constant):
            return plain(self.module, node, node.value) if isinstance(node.value, str) else None
        if isinstance(node, ast.JoinedStr):
            return self._joined(node, depth)
        if isinstance(node, ast.BinOp):
            return self._operated(node, depth)
        return self._name(node, depth) if isinstance(node, ast.Name) else self._reached(node, depth)

    def _operated(self, node: ast.BinOp, depth: int) -> Text | None:
        if isinstance(node.op, ast.Mod):
            return self._filled(node, depth)
        left, right = self.read(node.left, depth + 1), self.read(node.right, depth + 1)
        if not isinstance(node.op, ast.Add) or (left is None and right is None):
            return None
        left, right = left or hole(HOLE), right or hole(HOLE)
        return Text(left.value + right.value, left.places + right.places)

    def _name(self, node: ast.Name, depth: int) -> Text | None:
        if node.id in self.bound:
            return self._bound(self.bound[node.id], depth)
        if node.id in self.module.constants:
            text = self.read(self.module.constants[node.id], depth + 1)
            return text if text is None or node.id in self.module.names else nowhere(text.value)
        return self._of(*self.origin(node.id), depth)

    def _reached(self, node: ast.expr, depth: int) -> Text | None:
        """What an attribute, an element or a call gives."""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == self.run and node.attr == "schema":
                return hole(RUN_SCHEMA)
            if node.value.id in self.helpers:
                return self._of(self.helpers[node.value.id], node.attr, depth)
        key = config_key(node, self.run)
        if key:
            return hole(CONFIG + key[0])
        if isinstance(node, ast.Call):
            return self._made(node, node.func, depth) if isinstance(node.func, ast.Attribute) else None
        known = self.resolved(node)
        text = self.read(known, depth + 1) if known is not node else None
        return text and nowhere(text.value)

    def _bound(self, element: ast.expr, depth: int) -> Text | None:
        if isinstance(element, ast.Constant):
            return nowhere(element.value) if isinstance(element.value, str) else None
        text = replace(self, bound={}).read(element, depth + 1) if hasattr(element, "lineno") else None
        return text and nowhere(text.value)

    def _made(self, node: ast.Call, method: ast.Attribute, depth: int) -> Text | None:
        """What `", ".join(...)` and `"...".format(...)` give."""
        if method.attr not in {"join", "format"} or (text := self.read(method.value, depth + 1)) is None:
            return None
        if method.attr == "format":
            given = {str(at): value for at, value in enumerate(node.args)}
            given |= {one.arg or "": one.value for one in node.keywords}
            made = formatted(text.value, {name: self._part(value, depth) for name, value in given.items()})
            return None if made is None else nowhere(made)
        known = self.resolved(node.args[0]) if len(node.args) == 1 else None
        if not isinstance(known, ast.List | ast.Tuple):
            return None
        return nowhere(text.value.join(self._part(one, depth) for one in known.elts))

    def _filled(self, node: ast.BinOp, depth: int) -> Text | None:
        """What `"... %s ..." % (...)` gives."""
        text = self.read(node.left, depth + 1)
        if text is None:
            return None
        values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        named = node.right if isinstance(node.right, ast.Dict) else None
        if named is not None:
            names = [key.value if isinstance(key, ast.Constant) else "" for key in named.keys]
            parts = {str(name): self._part(one, depth) for name, one in zip(names, named.values, strict=True)}
            made = percent(text.value, [], parts)
        else:
            made = percent(text.value, [self._part(one, depth) for one in values], {})
        return None if made is None else nowhere(made)

    def _part(self, node: ast.expr, depth: int) -> str:
        return (self.read(node, depth + 1) or hole(HOLE)).value

    def _of(self, helper: Module | None, name: str, depth: int) -> Text | None:
        if helper is None or name not in helper.constants:
            return None
        text = replace(self, module=helper, bound={}).read(helper.constants[name], depth + 1)
        return text and Text(text.value, (None,) * len(text.value))

    def _joined(self, node: ast.JoinedStr, depth: int) -> Text:
        start, end = self.module.span(node)
        source = self.module.file.text[start:end]
        holes = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        pieces = split_literal(source) if simple(source) else None
        if pieces is None or pieces.count(None) != len(holes):
            return self._unplaced(node, depth)
        parts: list[Text] = []
        filled = iter(holes)
        for piece in pieces:
            if isinstance(piece, Text):
                parts.append(Text(piece.value, tuple(p + start for p in piece.places if p is not None)))
            else:
                parts.append(self._fill(next(filled), depth))
        return joined(parts)

    def _unplaced(self, node: ast.JoinedStr, depth: int) -> Text:
        parts = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                parts.append(self._fill(part, depth))
            elif isinstance(part, ast.Constant):
                parts.append(nowhere(str(part.value)))
        return joined(parts)

    def _fill(self, filled: ast.FormattedValue, depth: int) -> Text:
        if filled.format_spec is not None or filled.conversion != -1:
            return hole(HOLE)
        return self.read(filled.value, depth + 1) or hole(HOLE)


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


def _element(collection: ast.expr, key: object) -> ast.expr | None:
    if isinstance(collection, ast.List | ast.Tuple) and isinstance(key, int):
        return collection.elts[key] if -len(collection.elts) <= key < len(collection.elts) else None
    if isinstance(collection, ast.Dict):
        pairs = zip(collection.keys, collection.values, strict=True)
        return next((value for name, value in pairs if isinstance(name, ast.Constant) and name.value == key), None)
    return None
