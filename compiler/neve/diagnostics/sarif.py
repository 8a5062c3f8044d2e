"""Findings as SARIF 2.1.0, which code hosts and editors read."""

import json
from collections.abc import Iterable
from typing import Any

from neve import __version__
from neve.diagnostics.codes import CODES
from neve.diagnostics.model import Diagnostic, Span
from neve.diagnostics.places import Places, Read

_PAGES = "https://github.com/neve-sql/neve/blob/main/compiler/neve/diagnostics/pages"


def render(findings: Iterable[Diagnostic], read: Read) -> str:
    """A SARIF log with one run."""
    found, places = list(findings), Places(read)
    codes = sorted({diagnostic.code for diagnostic in found})
    driver = {"name": "neve", "version": __version__, "rules": [_rule(code) for code in codes]}
    results = [_result(diagnostic, codes, places) for diagnostic in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rule(code: str) -> dict[str, Any]:
    return {"id": code, "shortDescription": {"text": CODES.get(code, code)}, "helpUri": f"{_PAGES}/{code}.md"}


def _result(diagnostic: Diagnostic, codes: list[str], places: Places) -> dict[str, Any]:
    text = f"{diagnostic.message}. {diagnostic.hint}".strip() if diagnostic.hint else diagnostic.message
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": codes.index(diagnostic.code),
        "level": diagnostic.severity.value,
        "message": {"text": text},
        "locations": [_location(diagnostic.span, places)] if diagnostic.span else [],
    }
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": number, "message": {"text": related.message}, **_location(related.span, places)}
            for number, related in enumerate(diagnostic.related, 1)
        ]
    return result


def _location(span: Span, places: Places) -> dict[str, Any]:
    place = places.place(span)
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(span.path)}, "region": region}}


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path)
