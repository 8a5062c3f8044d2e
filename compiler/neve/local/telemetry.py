"""SYSTEM$LOG and its like: what code says of itself. There is no event table; it goes to the engine's log."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from neve.local.errors import compilation_error

if TYPE_CHECKING:
    from neve.local.session import Session

log = logging.getLogger("neve.local.user")

TRACE = 5
_LEVELS = {"TRACE": TRACE, "DEBUG": 10, "INFO": 20, "WARN": 30, "ERROR": 40, "FATAL": 50}


def write(_session: "Session", level: object, message: object = None) -> None:
    """SYSTEM$LOG('level', 'message')"""
    number = _LEVELS.get(str(level).upper())
    if number is None:
        levels = ", ".join(_LEVELS)
        raise compilation_error(f"Invalid log level '{level}' for SYSTEM$LOG. Valid levels are: {levels}.")
    log.log(number, "%s", message)


def _at(level: str) -> "Callable[[Session, object], None]":
    """SYSTEM$LOG_INFO('message') and the others."""
    return partial(_write_at, level)


def _write_at(level: str, session: "Session", message: object) -> None:
    write(session, level, message)


def event(_session: "Session", name: object, attributes: object = None) -> None:
    """SYSTEM$ADD_EVENT('name', {attributes})"""
    log.info("event %s %s", name, attributes)


def span_attributes(_session: "Session", attributes: object) -> None:
    """SYSTEM$SET_SPAN_ATTRIBUTES({attributes})"""
    log.info("span %s", attributes)


FUNCTIONS: Mapping[str, Callable[..., None]] = {
    "SYSTEM$LOG": write,
    **{f"SYSTEM$LOG_{level}": _at(level) for level in _LEVELS},
    "SYSTEM$ADD_EVENT": event,
    "SYSTEM$SET_SPAN_ATTRIBUTES": span_attributes,
}
