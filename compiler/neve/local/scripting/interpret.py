"""Walks a Block (fact sheet 7.1).

Each kind of statement is one function: (run, statement, scope) -> how it leaves, None for going on.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import SqlError, compilation_error, invalid_identifier
from neve.local.marks import unmarked
from neve.local.result import Result
from neve.local.scripting import asynchronous, statements
from neve.local.scripting.evaluate import coerce, number, truth
from neve.local.scripting.parser import parse
from neve.local.scripting.run import Run
from neve.local.scripting.scope import Cursor, Row, Scope, Variable, rows_of
from neve.local.scripting.signals import STATEMENT_ERROR, Leaving, Raised, Returning, Signal, uncaught
from neve.local.scripting.tree import (
    Assign,
    Async,
    Await,
    Block,
    Branch,
    Call,
    Case,
    Close,
    DeclareException,
    ExecuteImmediate,
    Fetch,
    ForRange,
    ForRows,
    Handler,
    If,
    Jump,
    Let,
    Log,
    Loop,
    Nothing,
    Open,
    Query,
    Raise,
    Return,
    ReturnTable,
    Sql,
    Statement,
    Template,
)
from neve.local.scripting.values import NULL, Typed, as_result, typed
from neve.local.types import BOOLEAN, NUMBER, TEXT, SqlType

if TYPE_CHECKING:
    from neve.local.session import Session

ANONYMOUS = "anonymous block"
_CANCELLED = SqlError(604, "57014", "SQL execution canceled")
_OTHER = "OTHER"


def run(session: "Session", text: str) -> Result:
    """The result of a block; raises SqlError, for what no handler took with "Uncaught exception of type …"."""
    return run_block(session, text, {}, ANONYMOUS, None)


def run_block(
    session: "Session", text: str, arguments: Mapping[str, Variable], column: str, returns: SqlType | None
) -> Result:
    """As `run`, with named arguments; `column` names the result, `returns` is its type when that is declared."""
    block = parse(text)
    stop = threading.Event()
    session.cancellers.add(stop.set)
    scope = Scope(Scope(names=_builtins()), dict(arguments))
    try:
        with unmarked(session) as mark:
            run = Run(session, text, column, returns, stop, _block, mark=mark, last=_last(block))
            signal = _block(run, block, scope)
    except Raised as raised:
        raise uncaught(raised, text) from raised
    finally:
        session.cancellers.discard(stop.set)
    return signal.result if isinstance(signal, Returning) else as_result(column, NULL)


def _last(block: Block) -> Statement | None:
    """The SQL after which nothing is left to do, but to return a value."""
    for statement in reversed(block.body):
        if isinstance(statement, Sql | Call):
            return statement
        if not isinstance(statement, Return) or isinstance(statement.value, Query):
            break
    return None


def _builtins() -> dict[str, Any]:
    kinds = {
        "SQLROWCOUNT": NUMBER,
        "ACTIVITY_COUNT": NUMBER,
        "SQLFOUND": BOOLEAN,
        "SQLNOTFOUND": BOOLEAN,
        "SQLID": TEXT,
    }
    return {name: Variable(Typed(None, kind), kind, declared=True) for name, kind in kinds.items()}


# Blocks, handlers -------------------------------------------------------------------------------------
def _block(run: Run, block: Block, scope: Scope) -> Signal | None:
    inner, depth = Scope(scope), len(run.handlers)
    run.handlers.append((block.handlers, inner))
    try:
        for declaration in block.declarations:
            _step(run, Let(declaration.at, declaration), inner)
        return _body(run, block.body, inner)
    except Raised as raised:
        del run.handlers[depth:]
        handler = _handler_of(block.handlers, inner, raised)
        if handler is None:
            raise
        return _handle(run, handler, raised, inner)
    finally:
        del run.handlers[depth:]


def _body(run: Run, body: Iterable[Statement], scope: Scope) -> Signal | None:
    for statement in body:
        if signal := _step(run, statement, scope):
            return signal
    return None


def _step(run: Run, statement: Statement, scope: Scope) -> Signal | None:
    if run.stop.is_set():
        raise _CANCELLED
    run.session.mark = run.mark if statement is run.last else ""
    try:
        return _EXECUTE[type(statement)](run, statement, scope)
    except SqlError as error:
        if error.code == _CANCELLED.code:
            raise
        raised = Raised(STATEMENT_ERROR, statement.at, error)
    except Raised as error:
        raised = error
    return _go_on(run, raised)


def _go_on(run: Run, raised: Raised) -> Signal | None:
    """Handle `raised` here if the innermost handler for it is of the CONTINUE form, else pass it on."""
    for depth in reversed(range(len(run.handlers))):
        handlers, scope = run.handlers[depth]
        handler = _handler_of(handlers, scope, raised)
        if handler is None:
            continue
        if not handler.goes_on:
            break
        kept, run.handlers = run.handlers, run.handlers[:depth]
        try:
            return _handle(run, handler, raised, scope)
        finally:
            run.handlers = kept
    raise raised


def _handler_of(handlers: Iterable[Handler], scope: Scope, raised: Raised) -> Handler | None:
    for handler in handlers:
        for name in handler.names:
            if name in {_OTHER, raised.kind} and (raised.declared is None or name == _OTHER):
                return handler
            if raised.declared is not None and scope.find(name) is raised.declared:
                return handler
    return None


def _handle(run: Run, handler: Handler, raised: Raised, scope: Scope) -> Signal | None:
    error = raised.error
    facts = {"SQLCODE": typed(error.code), "SQLERRM": typed(error.message), "SQLSTATE": typed(error.sqlstate)}
    names = {name: Variable(value, value.type, declared=True) for name, value in facts.items()}
    run.caught.append(raised)
    try:
        return _body(run, handler.body, Scope(scope, dict(names)))
    finally:
        run.caught.pop()


def _raise(run: Run, statement: Raise, scope: Scope) -> None:
    if statement.name is None:
        if not run.caught:
            raise compilation_error("RAISE without a name can only stand in an exception handler.")
        raise run.caught[-1]
    declared = scope.find(statement.name)
    if not isinstance(declared, DeclareException):
        raise invalid_identifier(statement.name)
    error = SqlError(declared.code, "P0001", declared.message)
    raise Raised(declared.name, statement.at, error, declared)


# Branches, loops, leaving -----------------------------------------------------------------------------
def _if(run: Run, statement: If, scope: Scope) -> Signal | None:
    for branch in statement.branches:
        if truth(run.session, branch.condition, scope):
            return _body(run, branch.body, Scope(scope))
    return _body(run, statement.otherwise, Scope(scope))


def _case(run: Run, statement: Case, scope: Scope) -> Signal | None:
    for branch in statement.branches:
        if _chosen(run, statement.subject, branch, scope):
            return _body(run, branch.body, Scope(scope))
    return _body(run, statement.otherwise, Scope(scope))


def _chosen(run: Run, subject: Template | None, branch: Branch, scope: Scope) -> bool:
    if subject is None:
        return truth(run.session, branch.condition, scope)
    parts = ("(", *subject.parts, ") = (", *branch.condition.parts, ")")
    return truth(run.session, Template(branch.condition.at, parts), scope)


def _for_rows(run: Run, statement: ForRows, scope: Scope) -> Signal | None:
    found = scope.find(statement.source)
    if isinstance(found, Cursor) and found.result is None:
        result = statements.opened(run, found, (), scope)
        found.result, found.looped = None, True
    else:
        result = scope.result_of(statement.source)
    return _repeat(run, ({statement.name: row} for row in rows_of(result)), statement, scope)


def _for_range(run: Run, statement: ForRange, scope: Scope) -> Signal | None:
    first, last = number(run.session, statement.first, scope), number(run.session, statement.last, scope)
    counted = range(last, first - 1, -1) if statement.downwards else range(first, last + 1)
    return _repeat(
        run, ({statement.name: Variable(typed(i), NUMBER, declared=True)} for i in counted), statement, scope
    )


def _loop(run: Run, statement: Loop, scope: Scope) -> Signal | None:
    return _repeat(run, _turns(run, statement, scope), statement, scope)


def _turns(run: Run, statement: Loop, scope: Scope) -> Iterable[dict[str, Any]]:
    """One empty set of names a turn; conditions are asked before or after it."""
    while statement.before is None or truth(run.session, statement.before, scope):
        yield {}
        if statement.until is not None and truth(run.session, statement.until, scope):
            break


def _repeat(
    run: Run, turns: Iterable[dict[str, Variable | Row]], loop: ForRows | ForRange | Loop, scope: Scope
) -> Signal | None:
    for names in turns:
        if run.stop.is_set():
            raise _CANCELLED
        signal = _body(run, loop.body, Scope(scope, dict(names)))
        if isinstance(signal, Leaving) and signal.label in {None, loop.label}:
            if signal.kind == "BREAK":
                return None
        elif signal is not None:
            return signal
    return None


def _jump(_run: Run, statement: Jump, _scope: Scope) -> Signal:
    return Leaving(statement.kind, statement.label)


def _nothing(_run: Run, _statement: Nothing, _scope: Scope) -> None:
    return None


def _return(run: Run, statement: Return, scope: Scope) -> Signal:
    value = NULL if statement.value is None else statements.value_of(run, statement.value, scope)
    return Returning(as_result(run.column, coerce(run.session, value, run.returns) if run.returns else value))


def _return_table(run: Run, statement: ReturnTable, scope: Scope) -> Signal:
    return Returning(statements.rows_for(run, statement.value, scope))


_EXECUTE: Mapping[type, Callable[[Run, Any, Scope], Signal | None]] = {
    Assign: statements.assign,
    Async: statements.start,
    Await: asynchronous.wait,
    Block: _block,
    Call: statements.call,
    Case: _case,
    Close: statements.close,
    ExecuteImmediate: statements.sql,
    Fetch: statements.fetch,
    ForRange: _for_range,
    ForRows: _for_rows,
    If: _if,
    Jump: _jump,
    Let: statements.let,
    Log: statements.log,
    Loop: _loop,
    Nothing: _nothing,
    Open: statements.open_cursor,
    Raise: _raise,
    Return: _return,
    ReturnTable: _return_table,
    Sql: statements.sql,
}
