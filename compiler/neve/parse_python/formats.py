"""Python's older ways to put values into a text: `%` and `format`."""

import re
import string
from collections.abc import Mapping, Sequence

_DIRECTIVE = re.compile(r"%(?:\((?P<name>[^)]*)\))?(?P<kind>[sdirfg%])")


def percent(text: str, values: Sequence[str], named: Mapping[str, str]) -> str | None:
    """`text % values`, or `text % named`; None when they do not fit."""
    left = iter(values)

    def filled(found: re.Match[str]) -> str:
        if found["kind"] == "%":
            return "%"
        return named[found["name"]] if found["name"] is not None else next(left)

    try:
        made = _DIRECTIVE.sub(filled, text)
    except (KeyError, StopIteration, RuntimeError):
        return None
    return made if next(left, None) is None else None


def formatted(text: str, values: Mapping[str, str]) -> str | None:
    """`text.format(...)` for values by name or number; None when one is missing, or is asked for otherwise."""
    pieces: list[str] = []
    count = 0
    try:
        for literal, field, form, conversion in string.Formatter().parse(text):
            pieces.append(literal)
            if field is not None:
                pieces.append(values[field or str(count)])
                count += not field
                if form or conversion:
                    return None
    except (KeyError, ValueError):
        return None
    return "".join(pieces)
