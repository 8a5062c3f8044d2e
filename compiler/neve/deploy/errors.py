# ruff: noqa: N818 (each is named for what happened, as people say it)
"""What can go wrong beyond the user's files. Each says what happened (`message`) and what to type (`hint`)."""

NOT_THERE = frozenset({2003, 2043})
"""The codes of a refusal because something does not exist (or is not to be seen by this role)."""


class NeveError(Exception):
    """An error with an explanation. `str()` is the message alone."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Usage(NeveError):
    """A value on the command line that cannot be meant."""


class Unreachable(NeveError):
    """An account or engine that does not answer, or refuses the login."""


class SqlError(NeveError):
    """Snowflake's refusal of one statement: its code, SQLSTATE and text."""

    def __init__(self, message: str, code: int = 0, sqlstate: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.sqlstate = sqlstate


class Locked(NeveError):
    """Another apply of this project and target is at work."""


class Stale(NeveError):
    """The files or the account are no longer what the plan was made of."""


class StatementFailed(NeveError):
    """A statement of an apply failed. The message tells which one and in what state that leaves the account."""

    def __init__(self, message: str, hint: str, sent: int) -> None:
        super().__init__(message, hint)
        self.sent = sent
