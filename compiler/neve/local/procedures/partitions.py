"""Table functions in Python in FROM: `t, TABLE(f(…) OVER (PARTITION BY … ORDER BY …))`.

What stands before the function becomes one row a partition, with all its rows and arguments as lists. The child turns
the arguments of a partition into rows, each with the place of the row that it came from; that row is then put beside
it again. A row of end_partition comes from none: of the table before, it has only what the partition is made by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from neve.local.errors import unsupported
from neve.local.procedures.catalog import Stored
from neve.local.procedures.python_udfs import duck, of_json, registered

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session

_PARTITION, _ROWS, _MADE = "partition", "all rows", "made"
_KEY = "key {}"


def rows_of_one(session: "Session", stored: Stored, given: "list[exp.Expr]", _depth: int = 0) -> "exp.Select":
    """The query of a call whose arguments stand for themselves: a partition of one row."""
    from sqlglot import exp

    one = exp.Select(expressions=[exp.alias_(exp.Literal.number(1), "one")])
    called = _called(session, stored, [duck("list_value", node) for node in given or [exp.Literal.number(0)]])
    rows = _source(exp.Select(expressions=[exp.alias_(called, _MADE, quoted=True)]), _PARTITION)
    query = exp.Select(expressions=_values(stored), from_=exp.From(this=_source(one, "once")))
    query.set("joins", [exp.Join(this=rows), exp.Join(this=_made_rows())])
    return query


@dataclass(frozen=True, slots=True)
class Beside:
    """A call for the rows of what stands before it: its SELECT, its place there, OVER when it has one."""

    select: "exp.Select"
    rows: "exp.TableFromRows"
    over: "exp.Window | None"

    def replace(self, session: "Session", stored: Stored, given: "list[exp.Expr]", alias: "exp.TableAlias") -> None:
        """Puts the rows in the place of both. Raises SqlError for what has no such form."""
        from sqlglot import exp

        before, name = self._before()
        keys = [node for node in _by(self.over) if not isinstance(node, exp.Literal)]
        parts = _source(self._partitions(session, stored, given, name, keys), _PARTITION)
        places = {node.this.name: _KEY.format(index) for index, node in enumerate(keys) if isinstance(node, exp.Column)}
        again = exp.Subquery(this=_typed(before, _row(places)), alias=exp.TableAlias(this=name.copy()))
        values = exp.Subquery(this=exp.Select(expressions=_values(stored)), alias=alias)
        self._spread_stars([name, alias.this])
        before.replace(parts)
        joined = [_made_rows(), again, values]
        others = [join for join in self.select.args["joins"] if join.this is not self.rows]
        self.select.set("joins", [*(exp.Join(this=node) for node in joined), *others])

    def _before(self) -> "tuple[exp.Expr, exp.Identifier]":
        """What stands before, and its name."""
        from sqlglot import exp

        first = self.select.args["from_"].this
        alias = first.args.get("alias")
        if alias is None:
            alias = exp.TableAlias(this=exp.to_identifier("before", quoted=True))
            if isinstance(first, exp.Table):
                return first, first.this
            first.set("alias", alias)
        return first, alias.this

    def _partitions(
        self,
        session: "Session",
        stored: Stored,
        given: "list[exp.Expr]",
        name: "exp.Identifier",
        keys: "Sequence[exp.Expr]",
    ) -> "exp.Select":
        from sqlglot import exp

        order = self.over.args.get("order") if self.over else None

        def listed(node: "exp.Expr") -> "exp.Expr":
            ordered = exp.Order(this=node, expressions=[each.copy() for each in order.expressions]) if order else node
            return duck("list", ordered)

        values = [exp.alias_(key.copy(), _KEY.format(index), quoted=True) for index, key in enumerate(keys)]
        values.append(exp.alias_(listed(exp.Column(this=name.copy())), _ROWS, quoted=True))
        called = _called(session, stored, [listed(node) for node in given or [exp.Literal.number(0)]])
        values.append(exp.alias_(called, _MADE, quoted=True))
        query = exp.Select(expressions=values, from_=exp.From(this=self.select.args["from_"].this.copy()))
        if keys:
            query.set("group", exp.Group(expressions=[key.copy() for key in keys]))
        count = exp.Count(this=exp.Star())
        query.set("having", exp.Having(this=exp.GT(this=count, expression=exp.Literal.number(0))))
        return query

    def _spread_stars(self, names: "Sequence[exp.Identifier]") -> None:
        """`*` as the stars of those that can be seen: what is in between is ours."""
        from sqlglot import exp

        joins = self.select.args["joins"][1:]
        if any(node.find(exp.Parameter) for node in self.select.expressions):
            raise unsupported("A column by its place, beside a table function in Python by partitions,")
        found: list[exp.Expr] = []
        for node in self.select.expressions:
            if not isinstance(node, exp.Star):
                found.append(node)
                continue
            if any(node.args.values()) or any(join.args.get("using") for join in joins):
                raise unsupported("* of these forms, beside a table function in Python by partitions,")
            others = [exp.to_identifier(join.this.alias_or_name, quoted=False) for join in joins]
            found += [exp.Column(this=exp.Star(), table=name.copy()) for name in (*names, *others)]
        self.select.set("expressions", found)


def _called(session: "Session", stored: Stored, lists: "Sequence[exp.Expr]") -> "exp.Expr":
    """The rows of partitions, a text each: `[[place, value, …], …]`."""
    return duck(registered(session, stored, lists=True), *lists)


def _made_rows() -> "exp.Subquery":
    """The rows that were made, a JSON array each."""
    from sqlglot import exp

    made = exp.column(_MADE, _PARTITION, quoted=True)
    listed = duck("unnest", duck("from_json", made, exp.Literal.string('["JSON"]')))
    return _source(exp.Select(expressions=[exp.alias_(listed, "VALUE", quoted=True)]), _MADE)


def _values(stored: Stored) -> "list[exp.Expr]":
    """The function's columns, of their types."""
    from sqlglot import exp

    columns = enumerate(stored.routine.columns, 1)
    return [exp.alias_(of_json(_element(place), each.type), each.name, quoted=True) for place, each in columns]


