"""Findings as workflow commands of GitHub Actions, which show them beside the changed lines."""

from collections.abc import Iterable

from neve.diagnostics.codes import CODES
from neve.diagnostics.model import Diagnostic
from neve.diagnostics.places import Places, Read


def render(findings: Iterable[Diagnostic], read: Read) -> str:
    """One line a finding."""
    places = Places(read)
    return "".join(f"{_line(diagnostic, places)}\n" for diagnostic in findings)


def _line(diagnostic: Diagnostic, places: Places) -> str:
    properties = {"title": f"{diagnostic.code} {CODES.get(diagnostic.code, '')}".strip()}
    if diagnostic.span:
        place = places.place(diagnostic.span)
        properties["file"] = diagnostic.span.path
        properties |= {"line": str(place.line), "endLine": str(place.end_line)}
        if place.line == place.end_line:
            properties |= {"col": str(place.column), "endColumn": str(place.end_column)}
    written = ",".join(f"{key}={_escape(value, property_=True)}" for key, value in sorted(properties.items()))
    message = f"{diagnostic.message}\n{diagnostic.hint}".rstrip()
    return f"::{diagnostic.severity.value} {written}::{_escape(message)}"


def _escape(text: str, *, property_: bool = False) -> str:
    """`text` on one line, without what would steer a terminal that shows the log."""
    text = "".join(c if c.isprintable() or c in "\r\n" else "�" for c in text)
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_ else text
