"""Reading the named arguments of the history functions (fact sheet 3.7, 3.8)."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from neve.local.errors import SqlError, compilation_error
from neve.local.tasks import run_errors

MOST_ROWS = 10_000

Arguments = Mapping[str, object]


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
    limit = default if value is None else int(str(value))
    if limit > MOST_ROWS:
        raise run_errors.result_limit_too_large()
    if limit < 1:
        raise run_errors.result_limit_too_small()
    return limit


def instant(arguments: Arguments, name: str, default: datetime) -> datetime:
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
