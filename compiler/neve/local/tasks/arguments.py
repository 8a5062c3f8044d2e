"""Reading the arguments of the history functions (fact sheet 3.7, 3.8), and counting those of others."""

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from neve.local.errors import SqlError, compilation_error, not_a_number
from neve.local.sqltext import quote_string
from neve.local.tasks import run_errors

MOST_ROWS = 10_000

Arguments = Mapping[str, object]
_Default = TypeVar("_Default", datetime, None)


def counted(functions: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """The functions, each refusing a call with too few or too many arguments."""
    return {name: partial(_call, name, function) for name, function in functions.items()}


def _call(name: str, function: Callable[..., Any], session: object, *arguments: object) -> Any:
    places = list(inspect.signature(function).parameters.values())[1:]
    least = sum(place.default is place.empty and place.kind is not place.VAR_POSITIONAL for place in places)
    most = None if any(place.kind is place.VAR_POSITIONAL for place in places) else len(places)
    written = f"{name}({', '.join(quote_string(str(argument)) for argument in arguments)})"
    if len(arguments) < least:
        raise run_errors.not_enough_arguments(written, least, len(arguments))
    if most is not None and len(arguments) > most:
        raise run_errors.too_many_arguments(written, most, len(arguments))
    return function(session, *arguments)


def named(function: str, arguments: Arguments, order: Sequence[str]) -> Arguments:
    """Arguments by name; those without names, which are called 1, 2, 3, are in this order."""
    places = [int(name) for name in arguments if name.isdigit()]
    if max(places, default=0) > len(order):
        raise run_errors.too_many_arguments(function, len(order), len(arguments))
    by_name = {order[int(name) - 1] if name.isdigit() else name: value for name, value in arguments.items()}
    check_names(function, by_name, order)
    return by_name


def check_names(function: str, arguments: Arguments, known: Collection[str]) -> None:
    """Refuses an argument that the function does not have."""
    for name in arguments:
        if name not in known:
            raise compilation_error(f"Unknown argument {name} for function {function}", 1003)


def text(arguments: Arguments, name: str) -> str | None:
    value = arguments.get(name)
    return None if value is None else str(value)


def flag(arguments: Arguments, name: str, *, default: bool = False) -> bool:
    value = arguments.get(name)
    return default if value is None else str(value).upper() == "TRUE"


def result_limit(arguments: Arguments, default: int) -> int:
    """RESULT_LIMIT: 1 to 10,000."""
    value = arguments.get("RESULT_LIMIT")
    try:
        limit = default if value is None else int(str(value))
    except ValueError:
        raise not_a_number(str(value)) from None
    if limit > MOST_ROWS:
        raise run_errors.result_limit_too_large()
    if limit < 1:
        raise run_errors.result_limit_too_small()
    return limit


def instant(arguments: Arguments, name: str, default: _Default) -> datetime | _Default:
    """A timestamp; without a zone it is UTC."""
    value = arguments.get(name)
    if value is None:
        return default
    time = value if isinstance(value, datetime) else _read_time(name, str(value))
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _read_time(name: str, value: str) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise SqlError(100035, "22007", f"Timestamp '{value}' is not recognized ({name})") from None
