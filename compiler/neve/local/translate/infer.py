"""Types of expressions, so that functions which depend on them can be rewritten.

Columns are looked up in DuckDB's catalog, through subqueries and stars; what is made of them is inferred by sqlglot.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import SqlError, compilation_error, invalid_identifier, not_exist
from neve.local.schemas import columns as columns_of_table
from neve.local.sqltext import quote_identifier
from neve.local.translate.returns import annotator
from neve.local.translate.typing import common_type, data_type, kind_of, literal_type

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.optimizer.scope import Scope

    from neve.local.session import Session

    Columns = Mapping[str, exp.DataType]


def infer(session: "Session", tree: "exp.Expr") -> None:
    """Sets `type` on every expression it can tell; after names are folded and qualified."""
    from sqlglot import exp
    from sqlglot.optimizer.scope import traverse_scope

    for node in tree.walk():
        if node.type is not None and not kind_of(node):
            node.type = None  # the parser did not know it, and knew nothing of tables
    known = _Known(_base_columns(session, tree))
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
            _annotate(scope.expression)
            known.outputs[id(scope.expression)] = known.outputs_of(scope)
            scope.expression.meta["outputs"] = known.outputs[id(scope.expression)]
    if not isinstance(tree, exp.Query):
        known.resolve_columns((c for c in tree.find_all(exp.Column) if c.type is None), _named_sources(tree, known))
        _annotate(tree)


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
            _annotate(projection)
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


def _annotate(tree: "exp.Expr") -> None:
    """What is inside of a cast first: for sqlglot a cast has its type already, and it would not look there."""
    from sqlglot import exp

    notes = annotator()
    try:
        for node in [*reversed([each.this for each in tree.find_all(exp.Cast, exp.TryCast)]), tree]:
            notes._annotate_expression(node)  # noqa: SLF001 - its public form would start over
    except TypeError as error:
        raise compilation_error("not enough arguments for function", 938, "22023") from error


def _named_sources(tree: "exp.Expr", known: "_Known") -> "Mapping[str, Columns]":
    """The tables and subqueries of an UPDATE, DELETE or MERGE by the names that its columns use."""
    from sqlglot import exp

    named = {table.alias_or_name: known.tables.get(_full_name(table), {}) for table in _target_tables(tree)}
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


class _Known:
    """What is known of columns: of tables by full name, of subqueries by their node."""

    def __init__(self, tables: "Mapping[str, Columns]") -> None:
        self.tables = tables
        self.outputs: dict[int, Columns] = {}

    def source(self, source: Any) -> "Columns":
        """The columns of a source of a scope: a table, or another scope."""
        from sqlglot import exp

        if isinstance(source, exp.Table):
            return self.tables.get(_full_name(source), {})
        expression = source.expression
        columns = self.outputs.get(id(expression), {})
        return columns or _rows_of_values(expression) or _rows_of_function(expression)

    def resolve(self, scope: "Scope") -> None:
        sources: dict[str, Columns] = {}
        above: Scope | None = scope
        while above is not None:
            for name, source in above.sources.items():
                if name not in sources:
                    sources[name] = _renamed(above, name, self.source(source))
            above = above.parent
        self.resolve_columns(scope.columns, sources)

    def resolve_columns(self, columns: "Iterable[exp.Column]", sources: "Mapping[str, Columns]") -> None:
        from sqlglot import exp

        for column in columns:
            if column.type is not None:
                continue
            if "place" in column.meta and not _has_place(column, sources):
                column.replace(exp.var(f"#{column.meta['place']}"))  # DuckDB's own form
                continue
            if column.args.get("db") is not None and column.db in sources and column.table not in sources:
                raise invalid_identifier(".".join(part.name for part in column.parts))
            if column.table:
                kind = sources.get(column.table, {}).get(column.name)
            else:
                kind = next((s[column.name] for s in sources.values() if column.name in s), None)
            if kind is not None:
                column.type = kind
            elif column.name.upper() != column.name or any(
                name != name.upper() for s in sources.values() for name in s
            ):
                _exact_case(column, sources)

    def outputs_of(self, scope: "Scope") -> "Columns":
        """The columns that the scope's query gives, with stars expanded."""
        from sqlglot import exp

        query = scope.expression
        if isinstance(query, exp.SetOperation):
            left, right = (self._of_branch(branch) for branch in (query.this, query.expression))
            merged = map(common_type, zip(left.values(), right.values(), strict=False))
            return dict(zip(left, merged, strict=False)) if len(left) == len(right) else left
        if isinstance(query, exp.Subquery):
            return self._of_branch(query)
        outputs: dict[str, exp.DataType] = {}
        for projection in query.selects if isinstance(query, exp.Select) else ():
            if projection.is_star:
                outputs |= self.star(scope, projection)
            elif projection.type is not None:
                outputs[projection.alias_or_name] = projection.type
        return outputs

    def star(self, scope: "Scope", star: "exp.Expr") -> "Columns":
        """The columns that a star stands for."""
        from sqlglot import exp

        named = star.table if isinstance(star, exp.Column) else None
        found: dict[str, exp.DataType] = {}
        for name, source in scope.sources.items():
            if named in {None, "", name} and name in dict(scope.references):
                found |= _renamed(scope, name, self.source(source))
        return _chosen(star, found)

    def tell_stars(self, scope: "Scope") -> None:
        """Notes on OBJECT_CONSTRUCT(*) and {*} what it is made of."""
        from sqlglot import exp

        for node in scope.expression.find_all(exp.StarMap, exp.JSONObject, exp.Struct):
            star = node.this if isinstance(node, exp.StarMap) else next(iter(node.expressions), None)
            if star is not None and star.is_star and node.find_ancestor(exp.Select) is scope.expression:
                node.meta["columns"] = self.star(scope, star)

    def _of_branch(self, query: "exp.Expr") -> "Columns":
        from sqlglot import exp

        while isinstance(query, exp.Subquery):
            query = query.this
        return self.outputs.get(id(query), {})


