"""The states of task runs and graph runs, and what PREDECESSORS_STATE asks of them (fact sheet 3.2, 3.3, 3.7)."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum


class State(StrEnum):
    SCHEDULED = "SCHEDULED"
    EXECUTING = "EXECUTING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    FAILED_AND_AUTO_SUSPENDED = "FAILED_AND_AUTO_SUSPENDED"
    CANCELLED = "CANCELLED"
    SKIPPED = "SKIPPED"
    NOT_EXECUTED = "NOT_EXECUTED"
    """Decided not to run: it has no row in TASK_HISTORY."""


UNFINISHED = frozenset({State.SCHEDULED, State.EXECUTING})
FAILURES = frozenset({State.FAILED, State.FAILED_AND_AUTO_SUSPENDED})
HANDLED = frozenset({State.SUCCEEDED, State.SKIPPED})
STARTED = frozenset({State.SUCCEEDED}) | FAILURES


def _each(allowed: frozenset[State]) -> Callable[[Sequence[State]], bool]:
    return lambda states: all(state in allowed for state in states)


def _some(wanted: frozenset[State]) -> Callable[[Sequence[State]], bool]:
    return lambda states: any(state in wanted for state in states)


SUCCESS = frozenset({State.SUCCEEDED})

CONDITIONS: Mapping[str, Callable[[Sequence[State]], bool]] = {
    "ALL_SUCCEEDED": _each(SUCCESS),
    "ALL_FAILED": _each(FAILURES),
    "ALL_DONE": lambda _: True,
    "ALL_SKIPPED": _each(frozenset({State.SKIPPED})),
    "AT_LEAST_ONE_FAILED": _some(FAILURES),
    "AT_LEAST_ONE_SUCCEEDED": _some(SUCCESS),
    "NONE_FAILED": _each(HANDLED),
    "NONE_FAILED_MIN_ONE_SUCCEEDED": lambda states: _each(HANDLED)(states) and _some(SUCCESS)(states),
    "NONE_SKIPPED": _each(STARTED),
}
"""SYSTEM$PREDECESSORS_STATE's conditions over the states of the live predecessors, all of them finished."""
