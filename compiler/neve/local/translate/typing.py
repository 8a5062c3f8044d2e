"""Types of expressions, so that functions which depend on them can be rewritten: columns are looked up in DuckDB's
catalog, through subqueries and stars; what is made of them is inferred by sqlglot."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from neve.local.schemas import columns as columns_of_table

if TYPE_CHECKING:
    from sqlglot import exp
    from sqlglot.optimizer.scope import Scope

    from neve.local.session import Session

_KINDS = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "INT", "BIGINT", "INT128", "UBIGINT", "BIGDECIMAL"), "INT"),
    **dict.fromkeys(("DOUBLE", "FLOAT", "DECFLOAT"), "FLOAT"),
    **dict.fromkeys(("VARCHAR", "TEXT", "CHAR", "NCHAR", "NVARCHAR", "NAME"), "TEXT"),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMPNTZ", "DATETIME", "TIMESTAMP_NS", "TIMESTAMP_S", "TIMESTAMP_MS"), "NTZ"),
    **dict.fromkeys(("BINARY", "VARBINARY", "BLOB"), "BINARY"),
    **dict.fromkeys(("OBJECT", "STRUCT", "MAP"), "OBJECT"),
    **dict.fromkeys(("ARRAY", "LIST"), "ARRAY"),
    **dict.fromkeys(("VARIANT", "JSON"), "VARIANT"),
    "TIMESTAMPLTZ": "LTZ",
    "TIMESTAMPTZ": "TZ",
    "BOOLEAN": "BOOLEAN",
    "DATE": "DATE",
    "TIME": "TIME",
    "NULL": "NULL",
}
SEMI = frozenset({"VARIANT", "OBJECT", "ARRAY"})
NUMERIC = frozenset({"INT", "DECIMAL", "FLOAT"})
STAMPS = frozenset({"NTZ", "LTZ", "TZ"})


def kind_of(node: "exp.Expression | None") -> str:
    """INT, DECIMAL, FLOAT, TEXT, BOOLEAN, DATE, TIME, NTZ, LTZ, TZ, VARIANT, OBJECT, ARRAY, BINARY, NULL; else ''."""
    kind = getattr(node, "type", None)
    return "" if kind is None else kind_of_type(kind)


def kind_of_type(kind: "exp.DataType") -> str:
    name = kind.this.name if hasattr(kind.this, "name") else str(kind.this)
    if name == "DECIMAL":
        return "DECIMAL" if scale_of_type(kind) else "INT"
    return _KINDS.get(name, "")


def scale_of_type(kind: "exp.DataType") -> int:
    """The digits after the point of a DECIMAL."""
    return int(kind.expressions[1].name) if len(kind.expressions) > 1 else 0


def number(scale: int) -> "exp.DataType":
    """NUMBER(38, scale)."""
    from sqlglot import exp

    return exp.DataType.build(f"DECIMAL(38, {scale})")


def infer(session: "Session", tree: "exp.Expression") -> None:
    """Sets `type` on every expression it can tell; after names are folded and qualified."""
    from sqlglot import exp
    from sqlglot.optimizer.scope import traverse_scope

    known = _Known(_base_columns(session, tree))
    for node in tree.find_all(exp.Literal):
        fraction = not node.is_string and not node.is_int
        node.type = _literal_type(str(node.this)) if fraction else None
    for query in _outermost_queries(tree):
        for scope in traverse_scope(query):
            known.resolve(scope)
            _annotate(scope.expression)
            known.outputs[id(scope.expression)] = known.outputs_of(scope)
            scope.expression.meta["outputs"] = known.outputs[id(scope.expression)]
    if not isinstance(tree, exp.Query):
        known.resolve_columns((c for c in tree.find_all(exp.Column) if c.type is None), _named_sources(tree, known))
        _annotate(tree)


def _annotate(tree: "exp.Expression") -> None:
    """What is inside of a cast first: for sqlglot a cast has its type already, and it would not look there."""
    from sqlglot import exp

    annotator = _annotator()
    for node in [*reversed([each.this for each in tree.find_all(exp.Cast, exp.TryCast)]), tree]:
        annotator._annotate_expression(node)  # noqa: SLF001 - its public form would start over


def _named_sources(tree: "exp.Expression", known: "_Known") -> "Mapping[str, Mapping[str, exp.DataType]]":
    """The tables and subqueries of an UPDATE, DELETE or MERGE by the names that its columns use."""
    from sqlglot import exp

    named = {table.alias_or_name: known.tables.get(_full_name(table), {}) for table in _target_tables(tree)}
    for query in tree.find_all(exp.Subquery):
        if query.alias and query.find_ancestor(exp.Query) is None:
            named[query.alias] = query.this.meta.get("outputs", {})
    return named


def _outermost_queries(tree: "exp.Expression") -> "list[exp.Expression]":
    from sqlglot import exp

    if isinstance(tree, exp.Query):
        return [tree]
    found = []
    for query in tree.find_all(exp.Query):
        above = query.parent
        while above is not None and above is not tree and not isinstance(above, exp.Query):
            above = above.parent
        if above is tree:
            found.append(query)
    return found


def _target_tables(tree: "exp.Expression") -> "list[exp.Table]":
    """The tables of an UPDATE, DELETE or MERGE, without those of its subqueries."""
    from sqlglot import exp

    return [table for table in tree.find_all(exp.Table) if table.find_ancestor(exp.Query) is None]


class _Known:
    """What is known of columns: of tables by full name, of subqueries by their node."""

    def __init__(self, tables: "Mapping[str, Mapping[str, exp.DataType]]") -> None:
        self.tables = tables
        self.outputs: dict[int, Mapping[str, exp.DataType]] = {}

    def source(self, source: Any) -> "Mapping[str, exp.DataType]":
        """The columns of a source of a scope: a table, or another scope."""
        from sqlglot import exp

        if isinstance(source, exp.Table):
            return self.tables.get(_full_name(source), {})
        expression = source.expression
        columns = self.outputs.get(id(expression), {})
        return columns or _rows_of_function(expression)

    def resolve(self, scope: "Scope") -> None:
        sources: dict[str, Mapping[str, exp.DataType]] = {}
        above: Scope | None = scope
        while above is not None:
            for name, source in above.sources.items():
                if name not in sources:
                    sources[name] = _renamed(above, name, self.source(source))
            above = above.parent
        self.resolve_columns(scope.columns, sources)

    def resolve_columns(
        self, columns: "Iterable[exp.Column]", sources: "Mapping[str, Mapping[str, exp.DataType]]"
    ) -> None:
        for column in columns:
            if column.type is not None:
                continue
            if column.table:
                kind = sources.get(column.table, {}).get(column.name)
            else:
                kind = next((s[column.name] for s in sources.values() if column.name in s), None)
            if kind is not None:
                column.type = kind.copy()

    def outputs_of(self, scope: "Scope") -> "Mapping[str, exp.DataType]":
        """The columns that the scope's query gives, with stars expanded."""
        from sqlglot import exp

        query = scope.expression
        while isinstance(query, exp.SetOperation | exp.Subquery):
            query = query.this
        if query is not scope.expression:
            return self.outputs.get(id(query), {})
        outputs: dict[str, exp.DataType] = {}
        for projection in query.selects if isinstance(query, exp.Select) else ():
            if projection.is_star:
                named = projection.table if isinstance(projection, exp.Column) else None
                for name, source in scope.sources.items():
                    if named in {None, "", name} and name in scope.selected_sources:
                        outputs |= _renamed(scope, name, self.source(source))
            elif projection.type is not None:
                outputs[projection.alias_or_name] = projection.type
        return outputs


