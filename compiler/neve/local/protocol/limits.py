"""What a request says for its own statements only: parameters, and how long they may take."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from neve.local.context import check_value, parameter_text
from neve.local.errors import SqlError, unsupported
from neve.local.parameters import FIXED, PARAMETERS, overriding

if TYPE_CHECKING:
    from neve.local.session import Session

_LONGEST = 172_800
"""Seconds: Snowflake's limit and default, for which no timer has to run."""
_CANCELLED = 604


@contextmanager
def limited(session: "Session", parameters: Mapping[str, Any] | None) -> Iterator[None]:
    """Inside, these parameters count in this thread, and what takes longer than STATEMENT_TIMEOUT_IN_SECONDS is
    cancelled. Raises SqlError.
    """
    with overriding(_own(session, parameters or {})):
        seconds = min(int(session.parameter("STATEMENT_TIMEOUT_IN_SECONDS")) or _LONGEST, _LONGEST)
        with _timed(session, seconds) if seconds < _LONGEST else nullcontext():
            yield


def _own(session: "Session", parameters: Mapping[str, Any]) -> dict[str, str]:
    """Those that the engine knows; clients send others too."""
    given = {name.upper(): parameter_text(value) for name, value in parameters.items()}
    known = {name: value for name, value in given.items() if name in PARAMETERS}
    for name, value in known.items():
        check_value(name, value)
        if name in {*FIXED, "TIMEZONE", "AUTOCOMMIT"} and value.upper() != session.parameter(name).upper():
            raise unsupported(f"{name} as a parameter of one statement")
    return known


@contextmanager
def _timed(session: "Session", seconds: int) -> Iterator[None]:
    expired = threading.Event()

    def expire() -> None:
        expired.set()
        session.cancel()

    timer = threading.Timer(seconds, expire)
    timer.daemon = True
    timer.start()
    try:
        yield
    except SqlError as error:
        if expired.is_set() and error.code == _CANCELLED:
            raise _timed_out(seconds) from error
        raise
    finally:
        timer.cancel()


def _timed_out(seconds: int) -> SqlError:
    message = f"Statement reached its statement or warehouse timeout of {seconds} second(s) and was canceled."
    return SqlError(630, "57014", message)
