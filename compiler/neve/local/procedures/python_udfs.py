"""Functions in Python, as functions of DuckDB's."""

import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING

from neve.local.errors import unsupported
from neve.local.procedures import function_child
from neve.local.procedures.catalog import Stored
from neve.local.procedures.routine import Parameter
from neve.local.result import SEMI_STRUCTURED
from neve.local.stages.location import location
from neve.local.types import NUMBER, TEXT, SqlType, to_duck

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def of_python(session: "Session", stored: Stored, given: "list[exp.Expr]", returns: SqlType) -> "exp.Expr":
    from sqlglot import exp

    return of_text(duck(registered(session, stored), *(given or [exp.Literal.number(0)])), returns)


def of_text(value: "exp.Expr", sql_type: SqlType) -> "exp.Expr":
    """The text that came from a child, as a value of its type."""
    from sqlglot import exp

    if sql_type.kind in SEMI_STRUCTURED:
        return exp.ParseJSON(this=value)
    return exp.Unhex(this=value) if sql_type.kind == "BINARY" else cast(value, sql_type)


def aggregate(
    session: "Session", stored: Stored, whole: "exp.Expr", given: "list[exp.Expr]", *, distinct: bool
) -> None:
    """An aggregate function has all rows of a group at once, as lists; with OVER, those of the window."""
    from sqlglot import exp

    if distinct and len(given) > 1:
        raise unsupported("DISTINCT of several arguments of an aggregate function in Python")
    window = whole.parent if isinstance(whole.parent, exp.Window) and whole.arg_key == "this" else None
    lists = []
    for node in given or [exp.Literal.number(0)]:
        listed: exp.Expr = duck("list", exp.Distinct(expressions=[node]) if distinct else node)
        if window is not None:
            over = window.copy()
            over.set("this", listed)
            listed = over
        lists.append(listed)
    returns = stored.routine.returns or TEXT
    called = of_text(duck(registered(session, stored, lists=True), *lists), returns)
    (window or whole).replace(exp.Paren(this=called))


def duck(name: str, *given: "exp.Expr") -> "exp.Anonymous":
    """A call of a function of DuckDB's own."""
    from sqlglot import exp

    call = exp.Anonymous(this=name, expressions=list(given))
    call.meta["placed"] = True
    return call


def of_json(value: "exp.Expr", sql_type: SqlType) -> "exp.Expr":
    """An element of JSON that came from a child, of its type."""
    from sqlglot import exp

    if sql_type.kind in SEMI_STRUCTURED:
        return cast(exp.Anonymous(this="STRIP_NULL_VALUE", expressions=[value]), sql_type)
    return exp.Unhex(this=cast(value, TEXT)) if sql_type.kind == "BINARY" else cast(value, sql_type)


def registered(session: "Session", stored: Stored, *, lists: bool = False) -> str:
    """The name of the DuckDB function, made at the first use; one for many rows at once takes a list
    for each parameter.
    """
    serving, routine = session.engine.services["functions"], stored.routine
    name = f"udf_{stored.id.replace('-', '_')}"
    if not serving.knows(name):
        folder = serving.folder / name
        folder.mkdir(exist_ok=True)
        for place in routine.imports:
            for file in location(session, place).files:
                shutil.copy(file, folder / file.name)
        job = {
            "folder": str(folder),
            "name": stored.name.name,
            "code": routine.body,
            "handler": routine.handler,
            "returns": routine.returns.kind if routine.returns else "TEXT",
            "columns": len(routine.columns),
            "aggregate": routine.aggregate,
            "parameters": [parameter.name for parameter in routine.parameters],
            "kinds": [parameter.type.kind for parameter in routine.parameters],
            "strict": routine.strict,
        }
        types = [to_duck(each) + "[]" * lists for each in _types(routine.parameters)]
        serving.register(name, function_child.__name__, job, types)
    return name


def _types(parameters: Sequence[Parameter]) -> list[SqlType]:
    """The types of DuckDB's arguments; a function without any gets a number that says how many rows there are."""
    return [parameter.type for parameter in parameters] or [NUMBER]


def cast(node: "exp.Expr", sql_type: SqlType) -> "exp.Expr":
    from sqlglot import exp

    return exp.cast(exp.Paren(this=node), exp.DataType.build(to_duck(sql_type), dialect="duckdb"))
