"""INSERT, UPDATE, DELETE, MERGE, TRUNCATE: each value converted to its column's type as Snowflake does."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from neve.local import result as r
from neve.local.errors import SqlError, compilation_error, unsupported
from neve.local.result import Column, Result
from neve.local.schemas import columns as columns_of
from neve.local.sqltext import Statement
from neve.local.transactions import before_change, changes
from neve.local.translate.coerce import coerced, coerced_query
from neve.local.translate.names import parts_of, stored
from neve.local.translate.query import finished, prepared

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def insert(session: "Session", statement: Statement, tree: "exp.Insert") -> Result:
    """INSERT [OVERWRITE] INTO t [(columns)] VALUES … or a query."""
    del statement
    before_change(session)
    return r.affected({"number of rows inserted": insert_rows(session, tree)}, r.INSERT)


def insert_rows(session: "Session", tree: "exp.Insert") -> int:
    """Runs an INSERT; how many rows."""
    from sqlglot import exp

    overwrite = tree.args.get("overwrite")
    tree.set("overwrite", None)
    tree = cast("exp.Insert", prepared(session, tree))
    targets = _targets(session, tree)
    if isinstance(tree.expression, exp.Values):
        for row in tree.expression.expressions if targets else ():
            if len(row.expressions) != len(targets):
                raise value_count(len(targets), len(row.expressions))
            row.set("expressions", [coerced(v, c) for v, c in zip(row.expressions, targets, strict=True)])
    elif tree.expression is not None:
        tree.set("expression", coerced_query(tree.expression, targets))
    table = tree.find(exp.Table)
    if not overwrite or table is None:
        return _count(session, finished(session, tree))
    with changes(session):
        return _overwrite(session, tree, table.sql(dialect="duckdb", identify=True))


_NEW_ROWS = "_neve_new_rows"


def _overwrite(session: "Session", tree: "exp.Insert", table: str) -> int:
    """The new rows are computed before the old ones go, for they may be made of them."""
    from sqlglot import exp

    if isinstance(tree.expression, exp.Values):
        sql = finished(session, tree)
    else:
        rows = finished(session, tree.expression.copy())
        session.fetch(f"CREATE OR REPLACE TEMP TABLE {_NEW_ROWS} AS {rows}")
        tree.set("expression", exp.select("*").from_(exp.to_table(f"temp.main.{_NEW_ROWS}")))
        sql = finished(session, tree)
    session.fetch(f"DELETE FROM {table}")
    return _count(session, sql)


def value_count(expected: int, got: int) -> SqlError:
    message = f"Insert value list does not match column list expecting {expected} but got {got}"
    return compilation_error(message, 2020, "21S01")


def _targets(session: "Session", tree: "exp.Insert") -> Sequence[Column]:
    """The columns that are filled, in order; none when the table is unknown, for DuckDB to say so."""
    from sqlglot import exp

    table = tree.find(exp.Table)
    all_columns = columns_of(session, *parts_of(table)) if table is not None and len(table.parts) == 3 else []
    if not isinstance(tree.this, exp.Schema):
        return all_columns
    known = {column.name: column for column in all_columns}
    return [known.get(name.name, Column(name.name)) for name in tree.this.expressions]


def update(session: "Session", statement: Statement, tree: "exp.Update") -> Result:
    """UPDATE t SET … [FROM …] [WHERE …]."""
    del statement
    before_change(session)
    tree = cast("exp.Update", prepared(session, tree))
    _assign(session, tree.this, tree.expressions)
    joined = _multi_joined(session, tree)
    counts = {
        "number of rows updated": _count(session, finished(session, tree)),
        "number of multi-joined rows updated": joined,
    }
    return r.affected(counts, r.UPDATE)


def _multi_joined(session: "Session", tree: "exp.Update") -> int:
    """How many rows of the target are joined with several: which of them such a row gets is left open."""
    from sqlglot import exp

    others = tree.args.get("from_")
    if others is None:
        return 0
    row = exp.column("rowid", table=exp.to_identifier(tree.this.alias_or_name, quoted=True))
    found = exp.Select(expressions=[row], from_=exp.From(this=tree.this.copy()))
    found = found.join(others.this.copy(), join_type="cross")
    where = tree.args.get("where")
    found = found.where(where.this.copy()) if where is not None else found
    found = found.group_by(row.copy()).having("count(*) > 1")
    return int(session.fetch(f"SELECT count(*) FROM ({finished(session, found)})")[0][0])


def _assign(session: "Session", table: "exp.Table", assignments: "Sequence[exp.EQ]") -> None:
    """The left sides of SET without the table's name, the right sides in the columns' types."""
    from sqlglot import exp

    known = {column.name: column for column in columns_of(session, *parts_of(table))}
    for assignment in assignments:
        name = assignment.this.name
        assignment.set("this", exp.column(exp.to_identifier(name, quoted=True)))
        if name in known:
            assignment.set("expression", coerced(assignment.expression, known[name]))


def delete(session: "Session", statement: Statement, tree: "exp.Delete") -> Result:
    """DELETE FROM t [USING …] [WHERE …]."""
    del statement
    before_change(session)
    sql = finished(session, prepared(session, tree))
    return r.affected({"number of rows deleted": _count(session, sql)}, r.DELETE)


def truncate(session: "Session", statement: Statement, tree: "exp.TruncateTable") -> Result:
    """TRUNCATE [TABLE] [IF EXISTS] t."""
    from neve.local.stages.loads import forget
    from neve.local.tables.names import find, need

    del statement
    for table in tree.expressions:
        parts = tuple(map(stored, table.parts))
        place = find(session, parts) if tree.args.get("exists") else need(session, parts)
        if place.kind:
            session.fetch(f"DELETE FROM {place.sql}")
            forget(session, place.name)
    return r.status("Statement executed successfully.")


_ACTIONS = (("INSERT", "inserted"), ("UPDATE", "updated"), ("DELETE", "deleted"))


def merge(session: "Session", statement: Statement, tree: "exp.Merge") -> Result:
    """MERGE INTO t USING s ON … WHEN …: one statement of DuckDB's."""
    from sqlglot import exp

    del statement
    before_change(session)
    tree = cast("exp.Merge", prepared(session, tree))
    wanted = {_action(session, tree, when) for when in tree.args["whens"].expressions}
    tree.set("returning", exp.Returning(expressions=[exp.column("merge_action")]))
    done = [action for (action,) in session.fetch(finished(session, tree))]
    counts = {f"number of rows {past}": done.count(name) for name, past in _ACTIONS if name in wanted}
    return r.affected(counts, r.MERGE)


def _action(session: "Session", tree: "exp.Merge", when: "exp.When") -> str:
    """What a WHEN does; its values are brought into the columns' types."""
    from sqlglot import exp

    then = when.args["then"]
    if isinstance(then, exp.Update):
        if not then.expressions:
            raise unsupported("MERGE with UPDATE ALL BY NAME")
        _assign(session, tree.this, then.expressions)
        return "UPDATE"
    if not isinstance(then, exp.Insert):
        return "DELETE"
    known = {column.name: column for column in columns_of(session, *parts_of(tree.this))}
    if isinstance(then.expression, bool) or isinstance(then.this, bool):
        raise compilation_error("INSERT of MERGE needs columns and VALUES.")
    names = [name.name for name in then.this.expressions] if then.this is not None else list(known)
    if then.this is not None:
        then.this.set("expressions", [exp.to_identifier(name, quoted=True) for name in names])
    values: Any = then.expression
    if values is not None:
        pairs = zip(values.expressions, names, strict=False)
        values.set("expressions", [coerced(v, known[n]) if n in known else v for v, n in pairs])
    return "INSERT"


def _count(session: "Session", sql: str) -> int:
    return int(session.fetch(sql)[0][0])
