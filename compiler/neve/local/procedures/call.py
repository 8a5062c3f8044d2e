"""CALL: which procedure, with which values, and what comes back (fact sheet 4.2, 6.1)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from neve.local.errors import SqlError, compilation_error, unsupported
from neve.local.marks import unmarked
from neve.local.procedures import catalog, python
from neve.local.procedures.grammar import read_anonymous, read_call
from neve.local.procedures.routine import Argument, Parameter, Routine
from neve.local.reader import Reader
from neve.local.result import Column, Output, Result, from_rows
from neve.local.scripting.evaluate import coerce
from neve.local.scripting.interpret import run_block
from neve.local.scripting.scope import Variable
from neve.local.scripting.values import Typed
from neve.local.sqltext import QualifiedName, Statement, resolve

if TYPE_CHECKING:
    from neve.local.session import Session


@dataclass(frozen=True, slots=True)
class _Choice:
    """A procedure, and the argument that each parameter gets; None is NULL for one that has neither."""

    name: QualifiedName
    routine: Routine
    arguments: tuple[Argument, ...]


def call_statement(session: "Session", statement: Statement) -> Result:
    """CALL name(…)"""
    call = read_call(Reader.over(statement))
    name = resolve(session, call.name)
    candidates = [
        _Choice(name, stored.routine, arguments)
        for stored in catalog.overloads(session, "PROCEDURE", name)
        if (arguments := _matched(stored.routine.parameters, call.arguments)) is not None
    ]
    if not candidates:
        raise _unknown(session, name)
    return _run_best(session, candidates)


def call_anonymous(session: "Session", statement: Statement) -> Result:
    """WITH name AS PROCEDURE … CALL name(…)"""
    routine, parts, call = read_anonymous(Reader.over(statement))
    arguments = _matched(routine.parameters, call.arguments)
    if arguments is None:
        raise compilation_error(f"the arguments of CALL {parts[0]} do not fit its parameters.", 1044, "42P13")
    python.check(routine)
    return _run_best(session, [_Choice(resolve(session, parts), routine, arguments)])


def _unknown(session: "Session", name: QualifiedName) -> SqlError:
    known = catalog.overloads(session, "PROCEDURE", name)
    if name.name.startswith("SYSTEM$"):
        return unsupported(name.name)
    if not known:
        return compilation_error(f"Unknown user-defined function {name}.", 2141, "42601")
    forms = ", ".join(f"{name.name}{stored.signature}" for stored in known)
    return compilation_error(f"the arguments of CALL {name} do not fit its parameters: {forms}.", 1044, "42P13")


# Arguments --------------------------------------------------------------------------------------------
def _matched(parameters: Sequence[Parameter], given: Sequence[Argument]) -> tuple[Argument, ...] | None:
    """The argument of each parameter in order, defaults included; None if they do not fit."""
    by_name = {argument.name: argument for argument in given if argument.name is not None}
    by_place = [argument for argument in given if argument.name is None]
    if len(by_place) > len(parameters):
        return None
    found: list[Argument] = []
    for index, parameter in enumerate(parameters):
        if index < len(by_place):
            found.append(by_place[index])
        elif parameter.name in by_name:
            found.append(by_name.pop(parameter.name))
        elif parameter.default is not None:
            found.append(Argument(parameter.default))
        else:
            return None
    return None if by_name else tuple(found)


def _run_best(session: "Session", candidates: Sequence[_Choice]) -> Result:
    values = [_evaluated(session, choice.arguments) for choice in candidates]
    fits = [_distance(choice.routine, given) for choice, given in zip(candidates, values, strict=True)]
    best = min(range(len(candidates)), key=fits.__getitem__)
    choice = candidates[best]
    pairs = zip(values[best], choice.routine.parameters, strict=True)
    return _run(session, choice, [coerce(session, value, parameter.type) for value, parameter in pairs])


def _evaluated(session: "Session", arguments: Sequence[Argument]) -> list[Typed]:
    if not arguments:
        return []
    result = session.run(f"SELECT {', '.join(argument.text for argument in arguments)}")
    if len(result.rows) != 1 or len(result.columns) != len(arguments):
        raise compilation_error("an argument of CALL must be one value.")
    return [Typed(value, column.type) for value, column in zip(result.rows[0], result.columns, strict=True)]


def _distance(routine: Routine, given: Sequence[Typed]) -> int:
    """How many arguments are not of their parameter's type."""
    return sum(v.type.kind != p.type.kind for v, p in zip(given, routine.parameters, strict=True))


# Running ----------------------------------------------------------------------------------------------
def _run(session: "Session", choice: _Choice, values: Sequence[Typed]) -> Result:
    routine, name = choice.routine, choice.name
    if routine.strict and any(value.value is None for value in values):
        return _null(routine, name.name)
    with session.deeper(), _rights(session, routine, name):
        if routine.language == "PYTHON":
            with unmarked(session):
                return python.call(session, routine, name, [value.value for value in values])
        if routine.body is None:
            raise unsupported("A procedure without a body")
        pairs = zip(routine.parameters, values, strict=True)
        names = {parameter.name: Variable(value, value.type, declared=True) for parameter, value in pairs}
        result = run_block(session, routine.body, names, name.name, routine.returns)
    outputs = [Output(i, p.name, names[p.name].value) for i, p in enumerate(routine.parameters) if p.out]
    return replace(result, outputs=tuple(outputs))


def _null(routine: Routine, column: str) -> Result:
    if routine.returns is None:
        return from_rows([(each.name, each.type) for each in routine.columns], [])
    return from_rows([Column(column, routine.returns)], [(None,)])


@contextmanager
def _rights(session: "Session", routine: Routine, name: QualifiedName) -> Iterator[None]:
    """An owner's-rights procedure runs in its own database and schema; in it, as in any in SQL, a function with
    side effects is refused (fact sheet 4.2).
    """
    before = session.database, session.schema, session.in_procedure, session.owners_rights
    owned = routine.execute_as == "OWNER"
    session.owners_rights = before[3] or owned
    if owned:
        session.database, session.schema = name.database, name.schema
    session.in_procedure = before[2] or owned or routine.language == "SQL"
    try:
        yield
    finally:
        session.in_procedure, session.owners_rights = before[2:]
        if owned:
            session.database, session.schema = before[:2]
