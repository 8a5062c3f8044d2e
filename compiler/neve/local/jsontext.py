"""JSON whose numbers keep the text that they are written with: a float would not hold all of their digits."""

import json
from collections.abc import Callable
from typing import Any


class Number(str):
    """A number as it is written."""

    __slots__ = ()


def read(text: str, fraction: Callable[[str], Number] = Number, pairs: Callable[..., Any] | None = None) -> Any:
    """The value of a text; `fraction` makes the numbers that are not whole, `pairs` the objects."""
    return json.loads(text, parse_float=fraction, parse_int=Number, object_pairs_hook=pairs)


def write(value: Any, line: str = "") -> str:
    """The text of a value, the keys in order; `line` is what begins a line, nothing for a text of one line."""
    inner = f"{line}  " if line else ""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict) and value:
        colon = ": " if line else ":"
        pairs = (f"{json.dumps(key, ensure_ascii=False)}{colon}{write(value[key], inner)}" for key in sorted(value))
        return f"{{{inner}{f',{inner}'.join(pairs)}{line}}}"
    if isinstance(value, list) and value:
        return f"[{inner}{f',{inner}'.join(write(item, inner) for item in value)}{line}]"
    return json.dumps(value, ensure_ascii=False)
