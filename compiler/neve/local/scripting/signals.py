"""How a statement leaves its place: by a jump, with a value, or with an exception."""

from dataclasses import dataclass
from typing import Literal

from neve.local.errors import SqlError, line_and_position
from neve.local.result import Result
from neve.local.scripting.tree import DeclareException

STATEMENT_ERROR, EXPRESSION_ERROR = "STATEMENT_ERROR", "EXPRESSION_ERROR"


@dataclass(frozen=True, slots=True)
class Leaving:
    kind: Literal["BREAK", "CONTINUE"]
    label: str | None


@dataclass(frozen=True, slots=True)
class Returning:
    """The block's result, already with its column."""

    result: Result


Signal = Leaving | Returning


class Raised(Exception):  # noqa: N818 - Snowflake's own word
    """An exception of a block on its way to a handler. `declared` is the user's EXCEPTION, if it is one."""

    def __init__(self, kind: str, at: int, error: SqlError, declared: DeclareException | None = None) -> None:
        super().__init__(error.message)
        self.kind = kind
        self.at = at
        self.error = error
        self.declared = declared


def uncaught(raised: Raised, text: str) -> SqlError:
    """What the statement answers when no handler took the exception."""
    line, position = line_and_position(text, raised.at)
    return SqlError(
        raised.error.code,
        raised.error.sqlstate,
        f"Uncaught exception of type '{raised.kind}' on line {line} at position {position} : {raised.error.message}",
    )
