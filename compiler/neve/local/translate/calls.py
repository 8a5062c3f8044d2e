"""Calls that the engine itself answers, replaced by what they give: SYSTEM$ functions by their value, table functions
(TASK_HISTORY, RESULT_SCAN …) by their rows.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from neve.local.binding import literal
from neve.local.errors import SqlError, no_current, no_database, not_exist, unsupported
from neve.local.procedures.udfs import parts_of, whole
from neve.local.result import SEMI_STRUCTURED, Result
from neve.local.streams.reading import in_place_of, streams_in
from neve.local.translate.names import is_cte, stored
from neve.local.translate.typing import data_type
from neve.local.types import SqlType

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def answer_calls(session: "Session", tree: "exp.Expr") -> "exp.Expr":
    """The tree with these calls replaced. Their arguments are evaluated first, and may not name columns."""
    from sqlglot import exp

    for rows in list(tree.find_all(exp.TableFromRows)):
        _answer_rows(session, rows)
    for table in list(tree.find_all(exp.Table)):
        _answer_view(session, table)
    for table, stream in streams_in(session, tree):
        table.replace(in_place_of(session, stream, table))
    for node in list(tree.find_all(exp.Anonymous)):
        if function := _scalar(".".join(parts_of(node))):
            value, called = _literal(function(session, *_values(session, node.expressions))), whole(node)
            if called is tree:
                return value
            called.replace(value)
    return tree


def _scalar(name: str) -> "Callable[..., Any] | None":
    from neve.local.dispatch import FUNCTIONS

    return FUNCTIONS.get(name.upper())


def _literal(value: object) -> "exp.Expr":
    from neve.local.translate.parse import parse_expression

    return parse_expression("NULL::VARCHAR" if value is None else literal(value))


def _values(session: "Session", nodes: "list[exp.Expr]") -> list[object]:
    return [evaluate(session, node) for node in nodes]


def evaluate(session: "Session", node: "exp.Expr") -> object:
    """The value of an expression without columns."""
    from sqlglot import exp

    if isinstance(node, exp.Literal):
        return node.this if node.is_string else session.evaluate(node.this)
    if isinstance(node, exp.Null):
        return None
    return session.evaluate(node.sql(dialect="snowflake"))


def _answer_rows(session: "Session", node: "exp.Expr") -> None:
    """TABLE(f(…)) for a function of ours."""
    from sqlglot import exp

    from neve.local.dispatch import TABLE_FUNCTIONS

    call = node.this
    while isinstance(call, exp.Dot):
        call = call.expression
    if not isinstance(call, exp.Anonymous):
        return
    function = TABLE_FUNCTIONS.get(str(call.this).upper())
    if function is not None:
        result = function(session, _arguments(session, call.expressions))
        _name_places(node, result)
        node.replace(rows_of(session, result, node.args.get("alias")))


def _name_places(node: "exp.Expr", result: Result) -> None:
    """`$1` in what selects from the rows is their first column."""
    from sqlglot import exp

    select = node.find_ancestor(exp.Select)
    for parameter in list(select.find_all(exp.Parameter)) if select else ():
        place = parameter.this
        if isinstance(place, exp.Literal) and not place.is_string and 0 < int(place.this) <= len(result.columns):
            parameter.replace(exp.column(result.columns[int(place.this) - 1].name, quoted=True))


def _answer_view(session: "Session", table: "exp.Table") -> None:
    """A view of INFORMATION_SCHEMA that is ours; DUAL, which has one row."""
    from sqlglot import exp

    from neve.local.dispatch import VIEWS

    if len(table.parts) == 1 and table.name.upper() == "DUAL":
        one = exp.Select(expressions=[exp.alias_(exp.Literal.string("X"), "DUMMY", quoted=True)])
        table.replace(exp.Subquery(this=one, alias=exp.TableAlias(this=exp.to_identifier("DUAL", quoted=True))))
        return
    schema = table.db.upper() or (session.schema if len(table.parts) == 1 else "")
    if schema != "INFORMATION_SCHEMA" or is_cte(table):
        return
    catalog = table.args.get("catalog")
    database = stored(catalog) if catalog is not None else session.database
    if not database:
        raise no_current("database")
    if database not in session.engine.databases:
        raise no_database(database)
    name = stored(table.this)
    view = VIEWS.get(name)
    if view is None:
        raise _no_view(database, name)
    alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name))
    table.replace(rows_of(session, view(session, database), alias))


_OTHERS = frozenset(
    ("ELEMENT_TYPES", "EVENT_TABLES", "EXTERNAL_TABLES", "FIELDS", "HYBRID_TABLES", "INDEXES", "OBJECT_PRIVILEGES",
     "PIPES", "TABLE_PRIVILEGES", "TABLE_STORAGE_METRICS", "USAGE_PRIVILEGES", "REPLICATION_DATABASES", "SERVICES")
)  # fmt: skip


def _no_view(database: str, name: str) -> SqlError:
    if name in _OTHERS:
        return unsupported(f"INFORMATION_SCHEMA.{name}")
    return not_exist("Object", f"{database}.INFORMATION_SCHEMA.{name}")


def _arguments(session: "Session", nodes: "list[exp.Expr]") -> dict[str, object]:
    """By upper-case name; unnamed ones by their place, from "1" on."""
    from sqlglot import exp

    named: dict[str, object] = {}
    for place, node in enumerate(nodes, 1):
        key, value = (node.this.name.upper(), node.expression) if isinstance(node, exp.Kwarg) else (str(place), node)
        named[key] = evaluate(session, value)
    return named


def rows_of(session: "Session", result: Result, alias: "exp.TableAlias | None" = None) -> "exp.Subquery":
    """A result as a subquery; its rows are registered with DuckDB until the statement is done."""
    from sqlglot import exp

    name = session.register(result.table.rename_columns([f"c{i}" for i in range(len(result.columns))]))
    columns = [
        exp.alias_(_typed(exp.column(f"c{place}"), column.type), column.name, quoted=True)
        for place, column in enumerate(result.columns)
    ]
    table = exp.Table(this=exp.to_identifier(name, quoted=True))
    table.meta["placed"] = True
    query = exp.Select(expressions=columns, from_=exp.From(this=table))
    return exp.Subquery(this=query, alias=alias)


def _typed(column: "exp.Column", kind: SqlType) -> "exp.Expr":
    """The registered column in its type: JSON comes as text."""
    from sqlglot import exp

    if kind.kind in SEMI_STRUCTURED:
        return exp.ParseJSON(this=column)
    return exp.cast(column, data_type(str(kind)).copy())
