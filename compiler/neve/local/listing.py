"""What SHOW statements have in common: LIKE patterns and IN scopes."""

import re
from typing import TYPE_CHECKING, NamedTuple

from neve.local.errors import no_such_object
from neve.local.reader import Reader
from neve.local.sqltext import QualifiedName, resolve

if TYPE_CHECKING:
    from neve.local.session import Session


class Scope(NamedTuple):
    """Where to look: None where any database or schema will do."""

    database: str | None
    schema: str | None

    def holds(self, database: str, schema: str) -> bool:
        return self.database in {None, database} and self.schema in {None, schema}


def like(reader: Reader) -> re.Pattern[str]:
    """Take `LIKE '…'` as a regular expression of any case; without one it matches everything."""
    if not reader.take("LIKE"):
        return re.compile(".*", re.DOTALL)
    wild = {"%": ".*", "_": "."}
    return re.compile("".join(wild.get(c, re.escape(c)) for c in reader.string()), re.DOTALL | re.IGNORECASE)


def scope(session: "Session", reader: Reader) -> Scope:
    """Take `IN ACCOUNT | DATABASE [d] | [SCHEMA] [s]`; the current database and schema without IN.

    Raises SqlError for a database or schema that is named and not there.
    """
    if not reader.take("IN"):
        return Scope(session.database, session.schema)
    if reader.take("ACCOUNT"):
        return Scope(None, None)
    database, schema = found = _named(session, reader)
    known = session.engine.databases
    if database and (database not in known or (schema and not known.has_schema(session, database, schema))):
        raise no_such_object()
    return found


def table_or_scope(session: "Session", reader: Reader) -> QualifiedName | Scope:
    """Take `IN [TABLE | VIEW] name`, or what `scope` takes."""
    if reader.word() != "IN" or reader.word(1) in {"ACCOUNT", "DATABASE", "SCHEMA"}:
        return scope(session, reader)
    reader.expect("IN")
    reader.take_any("TABLE", "VIEW")
    return resolve(session, reader.dotted())


def _named(session: "Session", reader: Reader) -> Scope:
    if reader.take("DATABASE"):
        return Scope(session.database if reader.at_end() else reader.name(), None)
    reader.take("SCHEMA")
    if reader.at_end():
        return Scope(session.database, session.schema)
    first = reader.name()
    return Scope(first, reader.name()) if reader.take(".") else Scope(session.database, first)
