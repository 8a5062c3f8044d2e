"""Types of expressions, so that functions which depend on them can be rewritten.

Columns are looked up in DuckDB's catalog, through subqueries and stars; what is made of them is inferred by sqlglot.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import SqlError, not_exist
from neve.local.schemas import columns as columns_of_table
from neve.local.sqltext import quote_identifier
from neve.local.translate.known import Known, annotate, full_name
from neve.local.translate.typing import data_type, kind_of, literal_type

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session

    Columns = Mapping[str, exp.DataType]


def infer(session: "Session", tree: "exp.Expr") -> None:
    """Sets `type` on every expression it can tell; after names are folded and qualified."""
    from sqlglot import exp
    from sqlglot.optimizer.scope import traverse_scope

    for node in tree.walk():
        if node.type is not None and not kind_of(node):
            node.type = None  # the parser did not know it, and knew nothing of tables
    known = Known(_base_columns(session, tree))
    for node in tree.find_all(exp.Literal):
        fraction = not node.is_string and not str(node.this).isdecimal()
        node.type = literal_type(str(node.this)) if fraction else None
    for function in tree.find_all(exp.Lambda):
        _type_parameters(function)
    for query in _outermost_queries(tree):
        for scope in traverse_scope(query):
            known.resolve(scope)
            known.tell_stars(scope)
            _name_types(scope.expression)
            annotate(scope.expression)
            known.outputs[id(scope.expression)] = known.outputs_of(scope)
            scope.expression.meta["outputs"] = known.outputs[id(scope.expression)]
    if not isinstance(tree, exp.Query):
        known.resolve_columns((c for c in tree.find_all(exp.Column) if c.type is None), _named_sources(tree, known))
        annotate(tree)


def _type_parameters(function: "exp.Lambda") -> None:
    """The elements of an array that a lambda is called with are VARIANT."""
    from sqlglot import exp

    names = {parameter.name for parameter in function.expressions}
    for name in function.this.find_all(exp.Identifier):
        if name.name in names and not isinstance(name.parent, exp.Column):
            name.type = data_type("VARIANT")


def _name_types(query: "exp.Expr") -> None:
    """A column that is another's alias has that one's type: in later columns, and after FROM."""
    from sqlglot import exp

    if not isinstance(query, exp.Select):
        return
    named: dict[str, Any] = {}
    for projection in query.selects:
        _take(projection, named)
        if isinstance(projection, exp.Alias):
            annotate(projection)
            named.setdefault(projection.alias, projection.this.type)
        elif isinstance(projection, exp.Column):
            named.setdefault(projection.name, projection.type)
    for key in ("where", "having", "qualify", "order", "group"):
        if query.args.get(key) is not None:
            _take(query.args[key], named)


def _take(node: "exp.Expr", named: "Mapping[str, Any]") -> None:
    from sqlglot import exp

    for column in node.find_all(exp.Column):
        if column.type is None and not column.table and column.name in named:
            column.type = named[column.name]
            column.meta["of_alias"] = True


def _named_sources(tree: "exp.Expr", known: "Known") -> "Mapping[str, Columns]":
    """The tables and subqueries of an UPDATE, DELETE or MERGE by the names that its columns use."""
    from sqlglot import exp

    named = {table.alias_or_name: known.tables.get(full_name(table), {}) for table in _target_tables(tree)}
    for query in tree.find_all(exp.Subquery):
        if query.alias and query.find_ancestor(exp.Query) is None:
            named[query.alias] = query.this.meta.get("outputs", {})
    return named


def _outermost_queries(tree: "exp.Expr") -> "list[exp.Expr]":
    from sqlglot import exp

    if isinstance(tree, exp.Query):
        return [tree]
    found: list[exp.Expr] = []
    for query in tree.find_all(exp.Query):
        above = query.parent
        while above is not None and above is not tree and not isinstance(above, exp.Query):
            above = above.parent
        if above is tree:
            found.append(query)
    return found


def _target_tables(tree: "exp.Expr") -> "list[exp.Table]":
    """The tables of an UPDATE, DELETE or MERGE, without those of its subqueries."""
    from sqlglot import exp

    return [table for table in tree.find_all(exp.Table) if table.find_ancestor(exp.Query) is None]


def _base_columns(session: "Session", tree: "exp.Expr") -> "Mapping[str, Columns]":
    """The columns of every table named in the tree, which is marked with those that are NOT NULL."""
    from sqlglot import exp

    found: dict[str, Columns] = {}
    required: dict[str, frozenset[str]] = {}
    for table in tree.find_all(exp.Table):
        name = full_name(table)
        if name not in found and len(table.parts) == 3:
            columns = columns_of_table(session, *(part.name for part in table.parts))
            if not columns and not table.meta.get("placed"):
                raise _missing(session, table)
            found[name] = {c.name: data_type(str(c.type)) for c in columns}
            required[name] = frozenset(c.name for c in columns if not c.nullable)
        table.meta["required"] = required.get(name, frozenset())
    return found


def _missing(session: "Session", table: "exp.Table") -> SqlError:
    """That there is no such table, or already no such schema."""
    from sqlglot import exp

    database, schema = table.catalog, table.db
    known = "SELECT 1 FROM duckdb_schemas() WHERE database_name = ? AND schema_name = ?"
    if not session.fetch(known, [database, schema]):
        return not_exist("Schema", ".".join(map(quote_identifier, (database, schema))))
    target = isinstance(table.parent, exp.Insert | exp.Schema)
    return not_exist("Table" if target else "Object", ".".join(map(quote_identifier, table.meta.get("written", ()))))
