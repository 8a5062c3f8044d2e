"""A full disk, by what DuckDB, SQLite and the system say of one."""

_SIGNS = ("no space left on device", "disk is full", "file too large", "disk quota exceeded")
ADVICE = "free some space on its disk, and run it again"


def is_full(error: BaseException) -> bool:
    return any(sign in str(error).lower() for sign in _SIGNS)