def _renamed(scope: "Scope", name: str, columns: "Mapping[str, exp.DataType]") -> "Mapping[str, exp.DataType]":
    """Columns under the names that an alias such as `t (a, b)` gives them."""
    node, _ = scope.selected_sources.get(name, (None, None))
    alias = node.args.get("alias") if node is not None else None
    names = [column.name for column in alias.columns] if alias is not None and hasattr(alias, "columns") else []
    return dict(zip(names, columns.values(), strict=False)) if names and len(names) == len(columns) else columns


_FLATTENED = {
    "SEQ": "BIGINT",
    "KEY": "VARCHAR",
    "PATH": "VARCHAR",
    "INDEX": "BIGINT",
    "VALUE": "VARIANT",
    "THIS": "VARIANT",
}


def _rows_of_function(expression: "exp.Expression") -> "Mapping[str, exp.DataType]":
    """The columns of FLATTEN and SPLIT_TO_TABLE."""
    from sqlglot import exp

    if expression.find(exp.SplitToTable):
        return {
            name: exp.DataType.build(kind) for name, kind in (("SEQ", "BIGINT"), ("INDEX", "BIGINT"), ("VALUE", "TEXT"))
        }
    if expression.find(exp.Explode):
        return {name: exp.DataType.build(kind, dialect="snowflake") for name, kind in _FLATTENED.items()}
    return {}


