"""What SHOW statements have in common: LIKE patterns and IN scopes."""

import re
from typing import TYPE_CHECKING

from neve.local.errors import compilation_error
from neve.local.reader import Reader

if TYPE_CHECKING:
    from neve.local.session import Session


def like(reader: Reader) -> re.Pattern[str]:
    """Take `LIKE '…'` as a regular expression of any case; without one it matches everything."""
    if not reader.take("LIKE"):
        return re.compile(".*", re.DOTALL)
    wild = {"%": ".*", "_": "."}
    return re.compile("".join(wild.get(c, re.escape(c)) for c in reader.string()), re.DOTALL | re.IGNORECASE)


def scope(session: "Session", reader: Reader) -> tuple[str | None, str | None]:
    """Take `IN ACCOUNT | DATABASE [d] | [SCHEMA] [s]`: (database, schema), None for any; the current ones without IN.

    Raises SqlError for a database or schema that is named and not there.
    """
    if not reader.take("IN"):
        return session.database, session.schema
    if reader.take("ACCOUNT"):
        return None, None
    database, schema = _named(session, reader)
    known = session.engine.databases
    if database and (database not in known or (schema and not known.has_schema(session, database, schema))):
        raise compilation_error("Object does not exist, or operation cannot be performed.", 2043, "02000")
    return database, schema


def _named(session: "Session", reader: Reader) -> tuple[str | None, str | None]:
    if reader.take("DATABASE"):
        return (session.database if reader.at_end() else reader.name()), None
    reader.take("SCHEMA")
    if reader.at_end():
        return session.database, session.schema
    first = reader.name()
    return (first, reader.name()) if reader.take(".") else (session.database, first)
