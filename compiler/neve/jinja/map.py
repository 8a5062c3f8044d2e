"""From a rendered text back to the files it was made of.

A second rendering puts a mark before and behind each stretch of literal text and each `{{ }}`. Marks are private-use
characters that number the stretch. What stands between them in the result is what that stretch gave.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from jinja2 import nodes

from neve.diagnostics.model import Span
from neve.jinja.environment import Environment, tokens
from neve.jinja.source import Source

_OPEN, _CLOSE = 0xF0000, 0x100000
_MOST = 0xFFFD
_CAPTURES = (nodes.Macro, nodes.CallBlock, nodes.FilterBlock, nodes.AssignBlock)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a template: literal text, or a `{{ }}` as a whole."""

    span: Span
    literal: str | None


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the result and the pieces it came through, the outermost first, each with a number of its use."""

    start: int
    end: int
    pieces: tuple[tuple[int, Piece], ...]


@dataclass(slots=True)
class Fences:
    """The pieces of all templates of one renderer that were fenced."""

    pieces: list[Piece] = field(default_factory=list)

    def put(self, tree: nodes.Template, source: Source, environment: Environment, *, inside: bool) -> None:
        """Fence the output of a parsed template; `inside`: also what a macro or a block hands on as a value."""
        tags = _tags(environment, source.text)
        for node in list(_reached(tree, inside=inside)):
            if isinstance(node, nodes.Output):
                node.nodes = [part for child in node.nodes for part in self._printed(child, source, tags)]
            for body in (value for _, value in node.iter_fields() if isinstance(value, list)):
                body[:] = [part for child in body for part in self._block(child, source, tags)]

    def _printed(self, child: nodes.Expr, source: Source, tags: list[tuple[int, int]]) -> list[nodes.Expr]:
        if isinstance(child, nodes.TemplateData):
            piece = Piece(source.span(child.lineno, child.lineno + len(child.data)), child.data)
        else:
            piece = Piece(source.span(*_around(tags, child.lineno)), None)
        before, behind = self._marks(piece, child.lineno)
        return [before, child, behind]

    def _block(self, child: nodes.Node, source: Source, tags: list[tuple[int, int]]) -> list[nodes.Node]:
        """A block whose output goes through a macro or filter: fenced as a whole, at the place of its tag."""
        if not isinstance(child, nodes.CallBlock | nodes.FilterBlock):
            return [child]
        before, behind = self._marks(Piece(source.span(*_around(tags, child.lineno)), None), child.lineno)
        return [nodes.Output([before], lineno=child.lineno), child, nodes.Output([behind], lineno=child.lineno)]

    def _marks(self, piece: Piece, lineno: int) -> tuple[nodes.TemplateData, nodes.TemplateData]:
        """A private-use character that numbers a piece, and the one that ends any. Too many end up with none."""
        if len(self.pieces) >= _MOST:
            return nodes.TemplateData("", lineno=lineno), nodes.TemplateData("", lineno=lineno)
        self.pieces.append(piece)
        opening = chr(_OPEN + len(self.pieces) - 1)
        return nodes.TemplateData(opening, lineno=lineno), nodes.TemplateData(chr(_CLOSE), lineno=lineno)

    def read(self, fenced: str, plain: str) -> "Map | None":
        """The map of a result, or None when the marks changed what came out."""
        segments: list[Segment] = []
        stack: list[tuple[int, Piece]] = []
        at = used = 0
        begin = 0
        for position, character in enumerate(fenced):
            code = ord(character)
            if code < _OPEN:
                continue
            at += _close_segment(segments, stack, at, position - begin)
            begin = position + 1
            if code == _CLOSE and stack:
                stack.pop()
            elif code < _CLOSE and code - _OPEN < len(self.pieces):
                used += 1
                stack.append((used, self.pieces[code - _OPEN]))
            else:
                return None
        _close_segment(segments, stack, at, len(fenced) - begin)
        unmarked = "".join(character for character in fenced if ord(character) < _OPEN)
        return Map(segments, plain) if unmarked == plain and not stack else None


def _close_segment(segments: list[Segment], stack: list[tuple[int, Piece]], at: int, length: int) -> int:
    if length:
        segments.append(Segment(at, at + length, tuple(stack)))
    return length


class Map:
    """Places in the user's files of places in one rendered text."""

    def __init__(self, segments: list[Segment], text: str) -> None:
        self._segments = segments
        self._starts = [segment.start for segment in segments]
        self._text = text

    def place(self, start: int, end: int) -> tuple[Span, ...]:
        """The place of a stretch of the result, then those from which it was expanded; empty when there is none."""
        first, last = self._at(start), self._at(max(start, end - 1))
        if first is None or last is None or not first.pieces or not last.pieces:
            return ()
        level = _common(first, last)
        from_, _ = self._span(first, level, start)
        path, to = from_.path, self._span(last, level, max(start, end - 1))[1]
        low, high = min(from_.start, to.start), max(from_.end, to.end)
        if end <= start:
            high = low
        outer = tuple(piece.span for _, piece in reversed(first.pieces[:level]))
        return (Span(path, low, high), *outer)

    def _at(self, offset: int) -> Segment | None:
        offset = min(offset, len(self._text) - 1)
        found = bisect_right(self._starts, offset) - 1
        return self._segments[found] if 0 <= found < len(self._segments) else None

    def _span(self, segment: Segment, level: int, offset: int) -> tuple[Span, Span]:
        """The place of one character, as the span to begin with and the span to end with."""
        _, piece = segment.pieces[level]
        exact = level == len(segment.pieces) - 1 and piece.literal == self._text[segment.start : segment.end]
        if not exact:
            return piece.span, piece.span
        at = piece.span.start + min(offset, segment.end - 1) - segment.start
        span = Span(piece.span.path, at, at + 1)
        return span, span


def _common(first: Segment, last: Segment) -> int:
    """The innermost level at which both stand in one use of one template."""
    level = 0
    for (used, piece), (other, _) in zip(first.pieces, last.pieces, strict=False):
        if used != other or piece.literal is not None:
            break
        level += 1
    return min(level, len(first.pieces) - 1, len(last.pieces) - 1)


def _tags(environment: Environment, text: str) -> list[tuple[int, int]]:
    """Start and end of each `{{ }}` and `{% %}`."""
    found, start = [], 0
    for begin, end, kind, _ in tokens(environment, text):
        if kind in {"variable_begin", "block_begin"}:
            start = begin
        elif kind in {"variable_end", "block_end"}:
            found.append((start, start + len(text[start:end].rstrip())))
    return found


def _around(tags: list[tuple[int, int]], offset: int) -> tuple[int, int]:
    return tags[bisect_right(tags, (offset, offset)) - 1]


def _reached(node: nodes.Node, *, inside: bool) -> Iterator[nodes.Node]:
    """A node and all below it, without those whose output is no output of the template when `inside` is not set."""
    yield node
    for child in node.iter_child_nodes():
        if inside or not isinstance(child, _CAPTURES):
            yield from _reached(child, inside=inside)