def _element(place: int) -> "exp.Expr":
    from neve.local.translate.parse import parse_expression

    return parse_expression(f'"{_MADE}".VALUE[{place}]')


def _row(keys: dict[str, str]) -> "exp.Select":
    """The row before that this one came from; of a row of end_partition, the columns that `keys` names."""
    from sqlglot import exp

    place = duck("sf_place", _element(0))
    row = duck("list_extract", exp.column(_ROWS, _PARTITION, quoted=True), place)
    inner = exp.Select(expressions=[duck("unnest", row)])
    replaced = [exp.alias_(exp.column(key, _PARTITION, quoted=True), name) for name, key in keys.items()]
    return exp.Select(expressions=[exp.Star(replace=replaced or None)], from_=exp.From(this=_source(inner, "row")))


def _typed(before: "exp.Expr", rows: "exp.Select") -> "exp.Union":
    """The rows, in the types of those that they came from: what is known of a union is known of its first part."""
    from sqlglot import exp

    none = exp.Select(expressions=[exp.Star()], from_=exp.From(this=before.copy()))
    return exp.Union(this=none.where(exp.false(), copy=False), expression=rows, distinct=False)


def _source(query: "exp.Select", name: str) -> "exp.Subquery":
    from sqlglot import exp

    return exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier(name, quoted=True)))


def beside(node: "exp.TableFromRows", given: "Sequence[exp.Expr]") -> Beside | None:
    """The call as one for the rows of the one table before it. None when its arguments name no column, or without OVER
    when there is more before it: each row is then a partition, as the rows of an account may be.
    """
    from sqlglot import exp

    select: Any = node.find_ancestor(exp.Select)
    join: Any = node.parent
    over = node.this if isinstance(node.this, exp.Window) else None
    if not any(each.find(exp.Column) for each in (*given, *_by(over))):
        return None
    second = isinstance(join, exp.Join) and select.args["joins"][0] is join
    if second and join.kind in {"", "CROSS", "INNER"} and not (join.side or join.args.get("on")):
        return Beside(select, node, over)
    if over is not None:
        raise unsupported("A table function in Python by partitions, beside several tables,")
    return None


def _by(over: "exp.Window | None") -> "list[exp.Expr]":
    return list(over.args.get("partition_by") or ()) if over is not None else []
