"""YAML with places: a text becomes plain data, and any value of it can be found again.

The scalars are those of YAML 1.2: `true`, `false`, `null`, numbers, and text; so `yes`, `2024-01-01` and `12:30` are
text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from yaml import MappingNode, Node, ScalarNode, SequenceNode, YAMLError
from yaml._yaml import CParser
from yaml.reader import ReaderError

from neve.diagnostics.model import Diagnostic, Related, Say, Span

Keys = Sequence[str | int]
"""The way to a value: keys of mappings and positions in lists."""

_PLAIN, _TEXT = "plain", "text"
_CONSTANTS: dict[str, Any] = dict.fromkeys(("", "~", "null", "Null", "NULL"))
_CONSTANTS |= dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)
_INTEGER = re.compile(r"[-+]?[0-9]{1,38}")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")
_DEEPEST = 60
_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML text that stands in a file: `node` is its root, `offset` where the text begins in the file."""

    path: str
    text: str
    offset: int
    node: Node | None

    def span(self, keys: Keys = ()) -> Span:
        """The place of a value; of the nearest value above when the way leads nowhere."""
        return self.span_of(_walk(self.node, keys)) if self.node else Span(self.path, self.offset, self.offset)

    def key_span(self, keys: Keys) -> Span:
        """The place of the last key on the way; of the value when that is an item of a list; without keys, the start"""
        if not keys:
            return Span(self.path, self.offset, self.offset)
        parent = _walk(self.node, keys[:-1]) if self.node else None
        if isinstance(parent, MappingNode):
            for key, _ in pairs(parent):
                if key.value == keys[-1]:
                    return self.span_of(key)
        return self.span(keys)

    def spans(self) -> dict[str, Span]:
        """The places of the values of the outermost mapping."""
        return (
            {key.value: self.span_of(value) for key, value in pairs(self.node)}
            if isinstance(self.node, MappingNode)
            else {}
        )

    def span_of(self, node: Node) -> Span:
        start, end = node.start_mark.index, node.end_mark.index
        written = self.text[start:end].rstrip()
        return Span(self.path, self.offset + start, self.offset + start + len(written))


