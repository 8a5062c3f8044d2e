"""What is said to the user about a place in a file of theirs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a file: its path below the project's root, and character offsets `start` (in) and `end` (out)."""

    path: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that explains the first."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: `code` names its page, `message` is one plain sentence, `hint` is what to type."""

    code: str
    message: str
    span: Span | None = None
    severity: Severity = Severity.ERROR
    hint: str = ""
    related: tuple[Related, ...] = ()


def in_folder(diagnostic: Diagnostic, folder: str) -> Diagnostic:
    """The same finding, of a project that is in `folder` (which ends with a slash, or is empty)."""

    def moved(span: Span) -> Span:
        return replace(span, path=folder + span.path)

    related = tuple(replace(one, span=moved(one.span)) for one in diagnostic.related)
    return replace(diagnostic, span=diagnostic.span and moved(diagnostic.span), related=related)


Say = Callable[[Diagnostic], None]
"""How a pass reports: it calls this and goes on with what it can."""
