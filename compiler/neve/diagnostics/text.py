"""Findings for people: the message, the line with a mark under the place, what to type."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from neve.diagnostics.model import Diagnostic, Severity, Span
from neve.diagnostics.places import Places, Read

Paint = Callable[[str, str], str]

_COLOURS = {"error": "1;31", "warning": "1;33", "bold": "1", "frame": "1;34", "note": "1;36"}
_LONG = 200
_SECRET = re.compile(r"""(?i)\b(?:password|passwd|passphrase|\w*token|\w*secret|private_key\w*)['"]?\s*[:=]\s*(\S.*)""")


def render(findings: Iterable[Diagnostic], read: Read, *, colour: bool = False) -> str:
    """All findings as text, and a last line that counts them; "" when there are none."""
    found = list(findings)
    if not found:
        return ""
    places, paint = Places(read), _painter(colour=colour)
    blocks = ["\n".join(_block(diagnostic, places, paint)) for diagnostic in found]
    return "\n\n".join([*blocks, _count(found)]) + "\n"


def _painter(*, colour: bool) -> Paint:
    return lambda kind, text: f"\x1b[{_COLOURS[kind]}m{text}\x1b[0m" if colour and text else text


def _block(diagnostic: Diagnostic, places: Places, paint: Paint) -> Iterator[str]:
    severity = diagnostic.severity.value
    yield paint(severity, f"{severity}[{diagnostic.code}]") + paint("bold", f": {_printable(diagnostic.message)}")
    if diagnostic.span:
        yield from _excerpt(diagnostic.span, severity, "^", places, paint)
    for related in diagnostic.related:
        yield paint("note", "note") + f": {_printable(related.message)}"
        yield from _excerpt(related.span, "note", "-", places, paint)
    if diagnostic.hint:
        first, *rest = diagnostic.hint.split("\n")
        yield paint("note", "help") + f": {_printable(first)}"
        yield from (f"      {_printable(line)}" for line in rest)


def _excerpt(span: Span, kind: str, mark: str, places: Places, paint: Paint) -> Iterator[str]:
    """The place, its first line, and a mark under it. Of a file as a whole (0 to 0), its name only."""
    lines = places.lines(span.path)
    place = lines.place(span)
    number = str(place.line)
    gutter = " " * len(number)
    if span.end == 0 or lines.lines == [""]:
        yield paint("frame", f"{gutter}-->") + f" {span.path}"
        return
    line = _hide_secret(lines.lines[place.line - 1])
    last = place.end_column - 1 if place.end_line == place.line else len(line)
    before, marked, behind = _window(line, place.column - 1, last)
    yield paint("frame", f"{gutter}-->") + f" {span.path}:{place.line}:{place.column}"
    yield paint("frame", f"{gutter} |")
    yield paint("frame", f"{number} |") + f" {_printable(before + marked + behind)}".rstrip()
    under = " " * _width(before) + paint(kind, mark * max(1, _width(marked)))
    yield paint("frame", f"{gutter} |") + f" {under}"


def _window(line: str, start: int, end: int) -> tuple[str, str, str]:
    """What is before, in and behind a mark, of a long line only what is near it."""
    before, marked, behind = line[:start], line[start:end], line[end:]
    if len(line) > _LONG:
        before = before if len(before) < _LONG // 2 else f"...{before[-_LONG // 2 :]}"
        marked = marked if len(marked) < _LONG else f"{marked[:_LONG]}..."
        room = max(_LONG - len(before) - len(marked), 20)
        behind = behind if len(behind) < room else f"{behind[:room]}..."
    return before, marked, behind


@lru_cache(maxsize=16)
def _hide_secret(line: str) -> str:
    found = _SECRET.search(line)
    return line if found is None else line[: found.start(1)] + "*" * len(found[1])


def _printable(text: str) -> str:
    """`text` on one line, without what would steer a terminal: a tab is four blanks, a control character a mark."""
    return "".join("    " if c == "\t" else c if c.isprintable() else "�" for c in text)


def _width(text: str) -> int:
    """How many columns a terminal gives to the printed form of `text`."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in _printable(text)
    )


def _count(found: list[Diagnostic]) -> str:
    errors = sum(1 for diagnostic in found if diagnostic.severity is Severity.ERROR)
    counts = [(errors, "error"), (len(found) - errors, "warning")]
    said = " and ".join(f"{n} {word}{'s' if n > 1 else ''}" for n, word in counts if n)
    return f"{said}. `neve explain CODE` says more about a code."
