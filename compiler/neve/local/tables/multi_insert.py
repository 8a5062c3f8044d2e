"""INSERT ALL and INSERT FIRST: one query's rows into several tables."""

from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.result import Result
from neve.local.sqltext import Statement
from neve.local.tables.dml import insert_rows
from neve.local.transactions import before_change, changes
from neve.local.translate.query import translated

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session

_ROWS = "_neve_multi_insert"


def insert_many(session: "Session", statement: Statement, tree: "exp.MultitableInserts") -> Result:
    """All of it happens, or nothing; the result counts the rows of each table."""
    del statement
    before_change(session)
    with changes(session):
        session.fetch(f"CREATE OR REPLACE TEMP TABLE {_ROWS} AS {translated(session, tree.args['source'].copy())}")
        counts: dict[str, int] = {}
        for branch, condition in _branches(tree):
            name = f"number of rows inserted into {_name(branch)}"
            counts[name] = counts.get(name, 0) + insert_rows(session, _from_rows(branch, condition))
        session.fetch(f"DROP TABLE {_ROWS}")
    return r.affected(counts, r.MULTI_INSERT)


def _branches(tree: "exp.MultitableInserts") -> "list[tuple[exp.Insert, exp.Expr | None]]":
    """Each INTO with the condition that holds for its rows; FIRST excludes what an earlier WHEN took."""
    from sqlglot import exp

    first = str(tree.args.get("kind")).upper() == "FIRST"
    earlier: list[exp.Expr] = []
    found = []
    for branch in tree.expressions:
        condition = branch.args.get("expression")
        if branch.args.get("else_"):
            condition = _none_of(earlier)
        elif condition is not None:
            whole = exp.and_(condition.copy(), _none_of(earlier)) if first and earlier else condition.copy()
            earlier.append(condition)
            condition = whole
        found.append((branch.this, condition))
    return found


def _none_of(conditions: "list[exp.Expr]") -> "exp.Expr":
    from sqlglot import exp

    denied = [exp.Not(this=exp.func("COALESCE", exp.paren(c.copy()), exp.false())) for c in conditions]
    return exp.and_(*denied) if denied else exp.true()


def _name(branch: "exp.Insert") -> str:
    from sqlglot import exp

    table = branch.find(exp.Table)
    return table.name.upper() if table is not None else ""


def _from_rows(branch: "exp.Insert", condition: "exp.Expr | None") -> "exp.Insert":
    """INTO t [(columns)] [VALUES (expressions)] as an INSERT … SELECT from the kept rows."""
    from sqlglot import exp

    values = branch.expression
    chosen = values.expressions[0].expressions if isinstance(values, exp.Values) else [exp.Star()]
    rows = exp.Table(
        this=exp.to_identifier(_ROWS, quoted=True),
        db=exp.to_identifier("main", quoted=True),
        catalog=exp.to_identifier("temp", quoted=True),
    )
    rows.meta["placed"] = True
    query = exp.Select(expressions=[node.copy() for node in chosen], from_=exp.From(this=rows))
    if condition is not None:
        query = query.where(condition)
    made = branch.copy()
    made.set("expression", query)
    return made
