"""Walks a Block: each kind of statement is one function from (run, statement, scope) to how it leaves (fact sheet 7.1)."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from neve.local.errors import SqlError, compilation_error, invalid_identifier, syntax_error
from neve.local.result import DML, Column, Result, from_rows
from neve.local.scripting.evaluate import coerce, evaluate, number, scalar, truth
from neve.local.scripting.parser import parse
from neve.local.scripting.scope import Cursor, ResultSet, Row, Scope, Variable, render, rows_of, sole_reference
from neve.local.scripting.signals import STATEMENT_ERROR, Leaving, Raised, Returning, Signal, uncaught
from neve.local.scripting.tree import (
    Assign,
    Block,
    Branch,
    Case,
    Close,
    Declaration,
    DeclareCursor,
    DeclareException,
    DeclareResultSet,
    DeclareVariable,
    ExecuteImmediate,
    Fetch,
    ForRange,
    ForRows,
    Handler,
    If,
    Jump,
    Let,
    Loop,
    Nothing,
    Open,
    Query,
    Raise,
    Return,
    Sql,
    Statement,
    Template,
    Value,
)
from neve.local.scripting.values import NULL, Typed, typed
from neve.local.types import BOOLEAN, NUMBER, TEXT, SqlType, parse_type

if TYPE_CHECKING:
    from neve.local.session import Session

ANONYMOUS = "anonymous block"
_CANCELLED = SqlError(604, "57014", "SQL execution canceled")
_OTHER = "OTHER"


@dataclass(slots=True)
class _Run:
    """One execution. `handlers` are those of the open blocks, innermost last; `caught` what handlers hold."""

    session: "Session"
    column: str
    returns: SqlType | None
    stop: threading.Event
    handlers: list[tuple[tuple[Handler, ...], Scope]] = field(default_factory=list)
    caught: list[Raised] = field(default_factory=list)


def run(session: "Session", text: str) -> Result:
    """The result of a block; raises SqlError, for what no handler took with "Uncaught exception of type …"."""
    return run_block(session, text, {}, ANONYMOUS, None)


def run_block(
    session: "Session", text: str, arguments: Mapping[str, Typed], column: str, returns: SqlType | None
) -> Result:
    """As `run`, with named arguments; `column` names the result, `returns` is its type when that is declared."""
    block = parse(text)
    stop = threading.Event()
    session.cancellers.add(stop.set)
    names = {name: Variable(value, value.type, declared=True) for name, value in arguments.items()}
    scope = Scope(Scope(names=_builtins()), dict(names))
    try:
        signal = _block(_Run(session, column, returns, stop), block, scope)
    except Raised as raised:
        raise uncaught(raised, text) from raised
    finally:
        session.cancellers.discard(stop.set)
    return signal.result if isinstance(signal, Returning) else _single(column, NULL)


def _builtins() -> dict[str, Any]:
    kinds = {"SQLROWCOUNT": NUMBER, "ACTIVITY_COUNT": NUMBER, "SQLFOUND": BOOLEAN, "SQLNOTFOUND": BOOLEAN, "SQLID": TEXT}
    return {name: Variable(Typed(None, kind), kind, declared=True) for name, kind in kinds.items()}


def _single(column: str, value: Typed) -> Result:
    return from_rows([Column(column, value.type)], [(value.value,)])


# Blocks, handlers -------------------------------------------------------------------------------------
def _block(run: _Run, block: Block, scope: Scope) -> Signal | None:
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


def _body(run: _Run, statements: Iterable[Statement], scope: Scope) -> Signal | None:
    for statement in statements:
        if signal := _step(run, statement, scope):
            return signal
    return None


def _step(run: _Run, statement: Statement, scope: Scope) -> Signal | None:
    if run.stop.is_set():
        raise _CANCELLED
    try:
        return _EXECUTE[type(statement)](run, statement, scope)
    except SqlError as error:
        if error.code == _CANCELLED.code:
            raise
        raised = Raised(STATEMENT_ERROR, statement.at, error)
    except Raised as error:
        raised = error
    return _go_on(run, raised)


def _go_on(run: _Run, raised: Raised) -> Signal | None:
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


def _handle(run: _Run, handler: Handler, raised: Raised, scope: Scope) -> Signal | None:
    error = raised.error
    facts = {"SQLCODE": typed(error.code), "SQLERRM": typed(error.message), "SQLSTATE": typed(error.sqlstate)}
    names = {name: Variable(value, value.type, declared=True) for name, value in facts.items()}
    run.caught.append(raised)
    try:
        return _body(run, handler.body, Scope(scope, dict(names)))
    finally:
        run.caught.pop()


def _raise(run: _Run, statement: Raise, scope: Scope) -> None:
    if statement.name is None:
        if not run.caught:
            raise compilation_error("RAISE without a name can only stand in an exception handler.")
        raise run.caught[-1]
    declared = scope.find(statement.name)
    if not isinstance(declared, DeclareException):
        raise invalid_identifier(statement.name)
    error = SqlError(declared.code, "P0001", declared.message)
    raise Raised(declared.name, statement.at, error, declared)


# Variables --------------------------------------------------------------------------------------------
def _let(run: _Run, statement: Let, scope: Scope) -> None:
    scope.names[statement.declaration.name] = _declared(run, statement.declaration, scope)


def _declared(run: _Run, declaration: Declaration, scope: Scope) -> Any:
    match declaration:
        case DeclareException():
            return declaration
        case DeclareCursor():
            return Cursor(declaration.query, declaration.source)
        case DeclareResultSet():
            return ResultSet(_result(run, declaration.default, scope) if declaration.default else None)
        case DeclareVariable():
            kind = parse_type(declaration.type) if declaration.type else None
            variable = Variable(Typed(None, kind or TEXT), kind, declared=kind is not None)
            if declaration.default is not None:
                _set(run, variable, _value(run, declaration.default, scope))
            return variable


def _assign(run: _Run, statement: Assign, scope: Scope) -> None:
    target = scope.find(statement.name)
    match target:
        case Variable():
            _set(run, target, _value(run, statement.value, scope))
        case ResultSet():
            target.result = _result(run, statement.value, scope)
        case _:
            raise invalid_identifier(statement.name)


def _set(run: _Run, variable: Variable, value: Typed) -> None:
    """Assign; a variable without a declared type takes that of its first value."""
    if variable.type is None:
        variable.type = value.type
    same = not variable.declared and value.type.kind == variable.type.kind
    variable.value = value if same else coerce(run.session, value, variable.type)


def _value(run: _Run, value: Value, scope: Scope) -> Typed:
    if isinstance(value, Query):
        return scalar(_execute(run, value.statement, scope))
    return evaluate(run.session, value, scope)


def _result(run: _Run, value: Value, scope: Scope) -> Result:
    if isinstance(value, Query):
        return _execute(run, value.statement, scope)
    reference = sole_reference(value)
    if reference is None:
        raise compilation_error("a RESULTSET takes a query in parentheses: rs := (SELECT ...);")
    return scope.result_of(reference.name)


def _into(run: _Run, names: Sequence[str], result: Result, scope: Scope) -> None:
    """SELECT … INTO and CALL … INTO: exactly one row; no row leaves NULL."""
    if len(result.rows) > 1:
        message = f"A SELECT INTO statement expects exactly 1 returned row, but got {len(result.rows)}."
        raise SqlError(90150, "22000", message)
    if len(names) != len(result.columns):
        raise compilation_error(f"INTO names {len(names)} variables, but the query has {len(result.columns)} columns.")
    row = result.rows[0] if result.rows else (None,) * len(names)
    for name, value, column in zip(names, row, result.columns, strict=True):
        _set(run, scope.variable(name), Typed(value, column.type))


# SQL --------------------------------------------------------------------------------------------------
def _sql(run: _Run, statement: Sql | ExecuteImmediate, scope: Scope) -> None:
    result = _execute(run, statement, scope)
    if statement.into:
        _into(run, statement.into, result, scope)


def _execute(run: _Run, statement: Statement, scope: Scope) -> Result:
    match statement:
        case Sql():
            result = run.session.execute(render(statement.text, scope))
        case ExecuteImmediate():
            text = evaluate(run.session, statement.text, scope).value
            if not isinstance(text, str):
                raise compilation_error("EXECUTE IMMEDIATE needs the text of a statement.")
            result = run.session.execute(text, [scope.variable(name).value.value for name in statement.using])
        case _:
            raise compilation_error("only a query can be used as a value.")
    _report(result, scope)
    return result


def _report(result: Result, scope: Scope) -> None:
    """SQLROWCOUNT and its kin; NULL after what is no DML."""
    dml = DML <= result.statement_type < DML + 0x1000
    count = result.rowcount if dml else None
    facts: dict[str, Any] = {"SQLROWCOUNT": count, "ACTIVITY_COUNT": count, "SQLID": result.query_id}
    facts |= {"SQLFOUND": count > 0, "SQLNOTFOUND": count == 0} if count is not None else {}
    for name in ("SQLROWCOUNT", "ACTIVITY_COUNT", "SQLFOUND", "SQLNOTFOUND", "SQLID"):
        variable = scope.variable(name)
        variable.value = Typed(facts.get(name), variable.value.type)


def _open(run: _Run, statement: Open, scope: Scope) -> None:
    cursor = _cursor(scope, statement.cursor)
    if cursor.result is not None:
        raise compilation_error(f"Cursor '{statement.cursor}' is already open.")
    _open_cursor(run, cursor, [scope.variable(name).value.value for name in statement.using], scope)


def _open_cursor(run: _Run, cursor: Cursor, using: Sequence[Any], scope: Scope) -> Result:
    if cursor.source is not None:
        result = scope.result_of(cursor.source)
    else:
        assert cursor.query is not None
        result = run.session.execute(render(cursor.query, scope), using)
    cursor.result, cursor.position = result, 0
    return result


def _fetch(run: _Run, statement: Fetch, scope: Scope) -> None:
    """The next row into the variables; NULLs after the last."""
    cursor = _cursor(scope, statement.cursor)
    if cursor.result is None:
        raise compilation_error(f"Cursor '{statement.cursor}' is not open.")
    result, at = cursor.result, cursor.position
    cursor.position += 1
    one = Result(result.columns, result.table.slice(at, 1), 1, result.statement_type, result.query_id)
    _into(run, statement.into, one, scope)


def _close(_run: _Run, statement: Close, scope: Scope) -> None:
    cursor = _cursor(scope, statement.cursor)
    if cursor.result is None:
        raise compilation_error(f"Cursor '{statement.cursor}' is not open.")
    cursor.result = None


def _cursor(scope: Scope, name: str) -> Cursor:
    found = scope.find(name)
    if not isinstance(found, Cursor):
        raise invalid_identifier(name)
    return found


# Branches, loops, leaving -----------------------------------------------------------------------------
def _if(run: _Run, statement: If, scope: Scope) -> Signal | None:
    for branch in statement.branches:
        if truth(run.session, branch.condition, scope):
            return _body(run, branch.body, Scope(scope))
    return _body(run, statement.otherwise, Scope(scope))


def _case(run: _Run, statement: Case, scope: Scope) -> Signal | None:
    for branch in statement.branches:
        if _chosen(run, statement.subject, branch, scope):
            return _body(run, branch.body, Scope(scope))
    return _body(run, statement.otherwise, Scope(scope))


def _chosen(run: _Run, subject: Template | None, branch: Branch, scope: Scope) -> bool:
    if subject is None:
        return truth(run.session, branch.condition, scope)
    parts = ("(", *subject.parts, ") = (", *branch.condition.parts, ")")
    return truth(run.session, Template(branch.condition.at, parts), scope)


def _for_rows(run: _Run, statement: ForRows, scope: Scope) -> Signal | None:
    found = scope.find(statement.source)
    if isinstance(found, Cursor) and found.result is None:
        result = _open_cursor(run, found, (), scope)
        found.result = None
    else:
        result = scope.result_of(statement.source)
    return _repeat(run, ({statement.name: row} for row in rows_of(result)), statement, scope)


def _for_range(run: _Run, statement: ForRange, scope: Scope) -> Signal | None:
    first, last = number(run.session, statement.first, scope), number(run.session, statement.last, scope)
    counted = range(last, first - 1, -1) if statement.downwards else range(first, last + 1)
    return _repeat(run, ({statement.name: Variable(typed(i), NUMBER, declared=True)} for i in counted), statement, scope)


def _loop(run: _Run, statement: Loop, scope: Scope) -> Signal | None:
    return _repeat(run, _turns(run, statement, scope), statement, scope)


def _turns(run: _Run, statement: Loop, scope: Scope) -> Iterable[dict[str, Any]]:
    """One empty set of names a turn; conditions are asked before or after it."""
    while statement.before is None or truth(run.session, statement.before, scope):
        yield {}
        if statement.until is not None and truth(run.session, statement.until, scope):
            break


def _repeat(
    run: _Run, turns: Iterable[dict[str, Variable | Row]], loop: ForRows | ForRange | Loop, scope: Scope
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


def _jump(_run: _Run, statement: Jump, _scope: Scope) -> Signal:
    return Leaving(statement.kind, statement.label)


def _nothing(_run: _Run, _statement: Nothing, _scope: Scope) -> None:
    return None


def _return(run: _Run, statement: Return, scope: Scope) -> Signal:
    if statement.table:
        assert statement.value is not None
        return Returning(_result(run, statement.value, scope))
    value = NULL if statement.value is None else _value(run, statement.value, scope)
    return Returning(_single(run.column, coerce(run.session, value, run.returns) if run.returns else value))


_EXECUTE: Mapping[type, Callable[[_Run, Any, Scope], Signal | None]] = {
    Assign: _assign,
    Block: _block,
    Case: _case,
    Close: _close,
    ExecuteImmediate: _sql,
    Fetch: _fetch,
    ForRange: _for_range,
    ForRows: _for_rows,
    If: _if,
    Jump: _jump,
    Let: _let,
    Loop: _loop,
    Nothing: _nothing,
    Open: _open,
    Raise: _raise,
    Return: _return,
    Sql: _sql,
}
