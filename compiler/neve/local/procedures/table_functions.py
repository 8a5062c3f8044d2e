"""User-defined table functions in FROM: one in SQL becomes its query, one in Python a function that gives all rows of a
call at once. A procedure that returns a table can stand there as well.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from neve.local.errors import compilation_error, unsupported
from neve.local.procedures import catalog, udfs
from neve.local.procedures.catalog import Stored
from neve.local.sqltext import quote_identifier, resolve
from neve.local.types import ARRAY

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
            if isinstance(node.this, exp.Window):
                raise unsupported("A table function with OVER (PARTITION BY …)")
            node.replace(_rows(session, stored, call, node.args.get("alias"), depth))
        elif _is_procedure(session, parts):
            node.replace(_procedure(session, call, parts, node.args.get("alias")))


def _rows(session: "Session", stored: Stored, call: "exp.Anonymous", alias: Any, depth: int) -> "exp.Subquery":
    from sqlglot import exp

    if stored.routine.returns is not None:
        raise compilation_error(f"{stored.name.name} gives no table: it cannot stand in TABLE(…).", 2140, "42601")
    given = udfs.arguments(stored, call.expressions)
    query = _of_sql if stored.routine.language == "SQL" else _of_python
    name = alias or exp.TableAlias(this=exp.to_identifier(stored.name.name, quoted=True))
    return exp.Subquery(this=query(session, stored, given, depth), alias=name)


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
        exp.alias_(udfs.cast(value, column.type), column.name, quoted=True)
        for value, column in zip(values, stored.routine.columns, strict=True)
    ]
    return exp.Select(expressions=typed, from_=exp.From(this=source))


_ENDS = re.compile(r"\bdef\s+end_partition\b")
_ALL_ROWS = """

def _neve_rows(*arguments):
    handler = {handler}()
    rows = list(handler.process(*arguments) or ()) if hasattr(handler, "process") else []
    rows += (handler.end_partition() or ()) if hasattr(handler, "end_partition") else ()
    return [list(row) for row in rows]
"""


def _of_python(session: "Session", stored: Stored, given: "list[exp.Expr]", _depth: int) -> "exp.Select":
    """Each row of arguments is a partition of its own."""
    from sqlglot import exp

    from neve.local.translate.parse import parse_expression

    body = stored.routine.body
    if body is None or "_sf_vectorized_input" in body:
        raise unsupported("A table function in Python that is imported or vectorized")
    if _ENDS.search(body) and any(node.find(exp.Column) for node in given):
        raise unsupported("A table function in Python with end_partition, called for the rows of a table,")
    code = body + _ALL_ROWS.format(handler=stored.routine.handler)
    routine = replace(stored.routine, body=code, handler="_neve_rows", returns=ARRAY, columns=())
    called = udfs.of_python(session, replace(stored, routine=routine), given, ARRAY)
    flattened = exp.Lateral(
        this=exp.Explode(this=called),
        alias=exp.TableAlias(this=exp.to_identifier("rows", quoted=True)),
        view=None,
    )
    values = [parse_expression(f'"rows".VALUE[{place}]') for place in range(len(stored.routine.columns))]
    one = exp.Subquery(
        this=exp.Select(expressions=[exp.alias_(exp.Literal.number(1), "one")]),
        alias=exp.TableAlias(this=exp.to_identifier("once", quoted=True)),
    )
    query = _select(stored, values, one)
    query.set("joins", [exp.Join(this=flattened)])
    return query


def _is_procedure(session: "Session", parts: Sequence[str]) -> bool:
    if len(parts) == 1 and not (session.database and session.schema):
        return False
    return bool(catalog.overloads(session, "PROCEDURE", resolve(session, parts)))


def _procedure(session: "Session", call: "exp.Anonymous", parts: Sequence[str], alias: Any) -> "exp.Subquery":
    from neve.local.translate.calls import rows_of

    arguments = ", ".join(node.sql(dialect="snowflake") for node in call.expressions)
    result = session.run(f"CALL {'.'.join(map(quote_identifier, parts))}({arguments})")
    return rows_of(session, result, alias)
