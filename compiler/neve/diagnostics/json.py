"""Findings for programs: one JSON object."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from neve.diagnostics.model import Diagnostic, Severity, Span
from neve.diagnostics.places import Places, Read


def render(findings: Iterable[Diagnostic], read: Read) -> str:
    """`diagnostics`, a list, and how many of them are `errors` and `warnings`."""
    found, places = list(findings), Places(read)
    errors = sum(1 for diagnostic in found if diagnostic.severity is Severity.ERROR)
    report = {
        "errors": errors,
        "warnings": len(found) - errors,
        "diagnostics": [_diagnostic(diagnostic, places) for diagnostic in found],
    }
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def _diagnostic(diagnostic: Diagnostic, places: Places) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "hint": diagnostic.hint or None,
        "location": _location(diagnostic.span, places) if diagnostic.span else None,
        "related": [{"message": r.message, "location": _location(r.span, places)} for r in diagnostic.related],
    }


def _location(span: Span, places: Places) -> dict[str, Any]:
    """Lines and columns from 1, columns in characters; offsets from 0; ends are exclusive."""
    return {"path": span.path, "start": span.start, "end": span.end, **asdict(places.place(span))}