def _full_name(table: "exp.Table") -> str:
    return ".".join(part.name for part in table.parts)


def _base_columns(session: "Session", tree: "exp.Expression") -> "Mapping[str, Mapping[str, exp.DataType]]":
    """The columns of every table named in the tree."""
    from sqlglot import exp

    found: dict[str, Mapping[str, exp.DataType]] = {}
    for table in tree.find_all(exp.Table):
        name = _full_name(table)
        if name not in found and len(table.parts) == 3:
            columns = columns_of_table(session, *(part.name for part in table.parts))
            found[name] = {c.name: data_type(str(c.type)).copy() for c in columns}
    return found


@cache
def data_type(text: str) -> "exp.DataType":
    """Our name of a type -> sqlglot's."""
    from sqlglot import exp

    return exp.DataType.build(text, dialect="snowflake")


def _literal_type(text: str) -> "exp.DataType":
    from sqlglot import exp

    if "e" in text.lower():
        return exp.DataType.build("DOUBLE")
    whole, _, fraction = text.partition(".")
    return exp.DataType.build(f"DECIMAL({max(len(whole.lstrip('0')) + len(fraction), 1)}, {len(fraction)})")


@cache
def _annotator_parts() -> tuple[Any, Any]:
    from sqlglot.dialects.snowflake import Snowflake
    from sqlglot.schema import MappingSchema

    return MappingSchema(dialect="snowflake"), {**Snowflake.EXPRESSION_METADATA, **_corrections()}


def _annotator() -> Any:
    from sqlglot.optimizer.annotate_types import TypeAnnotator

    schema, metadata = _annotator_parts()
    return TypeAnnotator(schema, expression_metadata=metadata, overwrite_types=False)


def _corrections() -> dict[Any, Any]:
    """Where sqlglot does not know, or tells otherwise than Snowflake."""
    from sqlglot import exp

    def returns(name: str, *classes: Any) -> dict[Any, Any]:
        return {one: {"returns": exp.DataType.build(name, dialect="snowflake")} for one in classes}

    def with_scale(self: Any, node: Any) -> Any:
        self._set_type(node, arithmetic_type(node))
        return node

    def anonymous(self: Any, node: Any) -> Any:
        self._set_type(node, data_type(_RETURNS.get(str(node.this).upper(), "UNKNOWN")).copy())
        return node

    return {
        **returns("VARIANT", exp.JSONExtract, exp.GetExtract, exp.ToVariant, exp.ParseJSON),
        **returns("VARCHAR", exp.ToChar, exp.JSONFormat, exp.Typeof),
        **returns("FLOAT", exp.ToDouble),
        **{one: {"annotator": with_scale} for one in (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Sum, exp.Avg, exp.Mod)},
        exp.Anonymous: {"annotator": anonymous},
    }


