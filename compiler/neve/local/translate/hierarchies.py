"""CONNECT BY, as a recursive query in place of the table: with LEVEL, and what CONNECT_BY_ROOT and
SYS_CONNECT_BY_PATH ask for, as further columns.
"""

from typing import TYPE_CHECKING

from neve.local.errors import compilation_error, unsupported

if TYPE_CHECKING:
    from sqlglot import exp

_CHILD, _PARENT, _TREE = "_neve_child", "_neve_parent", "_neve_tree"


def write_out_hierarchies(tree: "exp.Expr") -> None:
    """Replaces every CONNECT BY in the tree; after names are folded."""
    from sqlglot import exp

    for select in list(tree.find_all(exp.Select)):
        connect = select.args.get("connect")
        if connect is not None:
            select.set("connect", None)
            _climb(select, connect)


def _climb(select: "exp.Select", connect: "exp.Connect") -> None:
    from sqlglot import exp

    start = select.args.get("from_")
    if start is None or select.args.get("joins") or not isinstance(start.this, exp.Table | exp.Subquery):
        raise unsupported("CONNECT BY of several tables")
    if connect.args.get("nocycle"):
        raise unsupported("CONNECT BY NOCYCLE")
    source = start.this
    followed = _followed(select)
    roots, children = _roots(source, connect, followed), _children(source, connect, followed)
    rows = exp.Union(this=roots, expression=children, distinct=False)
    cte = exp.CTE(this=rows, alias=exp.TableAlias(this=_name(_TREE)))
    whole = exp.select("*").from_(exp.Table(this=_name(_TREE)))
    whole.set("with_", exp.With(expressions=[cte], recursive=True))
    source.replace(exp.Subquery(this=whole, alias=exp.TableAlias(this=_name(source.alias_or_name))))
    _hide(select, ["LEVEL", *followed])


def _followed(select: "exp.Select") -> "dict[str, exp.Expr]":
    """The calls that follow a way from the root, by the names of the columns that take their place."""
    from sqlglot import exp

    found: dict[str, exp.Expr] = {}
    for node in list(select.find_all(exp.ConnectByRoot, exp.Anonymous)):
        path = isinstance(node, exp.Anonymous) and str(node.this).upper() == "SYS_CONNECT_BY_PATH"
        if not (path or isinstance(node, exp.ConnectByRoot)):
            continue
        if path and len(node.expressions) != 2:
            raise compilation_error("SYS_CONNECT_BY_PATH has two arguments.")
        name = f"_NEVE_WAY_{len(found)}"
        found[name] = node.copy()
        node.replace(exp.column(_name(name)))
    return found


def _roots(source: "exp.Expr", connect: "exp.Connect", followed: "dict[str, exp.Expr]") -> "exp.Select":
    from sqlglot import exp

    columns = [exp.alias_(exp.Literal.number(1), "LEVEL", quoted=True)]
    columns += [exp.alias_(_way(call, None), name, quoted=True) for name, call in followed.items()]
    select = exp.Select(expressions=[exp.Star(), *columns], from_=exp.From(this=source.copy()))
    if connect.args.get("start") is not None:
        select.set("where", exp.Where(this=connect.args["start"].copy()))
    return select


def _children(source: "exp.Expr", connect: "exp.Connect", followed: "dict[str, exp.Expr]") -> "exp.Select":
    from sqlglot import exp

    child = source.copy()
    child.set("alias", exp.TableAlias(this=_name(_CHILD)))
    level = exp.Add(this=exp.column(_name("LEVEL"), _name(_PARENT)), expression=exp.Literal.number(1))
    columns = [exp.alias_(level, "LEVEL", quoted=True)]
    columns += [exp.alias_(_way(call, name), name, quoted=True) for name, call in followed.items()]
    condition = connect.args["connect"].copy()
    for prior in list(condition.find_all(exp.Prior)):
        _of(prior, _PARENT)
        for column in prior.find_all(exp.Column):
            column.meta["parent"] = True
        prior.replace(prior.this)
    for column in list(condition.find_all(exp.Column)):
        if column.name == "LEVEL" and not column.table:
            column.replace(exp.Paren(this=level.copy()))
    _of(condition, _CHILD)
    parent = exp.Table(this=_name(_TREE), alias=exp.TableAlias(this=_name(_PARENT)))
    star = exp.Column(this=exp.Star(), table=_name(_CHILD))
    select = exp.Select(expressions=[star, *columns], from_=exp.From(this=child))
    select.append("joins", exp.Join(this=parent, on=condition))
    return select


def _way(call: "exp.Expr", name: str | None) -> "exp.Expr":
    """Of a root, or, as the column `name` of the parent goes on, of a child."""
    from sqlglot import exp

    before = exp.column(_name(name), _name(_PARENT)) if name else None
    if isinstance(call, exp.ConnectByRoot):
        return before or call.this.copy()
    value, separator = (part.copy() for part in call.expressions)
    if name:
        holder = exp.Paren(this=value)
        _of(holder, _CHILD)
        value = holder.this
    step = exp.DPipe(this=separator, expression=exp.cast(value, "VARCHAR"))
    return exp.DPipe(this=before, expression=step) if before else step


def _of(node: "exp.Expr", table: str) -> None:
    """The columns in it, as ones of this table."""
    from sqlglot import exp

    for column in node.find_all(exp.Column):
        if not (column.meta.get("parent") or column.table == _PARENT):
            column.set("table", _name(table))


def _hide(select: "exp.Select", names: "list[str]") -> None:
    """A star does not show the columns that were added."""
    from sqlglot import exp

    for projection in select.expressions:
        star = projection if isinstance(projection, exp.Star) else projection.this if projection.is_star else None
        if isinstance(star, exp.Star):
            star.set("except_", [*(star.args.get("except_") or []), *map(_name, names)])


def _name(name: str) -> "exp.Identifier":
    from sqlglot import exp

    return exp.to_identifier(name, quoted=True)
