"""A template's text, and what stands where in it."""

from dataclasses import dataclass

from neve.diagnostics.model import Span
from neve.jinja.environment import Environment, tokens


@dataclass(frozen=True, slots=True)
class Source:
    """A template's text; `offset` is where it begins in its file."""

    path: str
    text: str
    offset: int = 0

    def span(self, start: int, end: int) -> Span:
        return Span(self.path, self.offset + start, self.offset + end)


def token_span(source: Source, environment: Environment, start: int) -> Span:
    """The token that begins at `start`."""
    end = next((end for begin, end, _, _ in tokens(environment, source.text) if begin == start), start + 1)
    return source.span(start, end)


def statement_span(source: Source, environment: Environment, offset: int) -> Span:
    """The `{{ }}` or `{% %}` around an offset."""
    return source.span(*statement_bounds(source, environment, offset))


def statement_bounds(source: Source, environment: Environment, offset: int) -> tuple[int, int]:
    start = 0
    for begin, end, kind, _ in tokens(environment, source.text):
        if kind in {"variable_begin", "block_begin"} and begin <= max(offset, start):
            start = begin
        if kind in {"variable_end", "block_end"} and end > offset and begin >= start:
            return start, start + len(source.text[start:end].rstrip())
    return start, max(len(source.text), start)
