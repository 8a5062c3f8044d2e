"""The columns that INSERT, UPDATE, DELETE and MERGE name: of the table that they change, and of what they read."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from neve.ir import OPEN_SCOPE, Column, From, Output, Scope
from neve.parse_sql.tree import column_named

if TYPE_CHECKING:
    from neve.parse_sql.scopes import ScopeReader


def read_change(reader: "ScopeReader", tree: Any) -> None:
    """Add the scopes of a statement that changes tables; COPY and others are left open."""
    if tree.args.get("with_") or tree.args.get("tables"):
        _left_open(reader, tree)
    elif isinstance(tree, exp.Insert):
        _insert(reader, tree)
    elif isinstance(tree, exp.MultitableInserts):
        _insert_many(reader, tree)
    elif isinstance(tree, exp.Update | exp.Delete):
        _update(reader, tree)
    elif isinstance(tree, exp.Merge):
        _merge(reader, tree)
    else:
        _left_open(reader, tree)


def _left_open(reader: "ScopeReader", tree: Any) -> None:
    reader.inner(tree, {}, reader.add(OPEN_SCOPE))


def _insert(reader: "ScopeReader", tree: Any) -> None:
    given = tree.args.get("expression")
    if isinstance(given, exp.Query):
        reader.query(given, {}, -1)
    elif given is not None:
        reader.inner(given, {}, reader.add(Scope()))
    _filled(reader, tree.this)


def _insert_many(reader: "ScopeReader", tree: Any) -> None:
    """INSERT ALL and INSERT FIRST: what is inserted, and the conditions, name columns of the query at the end."""
    source = tree.args["source"]
    read = From("?", scope=reader.query(source, {}, -1)) if isinstance(source, exp.Query) else From("")
    expressions: list[Any] = []
    for one in tree.expressions:
        insert = one.this
        expressions += [one.args.get("expression"), insert.args.get("expression")]
        _filled(reader, insert.this)
    _expressions(reader, [read], expressions)


def _update(reader: "ScopeReader", tree: Any) -> None:
    from_ = tree.args.get("from_")
    beside = [from_.this] if from_ else tree.args.get("using") or []
    target, sources = _sources(reader, tree.this, beside)
    values = [*map(_value, tree.expressions), tree.args.get("where")]
    _expressions(reader, [target, *sources], values)
    _assigned(reader, target, tree.expressions)


def _merge(reader: "ScopeReader", tree: Any) -> None:
    target, sources = _sources(reader, tree.this, [tree.args["using"]])
    of_both, of_source = [tree.args.get("on")], []
    for when in tree.args["whens"].expressions:
        then, condition = when.args["then"], when.args.get("condition")
        if isinstance(then, exp.Insert):
            of_source += [condition, then.args.get("expression")]
            columns = then.this.expressions if isinstance(then.this, exp.Tuple) else ()
            _named(reader, target, [one.this for one in columns if isinstance(one, exp.Column)])
        else:
            of_both.append(condition)
        if isinstance(then, exp.Update):
            of_both += map(_value, then.expressions)
            _assigned(reader, target, then.expressions)
    _expressions(reader, [target, *sources], of_both)
    _expressions(reader, sources, of_source)


def _sources(reader: "ScopeReader", target: Any, beside: Iterable[Any]) -> tuple[From, list[From]]:
    own = reader.add(OPEN_SCOPE)
    changed = reader.source(target, {}, own, OPEN_SCOPE)
    return changed, [reader.source(one, {}, own, OPEN_SCOPE) for one in beside]


def _filled(reader: "ScopeReader", into: Any) -> None:
    """The columns in the list behind the table's name."""
    if isinstance(into, exp.Schema):
        _named(reader, reader.source(into.this, {}, reader.add(OPEN_SCOPE), OPEN_SCOPE), into.expressions)


def _assigned(reader: "ScopeReader", target: From, assignments: Sequence[Any]) -> None:
    """What stands at the left of SET."""
    columns: list[Column] = []
    for one in assignments:
        if isinstance(one, exp.EQ) and isinstance(one.this, exp.Column):
            reader.inner(one.this, {}, -1, columns)
    _of_target(reader, target, columns)


def _named(reader: "ScopeReader", target: From, names: Iterable[Any]) -> None:
    _of_target(reader, target, [column for one in names if (column := column_named("", one))])


def _of_target(reader: "ScopeReader", target: From, columns: Sequence[Column]) -> None:
    if columns:
        reader.add(Scope((target,), tuple(columns), closed=target.name != ""))


def _expressions(reader: "ScopeReader", sources: Sequence[From], expressions: Iterable[Any]) -> None:
    """Expressions that may name the columns of these sources."""
    own = reader.add(OPEN_SCOPE)
    columns: list[Column] = []
    for one in expressions:
        if isinstance(one, exp.Expression):
            reader.inner(one, {}, own, columns)
    columns = [one for one in columns if (one.table, one.name) != ("", "DEFAULT")]
    closed = all(source.name for source in sources)
    reader.found[own] = Scope(tuple(sources), tuple(columns), (Output(""),), closed=closed)


def _value(assignment: Any) -> Any:
    """What stands at the right of an `=` in SET."""
    return assignment.args.get("expression") if isinstance(assignment, exp.EQ) else assignment