def _has_place(column: "exp.Column", sources: "Mapping[str, Columns]") -> bool:
    """Names `$2`, the second column of the source that it names, or of all of them; where that can be told."""
    from sqlglot import exp

    reach = {column.table: sources.get(column.table, {})} if column.table else sources
    places = [(source, name) for source, columns in reach.items() for name in columns]
    if any(column.name in columns for columns in reach.values()):
        return True
    if column.meta["place"] > len(places):
        return bool(column.table)
    source, name = places[column.meta["place"] - 1]
    column.this.set("this", name)
    if len(reach) > 1:
        column.set("table", exp.to_identifier(source, quoted=True))
    return True


def _chosen(star: "exp.Expr", columns: "Columns") -> "Columns":
    """The columns of a star with EXCLUDE, REPLACE and RENAME."""
    from sqlglot import exp

    told = star.find(exp.Star)
    arguments = told.args if told is not None else {}
    left_out = {node.name for node in arguments.get("except_") or ()}
    replaced = {node.alias: node.this.type for node in arguments.get("replace") or () if node.this.type is not None}
    renamed = {node.this.name: node.alias for node in arguments.get("rename") or ()}
    kept = {name: kind for name, kind in columns.items() if name not in left_out}
    return {renamed.get(name, name): replaced.get(name, kind) for name, kind in kept.items()}


def _exact_case(column: "exp.Column", sources: "Mapping[str, Columns]") -> None:
    """Raises SqlError where DuckDB would take a column whose name differs by its case. Aliases may, and come later."""
    from sqlglot import exp

    select = column.find_ancestor(exp.Select)
    aliases = {projection.alias for projection in select.selects} if select is not None else set()
    held = {name for columns in sources.values() for name in columns}
    if column.name not in held | aliases and column.name.upper() in {name.upper() for name in held}:
        raise invalid_identifier(column.name if column.name == column.name.upper() else f'"{column.name}"')


def _renamed(scope: "Scope", name: str, columns: "Columns") -> "Columns":
    """Columns under the names that an alias such as `t (a, b)` gives them."""
    node = dict(scope.references).get(name)
    alias = node.args.get("alias") if node is not None else None
    names = [column.name for column in alias.columns] if alias is not None and hasattr(alias, "columns") else []
    return dict(zip(names, columns.values(), strict=False)) if names and len(names) == len(columns) else columns


def _rows_of_values(expression: "exp.Expr") -> "Columns":
    """The columns of VALUES, whose names `name_values` has written out."""
    from sqlglot import exp

    if not isinstance(expression, exp.Values):
        return {}
    _annotate(expression)
    rows = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in expression.expressions]
    names = [column.name for column in expression.args["alias"].columns]
    kinds = (common_type(value.type for value in values) for values in zip(*rows, strict=False))
    return dict(zip(names, kinds, strict=False))


_FLATTENED = {
    "SEQ": "BIGINT",
    "KEY": "VARCHAR",
    "PATH": "VARCHAR",
    "INDEX": "BIGINT",
    "VALUE": "VARIANT",
    "THIS": "VARIANT",
}


def _rows_of_function(expression: "exp.Expr") -> "Columns":
    """The columns of FLATTEN and SPLIT_TO_TABLE."""
    from sqlglot import exp

    tokens = (name for name in expression.find_all(exp.Anonymous) if str(name.this).upper() == "STRTOK_SPLIT_TO_TABLE")
    if expression.find(exp.SplitToTable) or any(tokens):
        return {
            name: exp.DataType.build(kind) for name, kind in (("SEQ", "BIGINT"), ("INDEX", "BIGINT"), ("VALUE", "TEXT"))
        }
    if expression.find(exp.Explode):
        return {name: exp.DataType.build(kind, dialect="snowflake") for name, kind in _FLATTENED.items()}
    return {}


def _full_name(table: "exp.Table") -> str:
    return ".".join(part.name for part in table.parts)


def _base_columns(session: "Session", tree: "exp.Expr") -> "Mapping[str, Columns]":
    """The columns of every table named in the tree, which is marked with those that are NOT NULL."""
    from sqlglot import exp

    found: dict[str, Columns] = {}
    required: dict[str, frozenset[str]] = {}
    for table in tree.find_all(exp.Table):
        name = _full_name(table)
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
