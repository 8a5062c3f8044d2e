"""The statements that hold no others, run: declarations, assignments, SQL, cursors (fact sheet 7.1)."""

from collections.abc import Sequence
from typing import Any

from neve.local.errors import SqlError, compilation_error, invalid_identifier
from neve.local.result import DML, Result
from neve.local.scripting import asynchronous, calls
from neve.local.scripting.evaluate import evaluate, scalar, store
from neve.local.scripting.run import Run
from neve.local.scripting.scope import Cursor, ResultSet, Scope, Variable, render, sole_reference
from neve.local.scripting.signals import EXPRESSION_ERROR, Raised
from neve.local.scripting.tree import (
    Assign,
    Async,
    Call,
    Close,
    Declaration,
    DeclareCursor,
    DeclareException,
    DeclareProcedure,
    DeclareResultSet,
    DeclareVariable,
    ExecuteImmediate,
    Fetch,
    Let,
    Log,
    Open,
    Query,
    Sql,
    Statement,
    Value,
)
from neve.local.scripting.values import Typed
from neve.local.types import TEXT, parse_type


# Variables --------------------------------------------------------------------------------------------
def let(run: Run, statement: Let, scope: Scope) -> None:
    scope.names[statement.declaration.name] = _declared(run, statement.declaration, scope)


def _declared(run: Run, declaration: Declaration, scope: Scope) -> Any:
    match declaration:
        case DeclareException():
            return declaration
        case DeclareCursor():
            return Cursor(declaration.query)
        case DeclareResultSet():
            rows = ResultSet()
            if declaration.default:
                _fill(run, rows, declaration.default, scope)
            return rows
        case DeclareProcedure():
            return calls.declared(declaration, scope)
        case DeclareVariable():
            kind = parse_type(declaration.type) if declaration.type else None
            variable = Variable(Typed(None, kind or TEXT), kind, declared=kind is not None)
            if declaration.default is not None:
                _set(run, variable, declaration.default, scope)
            return variable


def assign(run: Run, statement: Assign, scope: Scope) -> None:
    target = scope.find(statement.name)
    match target:
        case Variable():
            _set(run, target, statement.value, scope)
        case ResultSet():
            _fill(run, target, statement.value, scope)
        case _:
            raise invalid_identifier(statement.name)


def _set(run: Run, variable: Variable, value: Value, scope: Scope) -> None:
    given = value_of(run, value, scope)
    try:
        store(run.session, variable, given)
    except SqlError as error:
        raise Raised(EXPRESSION_ERROR, value.at, error) from error


def _fill(run: Run, target: ResultSet, value: Value, scope: Scope) -> None:
    if isinstance(value, Query) and value.is_async:
        asynchronous.start(run, target, lambda: rows_for(run, value, scope))
    else:
        target.result, target.error = rows_for(run, value, scope), None


def value_of(run: Run, value: Value, scope: Scope) -> Typed:
    if isinstance(value, Query):
        return scalar(_execute(run, value.statement, scope))
    return evaluate(run.session, value, scope)


def rows_for(run: Run, value: Value, scope: Scope) -> Result:
    if isinstance(value, Query):
        return _execute(run, value.statement, scope)
    reference = sole_reference(value)
    if reference is None:
        raise compilation_error("a RESULTSET takes a query in parentheses: rs := (SELECT ...);")
    return scope.result_of(reference.name)


def _into(run: Run, names: Sequence[str], result: Result, scope: Scope) -> None:
    """SELECT … INTO and CALL … INTO: exactly one row; no row leaves NULL."""
    if len(result.rows) > 1:
        message = f"A SELECT INTO statement expects exactly 1 returned row, but got {len(result.rows)}."
        raise SqlError(90150, "22000", message)
    if len(names) != len(result.columns):
        raise compilation_error(f"INTO names {len(names)} variables, but the query has {len(result.columns)} columns.")
    row = result.rows[0] if result.rows else (None,) * len(names)
    for name, value, column in zip(names, row, result.columns, strict=True):
        store(run.session, scope.variable(name), Typed(value, column.type))


# SQL --------------------------------------------------------------------------------------------------
def sql(run: Run, statement: Sql | ExecuteImmediate, scope: Scope) -> None:
    result = _execute(run, statement, scope)
    if statement.into:
        _into(run, statement.into, result, scope)


def call(run: Run, statement: Call, scope: Scope) -> None:
    result = _execute(run, statement, scope)
    if statement.sql.into:
        _into(run, statement.sql.into, result, scope)


def log(run: Run, statement: Log, scope: Scope) -> None:
    evaluate(run.session, statement.call, scope)


def start(run: Run, statement: Async, scope: Scope) -> None:
    asynchronous.start(run, ResultSet(), lambda: _execute(run, statement.statement, scope))


def _execute(run: Run, statement: Statement, scope: Scope) -> Result:
    match statement:
        case Sql():
            result = run.session.execute(render(statement.text, scope))
        case Call():
            result = calls.called(run, statement, scope)
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


def open_cursor(run: Run, statement: Open, scope: Scope) -> None:
    cursor = _cursor(scope, statement.cursor)
    if cursor.result is not None:
        raise compilation_error(f"Cursor '{statement.cursor}' is already open.")
    opened(run, cursor, [scope.variable(name).value.value for name in statement.using], scope)


def opened(run: Run, cursor: Cursor, using: Sequence[Any], scope: Scope) -> Result:
    if isinstance(cursor.query, str):
        result = scope.result_of(cursor.query)
    else:
        result = run.session.execute(render(cursor.query, scope), using)
    cursor.result, cursor.position = result, 0
    return result


def fetch(run: Run, statement: Fetch, scope: Scope) -> None:
    """The next row into the variables; NULLs after the last."""
    cursor = _cursor(scope, statement.cursor)
    if cursor.result is None:
        raise compilation_error(f"Cursor '{statement.cursor}' is not open.")
    result, at = cursor.result, cursor.position
    cursor.position += 1
    one = Result(result.columns, result.table.slice(at, 1), 1, result.statement_type, result.query_id)
    _into(run, statement.into, one, scope)


def close(_run: Run, statement: Close, scope: Scope) -> None:
    cursor = _cursor(scope, statement.cursor)
    if cursor.result is None and not cursor.looped:
        raise compilation_error(f"Cursor '{statement.cursor}' is not open.")
    cursor.result, cursor.looped = None, False


def _cursor(scope: Scope, name: str) -> Cursor:
    found = scope.find(name)
    if not isinstance(found, Cursor):
        raise invalid_identifier(name)
    return found
