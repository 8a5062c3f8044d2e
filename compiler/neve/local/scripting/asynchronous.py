"""ASYNC and AWAIT: the statement runs at once; its error waits for the AWAIT that asks for it (fact sheet 7.1)."""

from collections.abc import Callable

from neve.local.errors import SqlError, cancelled, invalid_identifier
from neve.local.result import Result
from neve.local.scripting.run import Run
from neve.local.scripting.scope import ResultSet, Scope
from neve.local.scripting.tree import Await


def start(run: Run, target: ResultSet, execute: Callable[[], Result]) -> None:
    run.started.append(target)
    try:
        target.result, target.error = execute(), None
    except SqlError as error:
        if error.code == cancelled().code:
            raise
        target.result, target.error = None, error


def wait(run: Run, statement: Await, scope: Scope) -> None:
    """AWAIT raises the first error; CANCEL drops it."""
    waited = run.started if statement.name is None else [_named(statement.name, scope)]
    run.started = [each for each in run.started if not any(each is other for other in waited)]
    errors = [each.error for each in waited if each.error]
    if errors and not statement.cancels:
        raise errors[0]


def _named(name: str, scope: Scope) -> ResultSet:
    found = scope.find(name)
    if not isinstance(found, ResultSet):
        raise invalid_identifier(name)
    return found
