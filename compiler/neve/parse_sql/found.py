"""What is found in a statement: tables, calls, queries, and what cannot be told before the run."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from neve.ir import Reference, Scope
from neve.parse_sql.dialect import Unreadable


@dataclass(frozen=True, slots=True)
class Call:
    """A procedure that is called."""

    name: Reference


@dataclass(frozen=True, slots=True)
class Temporary:
    """A table that lives only as long as the body runs."""

    name: str


@dataclass(frozen=True, slots=True)
class Selects:
    """The SELECTs of a statement; `result` is its own."""

    scopes: list[Scope]
    result: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """A statement that is put together in the run, at a place of the text: not all that it does can be told."""

    start: int
    end: int


Found = Reference | Call | Temporary | Selects | Unknown | Unreadable


def moved_to(found: Found, span: Callable[[int, int], tuple[int, int]]) -> Found:
    """The same, found in a string of which `span` tells the place in the whole text; without its queries' columns."""
    if isinstance(found, Call):
        return Call(_moved_name(found.name, span))
    if isinstance(found, Reference):
        return _moved_name(found, span)
    if isinstance(found, Selects):
        return Selects([], -1)
    if isinstance(found, Unknown):
        return Unknown(*span(found.start, found.end))
    return Unreadable(found.message, *span(found.start, found.end)) if isinstance(found, Unreadable) else found


def _moved_name(name: Reference, span: Callable[[int, int], tuple[int, int]]) -> Reference:
    start, end = span(name.start, name.end)
    return replace(name, start=start, end=end, literal=True)
