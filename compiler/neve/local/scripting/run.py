"""One execution of a block, as its statements know it."""

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from neve.local.scripting.scope import Scope
from neve.local.scripting.signals import Raised
from neve.local.scripting.tree import Handler
from neve.local.types import SqlType

if TYPE_CHECKING:
    from neve.local.session import Session


@dataclass(slots=True)
class Run:
    """One execution. `handlers` are those of the open blocks, innermost last; `caught` what handlers hold."""

    session: "Session"
    column: str
    returns: SqlType | None
    stop: threading.Event
    handlers: list[tuple[tuple[Handler, ...], Scope]] = field(default_factory=list)
    caught: list[Raised] = field(default_factory=list)
