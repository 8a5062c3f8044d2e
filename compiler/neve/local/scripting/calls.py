"""CALL in a block: of a procedure that the block declares, or of a stored one with OUT arguments (fact sheet 7.1)."""

import uuid
from dataclasses import replace

from neve.local.errors import compilation_error
from neve.local.result import Result
from neve.local.scripting.evaluate import coerce, evaluate, store
from neve.local.scripting.run import Run
from neve.local.scripting.scope import OwnProcedure, Scope, Variable, render, sole_reference
from neve.local.scripting.signals import Raised, Returning, uncaught
from neve.local.scripting.tree import Call, DeclareProcedure
from neve.local.scripting.values import Typed, as_result
from neve.local.types import TEXT


def declared(declaration: DeclareProcedure, scope: Scope) -> OwnProcedure:
    """The procedure sees what was declared before it, and the block's other procedures."""
    own = OwnProcedure(declaration, Scope(scope.outer, dict(scope.names)))
    others = [other for other in scope.names.values() if isinstance(other, OwnProcedure)]
    for each in (own, *others):
        own.scope.names.setdefault(each.declaration.name, each)
        each.scope.names.setdefault(declaration.name, own)
    return own


def called(run: Run, statement: Call, scope: Scope) -> Result:
    procedure = scope.find(statement.name)
    if isinstance(procedure, OwnProcedure):
        return _call_own(run, procedure, statement, scope)
    result = run.session.execute(render(statement.sql.text, scope))
    for output in result.outputs:
        for place, (name, argument) in enumerate(statement.arguments):
            if name == output.name if name else place == output.place:
                reference = sole_reference(argument)
                if reference and reference.field is None:
                    store(run.session, scope.variable(reference.name), output.value)
    return result


def _call_own(run: Run, procedure: OwnProcedure, statement: Call, scope: Scope) -> Result:
    names = _arguments(run, procedure.declaration, statement, scope)
    of_call = replace(
        run, column=statement.name, returns=procedure.declaration.returns, handlers=[], caught=[], started=[]
    )
    try:
        with run.session.deeper():
            signal = run.block(of_call, procedure.declaration.body, Scope(procedure.scope, dict(names)))
    except Raised as raised:
        raise uncaught(raised, run.text) from raised
    if not isinstance(signal, Returning):
        return as_result(statement.name, Typed(None, procedure.declaration.returns or TEXT))
    return run.session.remember(signal.result, str(uuid.uuid4()))


def _arguments(run: Run, procedure: DeclareProcedure, statement: Call, scope: Scope) -> dict[str, Variable]:
    given = [argument for name, argument in statement.arguments if name is None]
    if len(given) < len(statement.arguments):
        raise compilation_error(f"the arguments of {procedure.name} are given by place, not by name.")
    if len(given) != len(procedure.parameters):
        message = f"{procedure.name} takes {len(procedure.parameters)} arguments, not {len(given)}."
        raise compilation_error(message, 1044, "42P13")
    names = {}
    for parameter, argument in zip(procedure.parameters, given, strict=True):
        value = coerce(run.session, evaluate(run.session, argument, scope), parameter.type)
        names[parameter.name] = Variable(value, parameter.type, declared=True)
    return names
