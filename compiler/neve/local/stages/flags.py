"""Options that are TRUE or FALSE."""

from collections.abc import Mapping

from neve.local.errors import invalid_value


def flag(options: Mapping[str, str], name: str, default: str = "FALSE") -> bool:
    """Raises SqlError for what is neither."""
    value = options.get(name, default)
    if value.upper() not in {"TRUE", "FALSE"}:
        raise invalid_value(name, value)
    return value.upper() == "TRUE"
