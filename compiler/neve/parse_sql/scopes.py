"""The SELECTs of a statement: where their columns come from, which they use, which they give.

Nothing is decided here, for the columns of tables are not known yet. What is not understood is left open.
"""

from functools import cache
from typing import Any

from sqlglot import exp

from neve.ir import Column, From, Output, Scope
from neve.parse_sql.tree import children, stored

_AFTER_NAME = ("pivots", "match_recognize", "changes")
_STATEMENTS = (exp.Insert, exp.MultitableInserts, exp.Merge, exp.Update, exp.Delete, exp.Copy)
_CLOSED = (exp.Lambda, exp.Table, exp.DataType, exp.Identifier, exp.Literal)
_OPEN = Scope(closed=False)
Visible = dict[str, tuple[int, tuple[str, ...]]]
"""The CTEs that a query sees: the scope of each, and the names that it gives to its columns."""


def scopes(tree: Any) -> tuple[list[Scope], int]:
    """The scopes of a statement, and which of them is its own query (-1: none)."""
    reader = _Reader()
    query = tree.args.get("expression") if isinstance(tree, exp.Create | exp.Insert) else tree
    if isinstance(query, exp.Query) and not isinstance(tree, exp.Insert | exp.Create):
        return reader.found, reader.query(query, {}, -1)
    if isinstance(query, exp.Query) and not tree.args.get("with_"):
        return reader.found, reader.query(query, {}, -1)
    if isinstance(tree, _STATEMENTS):
        reader.found.append(_OPEN)
        reader.inner(tree, {}, 0)
    return reader.found, -1


class _Reader:
    """Collects scopes, each after those that it reads from."""

    def __init__(self) -> None:
        self.found: list[Scope] = []

    def query(self, node: Any, visible: Visible, outer: int) -> int:
        """The scope of a query."""
        while isinstance(node, exp.Subquery | exp.Paren) and not node.args.get("with_"):
            if node.args.get("pivots") or node.args.get("joins"):
                return self._add(_OPEN)
            node = node.this
        if node.args.get("with_"):
            visible = self._ctes(node.args["with_"], visible)
        if isinstance(node, exp.SetOperation):
            return self._union(node, visible, outer)
        return self._select(node, visible, outer) if isinstance(node, exp.Select) else self._add(_OPEN)

    def inner(self, node: Any, visible: Visible, outer: int, columns: list[Column] | None = None) -> None:
        """The columns in an expression of the scope `outer`, and the queries inside it."""
        stack = [node]
        while stack:
            one = stack.pop()
            kind = _kind(one.__class__)
            if kind is exp.Expression:
                stack += children(one)
            elif kind is exp.Column:
                if columns is not None and (column := _column(one)):
                    columns.append(column)
            elif kind is exp.Query:
                of_merge = isinstance(one.parent, exp.Merge) and one.arg_key == "using"
                self.query(one, visible, -1 if of_merge else outer)

    def _add(self, scope: Scope) -> int:
        self.found.append(scope)
        return len(self.found) - 1

    def _ctes(self, with_: Any, visible: Visible) -> Visible:
        seen = dict(visible)
        for cte in with_.expressions:
            alias = cte.args["alias"]
            name = stored(alias.this)
            if with_.args.get("recursive") or isinstance(cte.this, exp.SetOperation):
                seen[name] = (self._add(_OPEN), ())
            scope = self.query(cte.this, seen, -1)
            seen = {**seen, name: (scope, tuple(map(stored, alias.args.get("columns") or ())))}
        return seen

    def _union(self, node: Any, visible: Visible, outer: int) -> int:
        if node.args.get("by_name"):
            return self._add(_OPEN)
        left = self.query(node.this, visible, outer)
        right = self.query(node.args["expression"], visible, outer)
        return self._add(Scope(union=(left, right)))

    def _select(self, node: Any, visible: Visible, outer: int) -> int:
        sources: list[From] = []
        merged: list[str] = []
        closed = not any(node.args.get(key) for key in ("match", "connect", "match_recognize", "laterals"))
        joins = node.args.get("joins") or ()
        own = self._add(_OPEN)  # its subqueries come before it is known itself
        from_ = node.args.get("from_")
        for item in (*((from_.this,) if from_ else ()), *(join.this for join in joins)):
            source = self._source(item, visible, own)
            sources.append(source)
            closed = closed and source.name != ""
        for join in joins:
            merged += [stored(one) for one in join.args.get("using") or () if isinstance(one, exp.Identifier)]
            closed = closed and join.args.get("method") != "NATURAL"
        columns: list[Column] = []
        for key, value in node.args.items():
            if key in {"with_", "from_"} or not value:
                continue
            for one in value if isinstance(value, list) else [value]:
                if key == "joins":
                    self._condition(one, visible, own, columns)
                elif isinstance(one, exp.Expression):
                    self.inner(one, visible, own, columns)
        outputs = tuple(map(_output, node.expressions))
        self.found[own] = Scope(tuple(sources), tuple(columns), outputs, tuple(merged), outer, closed)
        return own

    def _condition(self, join: Any, visible: Visible, own: int, columns: list[Column]) -> None:
        for key in ("on", "match_condition"):
            if isinstance(join.args.get(key), exp.Expression):
                self.inner(join.args[key], visible, own, columns)

    def _source(self, item: Any, visible: Visible, own: int) -> From:
        """What stands in FROM or JOIN; without a name when it is not understood at all."""
        alias = item.args.get("alias")
        name = stored(alias.this) if alias is not None and isinstance(alias.this, exp.Identifier) else ""
        renamed = tuple(map(stored, (alias.args.get("columns") if alias is not None else None) or ()))
        if any(item.args.get(key) for key in _AFTER_NAME):
            return From("")
        if isinstance(item, exp.Subquery) and isinstance(item.this, exp.Query):
            return From(name or "?", scope=self.query(item.this, visible, -1), columns=renamed)
        if isinstance(item, exp.Lateral) and isinstance(item.this, exp.Subquery):
            return From(name or "?", scope=self.query(item.this, visible, own), columns=renamed)
        if isinstance(item, exp.Table) and isinstance(item.this, exp.Identifier) and not item.args.get("joins"):
            return self._table(item, name, renamed, visible)
        return From(name or "?") if isinstance(item, exp.Values | exp.Lateral | exp.TableFromRows) else From("")

    def _table(self, item: Any, alias: str, renamed: tuple[str, ...], visible: Visible) -> From:
        name = stored(item.this)
        if not item.args.get("db") and name in visible:
            scope, columns = visible[name]
            return From(alias or name, scope=scope, columns=renamed or columns)
        first = next((item.args[key] for key in ("catalog", "db", "this") if item.args.get(key)), item.this)
        start = first.meta.get("start", -1) if isinstance(first, exp.Identifier) else -1
        by_jinja = first.name == "neve" and bool(item.args.get("catalog"))
        return From(alias or ("?" if by_jinja else name), table=start, columns=renamed)