_RETURNS = {
    **dict.fromkeys(("TO_TIMESTAMP_TZ", "TRY_TO_TIMESTAMP_TZ"), "TIMESTAMP_TZ"),
    **dict.fromkeys(("TO_TIMESTAMP_LTZ", "TRY_TO_TIMESTAMP_LTZ"), "TIMESTAMP_LTZ"),
    **dict.fromkeys(("TO_TIMESTAMP", "TO_TIMESTAMP_NTZ", "TRY_TO_TIMESTAMP", "TRY_TO_TIMESTAMP_NTZ"), "TIMESTAMP_NTZ"),
    **dict.fromkeys(("AS_INTEGER",), "NUMBER(38,0)"),
    **dict.fromkeys(("AS_DOUBLE", "AS_REAL", "HAVERSINE"), "FLOAT"),
    **dict.fromkeys(("AS_CHAR", "AS_VARCHAR", "RANDSTR", "UUID_STRING", "SOUNDEX"), "VARCHAR"),
    **dict.fromkeys(
        ("AS_ARRAY", "ARRAY_SORT", "ARRAY_FLATTEN", "ARRAY_GENERATE_RANGE", "TO_ARRAY", "STRTOK_TO_ARRAY"), "ARRAY"
    ),
    **dict.fromkeys(("AS_OBJECT", "OBJECT_DELETE", "OBJECT_PICK", "OBJECT_INSERT", "TO_OBJECT"), "OBJECT"),
    **dict.fromkeys(("PARSE_URL",), "OBJECT"),
    **dict.fromkeys(("TRY_PARSE_JSON", "ARRAY_MAX", "ARRAY_MIN", "STRIP_NULL_VALUE"), "VARIANT"),
}


def arithmetic_type(node: Any) -> "exp.DataType":
    """The type of + - * / % SUM AVG by Snowflake's rules for scales."""
    from sqlglot import exp

    operands = [node.this, node.expression] if isinstance(node, exp.Binary) else [node.this]
    kinds = [kind_of(operand) for operand in operands]
    if isinstance(node, exp.Add | exp.Sub):
        if dated := _dated(node, kinds):
            return dated
    if "" in kinds:
        return exp.DataType.build("UNKNOWN")
    if {"FLOAT", "VARIANT"} & set(kinds):
        return exp.DataType.build("DOUBLE")
    scales = [scale_of_type(o.type) if kind == "DECIMAL" else 5 if kind == "TEXT" and not o.is_string else 0
              for o, kind in zip(operands, kinds, strict=True)]  # fmt: skip
    return number(_result_scale(node, scales))


def _dated(node: Any, kinds: list[str]) -> "exp.DataType | None":
    """Dates and times plus or minus something."""
    from sqlglot import exp

    left, right = kinds
    if isinstance(node, exp.Sub) and left == right and left in {"DATE", *STAMPS}:
        return number(0)
    for this, other, operand in ((left, right, node.expression), (right, left, node.this)):
        if this in STAMPS:
            return node.this.type.copy() if this == left else node.expression.type.copy()
        if this == "DATE":
            timed = isinstance(operand, exp.Interval) and not _whole_days(operand)
            return exp.DataType.build("TIMESTAMPNTZ" if timed else "DATE", dialect="snowflake")
        del other
    return None


def _whole_days(interval: Any) -> bool:
    text = f"{interval.this} {interval.args.get('unit') or ''}".upper()
    return not any(unit in text for unit in ("HOUR", "MINUTE", "SECOND"))


def _result_scale(node: Any, scales: list[int]) -> int:
    from sqlglot import exp

    if isinstance(node, exp.Mul):
        return min(sum(scales), max(*scales, 12))
    if isinstance(node, exp.Div | exp.Avg):
        return max(scales[0], min(scales[0] + 6, 12))
    return max(scales)
