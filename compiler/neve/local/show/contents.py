"""DESCRIBE DATABASE and SCHEMA: what is in them. DESCRIBE RESULT: the columns of an earlier result."""

from typing import TYPE_CHECKING

from neve.local.errors import SqlError, no_database, not_exist
from neve.local.reader import Reader
from neve.local.result import Column, Result, from_rows
from neve.local.sqltext import Statement, quote_identifier
from neve.local.tables.containers import schema_of
from neve.local.types import TIMESTAMP_LTZ

if TYPE_CHECKING:
    from neve.local.session import Session

_HEADS = (Column("created_on", TIMESTAMP_LTZ), Column("name"), Column("kind"))
_RESULT = ("name", "type", "kind", "null?", "default", "primary key", "unique key", "check", "expression", "comment")


def describe_database(session: "Session", statement: Statement) -> Result:
    name = Reader(statement.text, statement.tokens, 2).dotted()[0]
    if name not in session.engine.databases:
        raise no_database(name)
    rows = session.run(f"SHOW SCHEMAS IN DATABASE {quote_identifier(name)}").dicts()
    return from_rows(_HEADS, [(row["created_on"], row["name"], "SCHEMA") for row in rows])


def describe_schema(session: "Session", statement: Statement) -> Result:
    parts = Reader(statement.text, statement.tokens, 2).dotted()
    full = schema_of(session, parts)
    if not session.engine.databases.has_schema(session, *full):
        raise not_exist("Schema", ".".join(full))
    scope = ".".join(map(quote_identifier, full))
    rows = session.run(f"SHOW OBJECTS IN SCHEMA {scope}").dicts()
    return from_rows(_HEADS, [(row["created_on"], row["name"], row["kind"]) for row in rows])


def describe_result(session: "Session", statement: Statement) -> Result:
    """DESCRIBE RESULT 'id' | LAST_QUERY_ID()."""
    asked = str(session.evaluate(statement.slice(2)))
    found = session.engine.result(asked)
    if found is None:
        raise SqlError(709, "02000", f"Statement {asked} not found")
    rows = [
        (column.name, str(column.type), "COLUMN", "Y" if column.nullable else "N", None, "N", "N", None, None, None)
        for column in found.columns
    ]
    return from_rows([Column(head) for head in _RESULT], rows)


ROUTES = tuple(
    ((verb, kind), run)
    for verb in ("DESCRIBE", "DESC")
    for kind, run in (("DATABASE", describe_database), ("SCHEMA", describe_schema), ("RESULT", describe_result))
)
