"""Names: identifiers folded as Snowflake folds them, tables given in full."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from neve.local.errors import invalid_identifier, no_database
from neve.local.sqltext import QualifiedName, resolve

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def fold(tree: "exp.Expr") -> None:
    """Upper-cases what was not quoted, and quotes everything, so that DuckDB's own reserved words do no harm."""
    from sqlglot import exp

    for identifier in list(tree.find_all(exp.Identifier)):
        if _means_all(identifier) and identifier.parent is not None:
            identifier.parent.replace(exp.var("ALL"))
            continue
        key = isinstance(identifier.parent, exp.PropertyEQ) and identifier.arg_key == "this"
        if not identifier.args.get("quoted") and not key:
            identifier.set("this", str(identifier.this).upper())
            identifier.args["quoted"] = True


def _means_all(identifier: "exp.Identifier") -> bool:
    """ORDER BY ALL."""
    from sqlglot import exp

    column = identifier.parent
    bare = not identifier.args.get("quoted") and str(identifier.this).upper() == "ALL"
    return bare and isinstance(column, exp.Column) and not column.table and isinstance(column.parent, exp.Ordered)


def joins_without_marks(tree: "exp.Expr") -> "exp.Expr":
    """`a.id = b.id (+)` in WHERE as an outer join."""
    from sqlglot import exp
    from sqlglot.transforms import eliminate_join_marks

    marked = any(column.args.get("join_mark") for column in tree.find_all(exp.Column))
    return eliminate_join_marks(tree) if marked else tree


_PLACE = re.compile(r"\$([1-9]\d*)")


def place_columns(tree: "exp.Expr") -> None:
    """`$1` is a column by its place: of VALUES COLUMN1, of others `infer` finds it; so is `"$1"` that is no name."""
    from sqlglot import exp

    for parameter in list(tree.find_all(exp.Parameter)):
        if isinstance(parameter.this, exp.Literal) and not parameter.this.is_string:
            if not int(parameter.this.this):
                raise invalid_identifier(f"${parameter.this.this}")
            column = exp.column(exp.to_identifier(f"COLUMN{parameter.this.this}", quoted=True))
            holder = parameter.parent
            if isinstance(holder, exp.Column):
                holder.set("this", column.this)
            else:
                parameter.replace(column)
                holder = column
            holder.meta["place"] = int(parameter.this.this)
    named = {alias.alias for alias in tree.find_all(exp.Alias)}
    for column in list(tree.find_all(exp.Column)):
        place = _PLACE.fullmatch(column.name) if not column.table else None
        if place and column.name not in named:
            column.meta["place"] = int(place[1])


def name_recursion(tree: "exp.Expr") -> None:
    """Snowflake needs no RECURSIVE: a WITH whose second half reads itself is."""
    from sqlglot import exp

    for cte in tree.find_all(exp.CTE):
        query = cte.this
        name = cte.alias.upper()
        above = cte.parent
        if (
            above is not None
            and isinstance(query, exp.Union)
            and any(_names(table, name) for table in query.expression.find_all(exp.Table))
        ):
            above.args["recursive"] = True


def _names(table: "exp.Table", name: str) -> bool:
    return len(table.parts) == 1 and table.name.upper() == name


def name_values(tree: "exp.Expr") -> None:
    """VALUES without column names has COLUMN1, COLUMN2 …"""
    from sqlglot import exp

    for node in tree.find_all(exp.Values):
        alias = node.args.get("alias")
        if isinstance(node.parent, exp.Insert) or (alias is not None and alias.columns):
            continue
        width = len(node.expressions[0].expressions) if isinstance(node.expressions[0], exp.Tuple) else 1
        columns = [exp.to_identifier(f"COLUMN{i + 1}", quoted=True) for i in range(width)]
        name = alias.this if alias is not None and alias.this is not None else exp.to_identifier("VALUES", quoted=True)
        node.set("alias", exp.TableAlias(this=name, columns=columns))


def parts_of(table: "exp.Table") -> tuple[str, ...]:
    """The parts of a table's name; after `fold`."""
    return tuple(part.name for part in table.parts)


def qualify(session: "Session", tree: "exp.Expr") -> None:
    """Every table outside WITH's names gets its database and schema; a temporary one its place in DuckDB."""
    from sqlglot import exp

    for table in list(tree.find_all(exp.Table)):
        if isinstance(table.this, exp.Identifier) and not table.meta.get("placed") and not is_cte(table):
            table.meta.setdefault("written", parts_of(table))
            place(session, table, resolve(session, parts_of(table)))


def place(session: "Session", table: "exp.Table", name: QualifiedName) -> None:
    """Writes the full name into the node. Raises SqlError when there is no such database."""
    from sqlglot import exp

    if name in session.temporary:
        if not table.alias and not isinstance(table.parent, exp.Create):
            table.set("alias", exp.TableAlias(this=exp.to_identifier(name.name, quoted=True)))
        name = QualifiedName("temp", "main", session.temporary[name])
    elif name.database not in session.engine.databases:
        raise no_database(name.database)
    table.set("this", exp.to_identifier(name.name, quoted=True))
    table.set("db", exp.to_identifier(name.schema, quoted=True))
    table.set("catalog", exp.to_identifier(name.database, quoted=True))


def complete(tree: "exp.Expr", database: str, schema: str) -> None:
    """Tables that are named without a schema are of this one, whatever the session's is; before `fold`."""
    from sqlglot import exp

    for table in list(tree.find_all(exp.Table)):
        if isinstance(table.this, exp.Identifier) and not table.catalog and not is_cte(table):
            table.meta["written"] = tuple(map(stored, table.parts))
            table.set("catalog", exp.to_identifier(database, quoted=True))
            if not table.db:
                table.set("db", exp.to_identifier(schema, quoted=True))


def complete_calls(session: "Session", tree: "exp.Expr", database: str, schema: str) -> None:
    """Functions and procedures of users that are called without a schema are of this one, when it has them."""
    from sqlglot import exp

    from neve.local.procedures import catalog
    from neve.local.procedures.udfs import parts_of, whole

    if not catalog.has_routines(session):
        return
    for node in list(tree.find_all(exp.Anonymous)):
        *before, name = parts_of(node)
        full = QualifiedName(database, before[0] if before else schema, name)
        if len(before) < 2 and not node.meta.get("placed") and catalog.is_called(session, full):
            parts = [exp.to_identifier(part, quoted=True) for part in full[:2]]
            whole(node).replace(exp.Dot.build([*parts, node.copy()]))


def is_cte(table: "exp.Table") -> bool:
    """Whether WITH gives the name, before `fold` or after."""
    return len(table.parts) == 1 and stored(table.this) in set(_visible_ctes(table))


def stored(identifier: "exp.Expr") -> str:
    """The name that an identifier stands for."""
    return str(identifier.this) if identifier.args.get("quoted") else str(identifier.this).upper()


def _visible_ctes(table: "exp.Table") -> Iterator[str]:
    """The names that WITH gives to queries, where `table` stands: of a WITH itself, only the earlier ones."""
    from sqlglot import exp

    child: exp.Expr = table
    parent, inside = table.parent, None
    while parent is not None:
        if isinstance(parent, exp.With):
            recursive = parent.args.get("recursive")
            for cte in parent.expressions:
                if cte is child and not recursive:
                    break
                yield stored(cte.args["alias"].this)
            inside = parent
        else:
            with_ = parent.args.get("with_")
            if with_ is not None and with_ is not inside:
                yield from (stored(cte.args["alias"].this) for cte in with_.expressions)
        child, parent = parent, parent.parent
