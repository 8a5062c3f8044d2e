"""CREATE OR ALTER TABLE of a table that is there: the ALTER TABLE clauses that make it what the statement says."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from neve.local.errors import compilation_error, unsupported, unsupported_feature
from neve.local.reader import Reader
from neve.local.result import Column
from neve.local.schemas import columns
from neve.local.sqltext import quote_identifier, quote_string
from neve.local.tables import keys
from neve.local.tables.alter_columns import check_type
from neve.local.tables.columns import ColumnDefinition, definitions, not_null
from neve.local.tables.facts import read_columns, read_table, write_table
from neve.local.tables.names import Place

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def become(session: "Session", place: Place, tree: "exp.Expr", told: dict[str, Any]) -> None:
    """Brings the table to the definition; its rows stay. Raises SqlError before anything is changed where Snowflake's
    tables cannot become what is wanted. `told` are the wanted facts of the table itself.
    """
    if tree.this.key != "schema" or tree.expression:
        raise unsupported("CREATE OR ALTER TABLE without a list of columns, of a table that is there,")
    from neve.local.tables.alter import change

    _check_kind(session, place, tree, told)
    for clause in list(_clauses(session, place, tree)):
        change(session, place, Reader.of(clause))
    known = read_table(session, place)
    found = keys.written(keys.of(tree.this.expressions))
    kept = {name: told.get(name) for name in ("comment", "cluster_by", "retention_time")}
    write_table(session, place, {**known, **kept, "keys": found or None})


def _check_kind(session: "Session", place: Place, tree: "exp.Expr", told: dict[str, Any]) -> None:
    """Raises SqlError for what the statement would not change of the table."""
    from sqlglot import exp

    temporary = tree.find(exp.TemporaryProperty) is not None
    if told.get("kind") != read_table(session, place).get("kind") or temporary != (place.name in session.temporary):
        raise unsupported("CREATE OR ALTER TABLE of another kind, such as TRANSIENT,")
    if tree.find(exp.Tags):
        raise unsupported("TAG in CREATE OR ALTER TABLE of a table that is there")


def _clauses(session: "Session", place: Place, tree: "exp.Expr") -> Iterator[str]:
    nodes = [node for node in tree.this.expressions if node.key == "columndef"]
    wanted = not_null(definitions(session, nodes), keys.of(tree.this.expressions))
    known = {column.name: column for column in columns(session, *place.stored)}
    facts = read_columns(session, place)
    _check_order(list(known), [column.name for column in wanted])
    kept = [(known[column.name], column) for column in wanted if column.name in known]
    for old, new in kept:
        check_type(new.name, old.type, new.type)
        if old.type != new.type:
            yield f"ALTER COLUMN {quote_identifier(new.name)} SET DATA TYPE {new.type}"
    for old, new in kept:
        yield from _changes(old, new, facts.get(new.name, {}))
    for name in known.keys() - {column.name for column in wanted}:
        yield f"DROP COLUMN {quote_identifier(name)}"
    for node, column in zip(nodes, wanted, strict=True):
        if column.name not in known:
            yield f"ADD COLUMN {node.sql(dialect='snowflake')}"
            if not column.nullable:
                yield f"ALTER COLUMN {quote_identifier(column.name)} SET NOT NULL"


def _check_order(known: Sequence[str], wanted: Sequence[str]) -> None:
    """Columns keep their order; new ones stand at the end."""
    kept = [name for name in wanted if name in known]
    if kept != [name for name in known if name in kept]:
        raise compilation_error("Invalid operation column re-ordering is not possible in CREATE OR ALTER TABLE")
    if list(wanted[: len(kept)]) != kept:
        raise unsupported_feature("CREATE OR ALTER TABLE column add before end of column list")


def _changes(old: Column, new: ColumnDefinition, told: Any) -> Iterator[str]:
    column = f"ALTER COLUMN {quote_identifier(new.name)}"
    if tuple(told.get("identity") or ()) != (new.identity or ()):
        raise unsupported("CREATE OR ALTER TABLE with another AUTOINCREMENT")
    if told.get("default") != new.facts.get("default"):
        if "default" in new.facts:
            raise unsupported_feature("Alter Column Set Default")
        yield f"{column} DROP DEFAULT"
    if old.nullable != new.nullable:
        yield f"{column} {'DROP' if new.nullable else 'SET'} NOT NULL"
    if told.get("comment") != new.facts.get("comment"):
        comment = new.facts.get("comment")
        yield f"{column} {'UNSET COMMENT' if comment is None else f'COMMENT {quote_string(comment)}'}"
