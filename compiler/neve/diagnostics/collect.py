"""Where the passes report to."""

from collections.abc import Iterator

from neve.diagnostics.model import Diagnostic, Severity, Span

_NOWHERE = Span("")


class Findings:
    """All that was said in one compilation: call it to say something, iterate it to read, in order of place.

    What follows from an earlier error is left out: the same thing said twice, and whatever later passes say of a
    file whose text could not be read (NEVE2xx).
    """

    def __init__(self) -> None:
        self._said: dict[tuple[str, Span | None, str], Diagnostic] = {}
        self._unreadable: set[str] = set()

    def __call__(self, diagnostic: Diagnostic) -> None:
        self._said.setdefault((diagnostic.code, diagnostic.span, diagnostic.message), diagnostic)
        if diagnostic.code.startswith("NEVE2") and diagnostic.span and diagnostic.severity is Severity.ERROR:
            self._unreadable.add(diagnostic.span.path)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(sorted(filter(self._stands_alone, self._said.values()), key=_place))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def broken(self, path: str) -> bool:
        """Whether the text of this file could not be read, so that nothing more can be known of it."""
        return path in self._unreadable

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(found for found in self if found.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        return tuple(found for found in self if found.severity is Severity.WARNING)

    def _stands_alone(self, diagnostic: Diagnostic) -> bool:
        later = diagnostic.code[4:5] in "345"
        return not (later and diagnostic.span and diagnostic.span.path in self._unreadable)


def _place(diagnostic: Diagnostic) -> tuple[Span, str, str]:
    return diagnostic.span or _NOWHERE, diagnostic.code, diagnostic.message
