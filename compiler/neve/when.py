"""Snowflake's conditions: the names in them, and the short forms neve has for its functions (fact sheet 4.1)."""

import re
from collections.abc import Callable, Iterator

_CALL = re.compile(
    r"(?P<function>(?:system\$)?\w+)\s*\(\s*'(?P<name>(?:[^']|'')*)'\s*\)|'(?:[^']|'')*'",
    re.IGNORECASE,
)
_LONG = {"RETURN_VALUE": "SYSTEM$GET_PREDECESSOR_RETURN_VALUE", "STREAM_HAS_DATA": "SYSTEM$STREAM_HAS_DATA"}
_OF_TASKS = {"SYSTEM$GET_PREDECESSOR_RETURN_VALUE", "SYSTEM$TASK_COMPLETION_STATE"}
_OF_STREAMS = {"SYSTEM$STREAM_HAS_DATA"}


def asked(condition: str) -> Iterator[str]:
    """The tasks whose return value or state a condition asks for, as written."""
    return (name for function, name in _calls(condition) if function in _OF_TASKS)


def streams(condition: str) -> Iterator[str]:
    """The streams that a condition asks for, as written."""
    return (name for function, name in _calls(condition) if function in _OF_STREAMS)


def spell_out(condition: str, task: Callable[[str], str], stream: Callable[[str], str]) -> str:
    """The condition as Snowflake takes it: long forms, and names as `task` and `stream` give them."""

    def written(found: re.Match[str]) -> str:
        function, name = _function(found), found["name"]
        if function in _OF_TASKS:
            return f"{function}('{task(name)}')"
        if function in _OF_STREAMS:
            return f"{function}('{stream(name)}')"
        return found[0]

    return _CALL.sub(written, condition.strip())


def _function(found: re.Match[str]) -> str:
    name = (found["function"] or "").upper()
    return _LONG.get(name, name)


def _calls(condition: str) -> Iterator[tuple[str, str]]:
    return ((_function(found), found["name"]) for found in _CALL.finditer(condition) if found["function"])
