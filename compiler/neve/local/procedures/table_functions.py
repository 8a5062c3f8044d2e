"""User-defined table functions in FROM: one in SQL becomes its query, one in Python a function that gives all rows of a
call at once. A procedure that returns a table can stand there as well.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from neve.local.errors import compilation_error, unsupported
from neve.local.procedures import catalog, partitions, udfs
from neve.local.procedures.catalog import Stored
from neve.local.procedures.python_udfs import cast
from neve.local.sqltext import quote_identifier, resolve

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def call_table_functions(session: "Session", tree: "exp.Expr", depth: int = 0) -> None:
    """Replaces `TABLE(f(…))` of user-defined functions in the tree. Raises SqlError for arguments that do not fit."""
    from sqlglot import exp

    for node in list(tree.find_all(exp.TableFromRows)):
        call = node.this.this if isinstance(node.this, exp.Window) else node.this
        while isinstance(call, exp.Dot):
            call = call.expression
        if not isinstance(call, exp.Anonymous):
            continue
        parts = udfs.parts_of(call)
        if stored := udfs.choose(session, parts, call.expressions):
            _replace(session, node, stored, call, depth)
        elif _is_procedure(session, parts):
            node.replace(_procedure(session, call, parts, node.args.get("alias")))


def _replace(session: "Session", node: "exp.TableFromRows", stored: Stored, call: "exp.Anonymous", depth: int) -> None:
    from sqlglot import exp

    if stored.routine.returns is not None:
        raise compilation_error(f"{stored.name.name} gives no table: it cannot stand in TABLE(…).", 2140, "42601")
    given = udfs.arguments(stored, call.expressions)
    alias = node.args.get("alias") or exp.TableAlias(this=exp.to_identifier(stored.name.name, quoted=True))
    in_python = stored.routine.language == "PYTHON"
    if in_python and (rows := partitions.beside(node, given)):
        rows.replace(session, stored, given, alias)
        return
    if isinstance(node.this, exp.Window) and not in_python:
        raise unsupported("A table function in SQL with OVER (PARTITION BY …)")
    query = partitions.rows_of_one if in_python else _of_sql
    node.replace(exp.Subquery(this=query(session, stored, given, depth), alias=alias))


def _of_sql(session: "Session", stored: Stored, given: "list[exp.Expr]", depth: int) -> "exp.Select":
    """The body's columns in order, with the names and types that RETURNS TABLE gives them."""
    from sqlglot import exp

    columns = stored.routine.columns
    body = udfs.inlined_query(session, stored, given, depth)
    names = [f"column {place}" for place in range(len(columns))]
    inner = exp.TableAlias(
        this=exp.to_identifier("body", quoted=True), columns=[exp.to_identifier(name, quoted=True) for name in names]
    )
    picked = [exp.column(name, quoted=True) for name in names]
    return _select(stored, picked, exp.Subquery(this=body, alias=inner))


def _select(stored: Stored, values: "Sequence[exp.Expr]", source: "exp.Expr") -> "exp.Select":
    from sqlglot import exp

    typed = [
        exp.alias_(cast(value, column.type), column.name, quoted=True)
        for value, column in zip(values, stored.routine.columns, strict=True)
    ]
    return exp.Select(expressions=typed, from_=exp.From(this=source))


def _is_procedure(session: "Session", parts: Sequence[str]) -> bool:
    if len(parts) == 1 and not (session.database and session.schema):
        return False
    return bool(catalog.overloads(session, "PROCEDURE", resolve(session, parts)))


def _procedure(session: "Session", call: "exp.Anonymous", parts: Sequence[str], alias: Any) -> "exp.Subquery":
    from neve.local.translate.calls import rows_of

    arguments = ", ".join(node.sql(dialect="snowflake") for node in call.expressions)
    result = session.run(f"CALL {'.'.join(map(quote_identifier, parts))}({arguments})")
    return rows_of(session, result, alias)
