"""CONFIG: a JSON object kept as written, merged with USING CONFIG, read by path (fact sheet 2.4, 4.4)."""

import json
import re
from collections.abc import Sequence
from typing import Any

from neve.local.tasks import refusals, run_errors

_STEP = re.compile(
    r'\[\s*(?P<index>\d+)\s*\]|\[\s*\'(?P<key>(?:[^\']|\'\')*)\'\s*\]|"(?P<quoted>(?:[^"]|"")*)"|(?P<name>[\w$]+)'
)


class Number(str):
    """A JSON number, as written."""

    __slots__ = ()


def parse_config(text: str) -> dict[str, Any]:
    """The object that `text` says, numbers as written. Raises SqlError unless it is a JSON object."""
    try:
        value = json.loads(text, parse_int=Number, parse_float=Number, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise refusals.bad_config() from None
    if not isinstance(value, dict):
        raise refusals.bad_config()
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`base` with the fields of `over`: objects are merged field by field, anything else is replaced."""
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        merged[key] = merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def merge_texts(base: str | None, over: str | None) -> str | None:
    """The config of a run, as text: `base` as written when nothing overrides it."""
    if over is None:
        return base
    return compact(merge(parse_config(base) if base else {}, parse_config(over)))


def compact(value: Any) -> str:
    """JSON without blanks, numbers as they were written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{compact(key)}:{compact(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def read_path(config: str | None, path: str | None) -> str | None:
    """What SYSTEM$GET_TASK_GRAPH_CONFIG(path) gives: text, or None when there is nothing at that path."""
    if config is None:
        return None
    value: Any = parse_config(config)
    for step in [] if path is None else parse_path(path):
        value = _follow(value, step)
    if value is None or isinstance(value, str):
        return None if value is None else str(value)
    return compact(value)


def _follow(value: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return value[step] if isinstance(value, list) and step < len(value) else None
    return value.get(step) if isinstance(value, dict) else None


def parse_path(path: str) -> Sequence[str | int]:
    """The steps of a GET_PATH path: `a.b[0]."odd key"`, `['key']`. Raises SqlError."""
    steps: list[str | int] = []
    position = 0
    while position < len(path):
        if path[position] == "." and steps:
            position += 1
        match = _STEP.match(path, position)
        if match is None or (match["name"] and steps and path[position - 1] != "."):
            raise run_errors.bad_path(path, position)
        steps.append(_step(match))
        position = match.end()
    return steps


def _step(match: re.Match[str]) -> str | int:
    if match["index"] is not None:
        return int(match["index"])
    if match["key"] is not None:
        return match["key"].replace("''", "'")
    if match["quoted"] is not None:
        return match["quoted"].replace('""', '"')
    return match["name"]
