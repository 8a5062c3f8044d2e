"""A stored procedure or function as a frozen value."""

from dataclasses import dataclass
from typing import Literal

from neve.local.types import SqlType

Kind = Literal["PROCEDURE", "FUNCTION"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """`default` is an SQL expression; `out` says that a caller's variable gets the value at the end."""

    name: str
    type: SqlType
    default: str | None = None
    out: bool = False


@dataclass(frozen=True, slots=True)
class Routine:
    """What CREATE PROCEDURE or CREATE FUNCTION says after the name (fact sheet 6.1).

    `returns` is None for RETURNS TABLE(…), whose `columns` may be empty. `body` is None when the
    handler's code is in IMPORTS.
    """

    kind: Kind
    parameters: tuple[Parameter, ...]
    returns: SqlType | None
    language: str
    body: str | None
    columns: tuple[Parameter, ...] = ()
    handler: str = ""
    runtime_version: str = ""
    packages: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    strict: bool = False
    execute_as: str = "OWNER"
    secure: bool = False
    aggregate: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Creation:
    """`name` are the parts as written."""

    name: tuple[str, ...]
    routine: Routine
    replace: bool = False
    if_not_exists: bool = False
    temporary: bool = False


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a CALL: an SQL expression, by name when it was written `name => …`."""

    text: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """`name` are the parts as written."""

    name: tuple[str, ...]
    arguments: tuple[Argument, ...]
