"""The SELECTs of a statement: where their columns come from, which they use, which they give.

Nothing is decided here, for the columns of tables are not known yet. What is not understood is left open.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlglot import exp

from neve.ir import OPEN_SCOPE, Column, From, Output, Scope
from neve.parse_sql.changes import read_change
from neve.parse_sql.tabular import function_name, function_scope, pivoted, pivoted_outputs, values_scope
from neve.parse_sql.tree import LEAVES, Tree, column_named, column_of, stored

_AFTER_NAME = ("match_recognize", "changes")
_STATEMENTS = (exp.Insert, exp.MultitableInserts, exp.Merge, exp.Update, exp.Delete, exp.Copy)
_CLOSED = (exp.Table, exp.DataType, *LEAVES)
_LOOKING = (exp.Lateral, exp.TableFromRows)
"""What reads from the tables that stand before it in FROM."""
_FLATTENED = "_FLATTENED"
"""The alias that sqlglot gives to a FLATTEN without one."""
Visible = dict[str, tuple[int, tuple[str, ...]]]
"""The CTEs that a query sees: the scope of each, and the names that it gives to its columns."""


def scopes(statement: Tree) -> tuple[list[Scope], int]:
    """The scopes of a statement, and which of them is its own query (-1: none)."""
    reader, tree = ScopeReader(statement.below), statement.nodes[0]
    query = tree.args.get("expression") if isinstance(tree, exp.Create) else tree
    if isinstance(query, exp.Query) and (query is tree or not tree.args.get("with_")):
        return reader.found, reader.query(query, {}, -1)
    if isinstance(tree, _STATEMENTS):
        read_change(reader, tree)
    return reader.found, -1


class ScopeReader:
    """Collects scopes, each after those that it reads from."""

    def __init__(self, below: Mapping[int, list[Any]]) -> None:
        self.found: list[Scope] = []
        self._below = below

    def query(self, node: Any, visible: Visible, outer: int) -> int:
        """The scope of a query."""
        while isinstance(node, exp.Subquery | exp.Paren) and not node.args.get("with_"):
            if node.args.get("pivots") or node.args.get("joins"):
                return self.add(OPEN_SCOPE)
            node = node.this
        if node.args.get("with_"):
            visible = self._ctes(node.args["with_"], visible)
        if isinstance(node, exp.SetOperation):
            return self._union(node, visible, outer)
        return self._select(node, visible, outer) if isinstance(node, exp.Select) else self.add(OPEN_SCOPE)

    def inner(self, node: Any, visible: Visible, outer: int, columns: list[Column] | None = None) -> None:
        """The columns in an expression of the scope `outer`, and the queries inside it."""
        stack = [node]
        while stack:
            one = stack.pop()
            kind = _kind(one.__class__)
            if kind is exp.Expression:
                stack += self._below[id(one)]
            elif kind is exp.Column:
                if columns is not None and (column := column_of(one)):
                    columns.append(column)
            elif kind is exp.Lambda:
                self._lambda(one, visible, outer, columns)
            elif kind is exp.Star:
                stack.extend(replaced.this for replaced in one.args.get("replace") or ())
            elif kind is exp.Query:
                self.query(one, visible, outer)

    def _lambda(self, node: Any, visible: Visible, outer: int, columns: list[Column] | None) -> None:
        """The columns in a lambda's body; its parameters are none."""
        own = set(map(stored, node.expressions))
        inside: list[Column] = []
        self.inner(node.this, visible, outer, inside)
        if columns is not None:
            columns += [one for one in inside if (one.table or one.name) not in own]

    def add(self, scope: Scope) -> int:
        self.found.append(scope)
        return len(self.found) - 1

    def _ctes(self, with_: Any, visible: Visible) -> Visible:
        seen = dict(visible)
        for cte in with_.expressions:
            alias = cte.args["alias"]
            name, columns = stored(alias.this), tuple(map(stored, alias.args.get("columns") or ()))
            itself = -1
            if with_.args.get("recursive") or isinstance(cte.this, exp.SetOperation):
                itself = self.add(OPEN_SCOPE)
                seen[name] = (itself, columns)
            scope = self.query(cte.this, seen, -1)
            if itself >= 0:  # what a CTE reads of itself has the columns of its first query
                self.found[itself] = Scope(union=self.found[scope].union[:1]) if self.found[scope].union else OPEN_SCOPE
            seen = {**seen, name: (scope, columns)}
        return seen

    def _union(self, node: Any, visible: Visible, outer: int) -> int:
        if node.args.get("by_name"):
            return self.add(OPEN_SCOPE)
        left = self.query(node.this, visible, outer)
        right = self.query(node.args["expression"], visible, outer)
        return self.add(Scope(union=(left, right)))

    def _select(self, node: Any, visible: Visible, outer: int) -> int:
        sources: list[From] = []
        merged: list[str] = []
        closed = not any(node.args.get(key) for key in ("match", "match_recognize", "laterals"))
        joins = node.args.get("joins") or ()
        own = self.add(OPEN_SCOPE)  # its subqueries come before it is known itself
        from_ = node.args.get("from_")
        for item, join in (*(((from_.this, None),) if from_ else ()), *((join.this, join) for join in joins)):
            named = (join.args.get("using") if join is not None else None) or ()
            using = [one for one in named if isinstance(one, exp.Identifier)]
            looks = using or isinstance(item, _LOOKING)
            before = Scope(tuple(sources), outer=outer, closed=closed) if looks else OPEN_SCOPE
            source = self.source(item, visible, own, before)
            if join is not None and join.args.get("method") == "NATURAL":
                source = source._replace(natural=True)
            sources.append(source)
            closed = closed and source.name != ""
            if using:
                merged += map(stored, using)
                self._using(using, before, source)
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
        stars = [
            one for one in node.expressions if isinstance(one.this if isinstance(one, exp.Column) else one, exp.Star)
        ]
        if stars:
            self._changed(stars, Scope(tuple(sources), merged=tuple(merged), outer=outer, closed=closed))
        self.found[own] = Scope(tuple(sources), tuple(columns), outputs, tuple(merged), outer, closed)
        return own

    def _condition(self, join: Any, visible: Visible, own: int, columns: list[Column]) -> None:
        for key in ("on", "match_condition"):
            if isinstance(join.args.get(key), exp.Expression):
                self.inner(join.args[key], visible, own, columns)

    def _using(self, using: Sequence[Any], before: Scope, joined: From) -> None:
        """The columns of USING, which both sides must have."""
        if columns := [column for one in using if (column := column_named("", one))]:
            names = tuple(column.name for column in columns)
            self.add(before._replace(columns=tuple(columns), merged=names, outer=-1))
            self.add(Scope((joined,), tuple(columns), closed=joined.name != ""))

    def _changed(self, given: list[Any], around: Scope) -> None:
        """The columns that EXCLUDE and RENAME name: each may be one of several tables."""
        for one in given:
            star, table = (one.this, stored(one.args.get("table"))) if isinstance(one, exp.Column) else (one, "")
            changed = (*(star.args.get("except_") or ()), *(r.this for r in star.args.get("rename") or ()))
            named = [column_named(table, part.this if isinstance(part, exp.Column) else part) for part in changed]
            columns = tuple(column for column in named if column)
            if columns:
                self.add(around._replace(columns=columns, merged=tuple(column.name for column in columns)))

    def source(self, item: Any, visible: Visible, own: int, before: Scope) -> From:
        """What stands in FROM or JOIN; without a name when it is not understood at all.

        `before` is what stands there to the left of it, which a table function sees.
        """
        pivots = item.args.get("pivots")
        source = self._without_pivot(item, visible, own, before)
        if not pivots or not source.name:
            return source
        return self._pivoted(pivots[0], source) if len(pivots) == 1 else From("")

    def _pivoted(self, pivot: Any, source: From) -> From:
        columns: list[Column] = []
        for one in [*pivot.args["fields"], *(() if pivot.args.get("unpivot") else pivot.expressions)]:
            self.inner(one, {}, -1, columns)
        outputs = pivoted_outputs(pivot, tuple(column.name for column in columns), stored)
        scope = self.add(pivoted(source, columns, outputs))
        name, renamed = _alias(pivot)
        return From(name or source.name, scope=scope, columns=renamed)

    def _without_pivot(self, item: Any, visible: Visible, own: int, before: Scope) -> From:
        name, renamed = _alias(item)
        if any(item.args.get(key) for key in _AFTER_NAME):
            return From("")
        if isinstance(item, exp.Subquery) and isinstance(item.this, exp.Query):
            return From(name or "?", scope=self.query(item.this, visible, -1), columns=renamed)
        if isinstance(item, exp.Lateral) and isinstance(item.this, exp.Subquery):
            return From(name or "?", scope=self.query(item.this, visible, own), columns=renamed)
        if isinstance(item, exp.Table) and isinstance(item.this, exp.Identifier) and not item.args.get("joins"):
            return self._table(item, name, renamed, visible)
        if isinstance(item, exp.Values):
            return From(name or "?", scope=self.add(values_scope(item)), columns=renamed)
        return self._function(item, name, renamed, visible, before)

    def _function(self, item: Any, alias: str, renamed: tuple[str, ...], visible: Visible, before: Scope) -> From:
        """A table function; one that reads an expression sees what stands before it."""
        if not isinstance(item, exp.Lateral | exp.TableFromRows):
            return From("")
        name = function_name(item)
        if not name:
            return From(alias or "?")
        columns: list[Column] = []
        around = self.add(before)
        self.inner(item.this, visible, around, columns)
        self.found[around] = before._replace(columns=tuple(columns))
        named = name if alias in {"", _FLATTENED} else alias
        return From(named, scope=self.add(function_scope(name)), columns=renamed)

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
    """What nodes of a type are to `inner`: one that it treats by itself, any expression, or (None) nothing."""
    if issubclass(kind, exp.Query):
        return exp.Query
    for one in (exp.Column, exp.Lambda, exp.Star):
        if issubclass(kind, one):
            return one
    return None if issubclass(kind, _CLOSED) else exp.Expression


def _alias(item: Any) -> tuple[str, tuple[str, ...]]:
    """The name that an item of FROM has there, or "", and those of its columns."""
    alias = item.args.get("alias")
    if alias is None:
        return "", ()
    return stored(alias.this), tuple(map(stored, alias.args.get("columns") or ()))


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
