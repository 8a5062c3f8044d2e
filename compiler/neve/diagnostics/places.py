"""From character offsets to lines and columns."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from neve.diagnostics.model import Span

Read = Callable[[str], str]
"""Gives the text of a file by its path below the project's root, with line feeds only; "" when it has none."""


@dataclass(frozen=True, slots=True)
class Place:
    """A span as people count: lines and columns from 1, columns in characters, the end just behind."""

    line: int
    column: int
    end_line: int
    end_column: int


class Lines:
    """The lines of one text."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._end = len(text)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset; one outside the text is taken to its nearest end."""
        offset = min(max(offset, 0), self._end)
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def place(self, span: Span) -> Place:
        line, column = self.position(span.start)
        return Place(line, column, *self.position(max(span.start, span.end)))


class Places:
    """Lines and columns in many files, each read once."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._lines: dict[str, Lines] = {}

    def lines(self, path: str) -> Lines:
        if path not in self._lines:
            self._lines[path] = Lines(self._read(path))
        return self._lines[path]

    def place(self, span: Span) -> Place:
        return self.lines(span.path).place(span)