class _Composer(CParser):
    """libyaml's parser, without PyYAML's own idea of what a plain scalar means."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def resolve(self, kind: type[Node], value: str, implicit: tuple[bool, bool]) -> str:  # noqa: ARG002
        return _PLAIN if kind is ScalarNode and implicit[0] else _TEXT

    def descend_resolver(self, parent: Node | None, index: object) -> None:  # noqa: ARG002
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _TooMuchError(parent, f"This is nested more than {_DEEPEST} levels deep")

    def ascend_resolver(self) -> None:
        self._depth -= 1


class _TooMuchError(Exception):
    def __init__(self, node: Node | None, message: str) -> None:
        super().__init__(message)
        self.index = node.start_mark.index if node else 0


def read_yaml(text: str, path: str, offset: int, say: Say) -> tuple[Document, Any] | None:
    """A YAML text as a document and as plain data; None after saying why it cannot be read (NEVE102, 104, 105)."""
    try:
        node = _Composer(text).get_single_node()
        document = Document(path, text, offset, node)
        said: list[Diagnostic] = []
        data = None if node is None else _Reader(document, said.append).data(node)
    except _TooMuchError as error:
        say(Diagnostic("NEVE102", str(error), _at(text, path, offset, error.index)))
        return None
    except YAMLError as error:
        say(_broken(error, text, path, offset))
        return None
    for diagnostic in said:
        say(diagnostic)
    return None if said else (document, data)


def pairs(node: MappingNode) -> Iterator[tuple[ScalarNode, Node]]:
    """The keys and values of a mapping, those that a merge key (`<<`) brings in first, unless the mapping has them."""
    own = [(key, value) for key, value in node.value if isinstance(key, ScalarNode)]
    names = {key.value for key, _ in own}
    for key, value in own:
        if _is_merge(key):
            for merged in _merged(value):
                yield from ((k, v) for k, v in pairs(merged) if k.value not in names)
    yield from ((key, value) for key, value in own if not _is_merge(key))


def overlay(below: Node, above: Node) -> Node:
    """`above` laid over `below`: mappings key by key, anything else as a whole."""
    if not (isinstance(below, MappingNode) and isinstance(above, MappingNode)):
        return above
    values = {key.value: (key, value) for key, value in pairs(below)}
    for key, value in pairs(above):
        old = values.get(key.value)
        values[key.value] = (old[0], overlay(old[1], value)) if old else (key, value)
    return MappingNode(_TEXT, list(values.values()), above.start_mark, above.end_mark)


def child(node: Node | None, key: str) -> Node | None:
    """The value of a key of a mapping; None when there is none."""
    if not isinstance(node, MappingNode):
        return None
    return next((value for name, value in pairs(node) if name.value == key), None)


def plain(node: Node | None) -> Any:
    """A node that was read before, as plain data."""
    if node is None:
        return None
    if isinstance(node, MappingNode):
        return {key.value: plain(value) for key, value in pairs(node)}
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.value]
    return _scalar(node) if isinstance(node, ScalarNode) else None


class _Reader:
    """Nodes to data for the first time: looks for what a reader of the data could not know any more."""

    def __init__(self, document: Document, say: Say) -> None:
        self._document = document
        self._say = say
        self._left = _MOST
        self._open: set[int] = set()

    def data(self, node: Node) -> Any:
        self._left -= 1
        if self._left < 0 or id(node) in self._open:
            raise _TooMuchError(node, "An alias here repeats more than can be written out")
        if isinstance(node, ScalarNode):
            self._check_tag(node)
            return _scalar(node)
        self._open.add(id(node))
        data = self._mapping(node) if isinstance(node, MappingNode) else [self.data(item) for item in node.value]
        self._open.discard(id(node))
        return data

    def _mapping(self, node: MappingNode) -> dict[str, Any]:
        seen: dict[str, ScalarNode] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._refuse(key, "A key must be a plain word here, not a list or a mapping")
            elif _is_merge(key):
                self._check_merge(value)
            elif key.value in seen:
                self._twice(key, seen[key.value])
            else:
                seen[key.value] = key
        return {key.value: self.data(value) for key, value in pairs(node)}

    def _check_merge(self, node: Node) -> None:
        if not all(
            isinstance(item, MappingNode) for item in (node.value if isinstance(node, SequenceNode) else [node])
        ):
            self._refuse(node, "`<<` takes a mapping, or a list of mappings")
        self.data(node)

    def _check_tag(self, node: ScalarNode) -> None:
        if node.tag not in (_PLAIN, _TEXT, "!", "tag:yaml.org,2002:str"):
            self._refuse(node, f"The YAML tag `{node.tag}` means nothing here")

    def _refuse(self, node: Node, message: str) -> None:
        hint = "A value with `{{` in it must stand in quotes." if isinstance(node, MappingNode) else ""
        self._say(Diagnostic("NEVE104", message, self._document.span_of(node), hint=hint))

    def _twice(self, key: ScalarNode, first: ScalarNode) -> None:
        span_of = self._document.span_of
        related = (Related(span_of(first), "It stands here first."),)
        message = f"The key `{key.value}` stands twice in one mapping"
        self._say(Diagnostic("NEVE105", message, span_of(key), hint="Remove one of the two.", related=related))


def _is_merge(key: ScalarNode) -> bool:
    return bool(key.value == "<<" and key.tag == _PLAIN)


def _merged(node: Node) -> Iterator[MappingNode]:
    items = reversed(node.value) if isinstance(node, SequenceNode) else [node]
    return (item for item in items if isinstance(item, MappingNode))


def _scalar(node: ScalarNode) -> Any:
    text: str = node.value
    if node.tag != _PLAIN:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) and abs(float(text)) != float("inf") else text


def _walk(node: Node, keys: Keys) -> Node:
    for key in keys:
        if isinstance(node, SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
        elif (found := child(node, str(key))) is not None:
            node = found
        else:
            break
    return node


def _broken(error: YAMLError, text: str, path: str, offset: int) -> Diagnostic:
    if isinstance(error, ReaderError):
        return Diagnostic("NEVE102", "A control character stands in this YAML", _at(text, path, offset, error.position))
    problem = getattr(error, "problem", None) or "it cannot be read"
    if problem == "but found another document":
        problem = "`---` begins a second document"
    mark, begin, context = (getattr(error, name, None) for name in ("problem_mark", "context_mark", "context"))
    place = _at(text, path, offset, mark.index if mark else 0)
    related: tuple[Related, ...] = ()
    if mark and begin and begin.index < mark.index and context and context.startswith("while"):
        related = (Related(_at(text, path, offset, begin.index), f"This happened {context}."),)
    return Diagnostic("NEVE102", f"This YAML cannot be read: {problem}", place, hint=_hint(problem), related=related)


def _hint(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return "A text with a colon in it must stand in quotes."
    if "cannot start any token" in problem:
        return "YAML is indented with blanks, not tabs; a text that begins with @, ` or % must stand in quotes."
    return ""


def _at(text: str, path: str, offset: int, index: int) -> Span:
    """One character at `index`; behind the last one, the last that can be seen."""
    index = min(index, max(len(text.rstrip()) - 1, 0))
    return Span(path, offset + index, offset + index + (1 if text else 0))
