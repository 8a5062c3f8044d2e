"""One execution of a block, as its statements know it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from neve.local.scripting.scope import ResultSet, Scope
from neve.local.scripting.signals import Raised, Signal
from neve.local.scripting.tree import Block, Handler, Statement
from neve.local.types import SqlType

if TYPE_CHECKING:
    from neve.local.session import Session


@dataclass(slots=True)
class Run:
    """One execution of `text`; `block` runs a block of it. `handlers` are those of the open blocks, innermost last;
    `caught` what handlers hold; `started` what ASYNC has begun; `last` is the statement with which a task's body ends,
    and `mark` what it marks as done.
    """

    session: "Session"
    text: str
    column: str
    returns: SqlType | None
    stop: threading.Event
    block: "Callable[[Run, Block, Scope], Signal | None]"
    handlers: list[tuple[tuple[Handler, ...], Scope]] = field(default_factory=list)
    caught: list[Raised] = field(default_factory=list)
    started: list[ResultSet] = field(default_factory=list)
    mark: str = ""
    last: Statement | None = None