@cache
def _kind(kind: type) -> type | None:
    """What nodes of a type are to `inner`: a query, a column, an expression to look into, or (None) neither."""
    if issubclass(kind, exp.Query):
        return exp.Query
    if issubclass(kind, exp.Column):
        return exp.Column
    return None if issubclass(kind, _CLOSED) else exp.Expression


def _column(node: Any) -> Column | None:
    args = node.args
    this, table = args["this"], args.get("table")
    place = this.meta if isinstance(this, exp.Identifier) else {}
    if args.get("db") or "start" not in place:
        return None
    first = place if table is None else table.meta if isinstance(table, exp.Identifier) else {}
    return Column(stored(table), stored(this), first["start"], place["end"] + 1) if "start" in first else None


def _output(node: Any) -> Output:
    if isinstance(node, exp.Alias):
        return Output(stored(node.args.get("alias")), alias=True)
    star = node.this if isinstance(node, exp.Column) else node
    if isinstance(star, exp.Star):
        return _star(star, stored(node.args.get("table")) if star is not node else "")
    return Output(stored(node.this) if isinstance(node, exp.Column) else "")


def _star(star: Any, table: str) -> Output:
    """`*` or `t.*`. A pattern (ILIKE) leaves open what it gives: it is given as a table that nobody has."""
    if star.args.get("ilike"):
        return Output("", star=True, table="%")
    left_out = tuple(stored(one.this if isinstance(one, exp.Column) else one) for one in star.args.get("except_") or ())
    renamed = tuple(
        (stored(one.this.this if isinstance(one.this, exp.Column) else one.this), stored(one.args.get("alias")))
        for one in star.args.get("rename") or ()
        if isinstance(one, exp.Alias)
    )
    return Output("", star=True, table=table, left_out=left_out, renamed=renamed)
