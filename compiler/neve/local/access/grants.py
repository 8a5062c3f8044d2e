"""GRANT, REVOKE, SHOW GRANTS."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.access import catalog
from neve.local.access.catalog import Grant
from neve.local.reader import Reader
from neve.local.result import Column, Result, from_rows
from neve.local.sqltext import Statement
from neve.local.types import TEXT, TIMESTAMP_LTZ

if TYPE_CHECKING:
    from neve.local.session import Session

DONE = "Statement executed successfully."
_CONTAINERS = frozenset({"ALL", "FUTURE"})


def change(session: "Session", statement: Statement) -> Result:
    """GRANT privileges ON kind name TO …, GRANT ROLE name TO …, and the same with REVOKE … FROM."""
    gives = statement.words[0] == "GRANT"
    for one in _grants(session, Reader.over(statement), "TO" if gives else "FROM"):
        (catalog.give if gives else catalog.take)(session, one)
    return r.status(DONE)


def _grants(session: "Session", reader: Reader, toward: str) -> Iterator[Grant]:
    reader.token()
    reader.take("GRANT", "OPTION", "FOR")
    if reader.take("DATABASE", "ROLE") or reader.take("ROLE"):
        privileges, granted_on, name = ["USAGE"], "ROLE", ".".join(reader.dotted())
    else:
        privileges = _words_until(reader, "ON")
        granted_on, name = _object(reader)
    reader.expect(toward)
    granted_to, grantee = _grantee(reader)
    option = reader.take("WITH", "GRANT", "OPTION")
    now = datetime.now(UTC)
    for privilege in privileges:
        yield Grant(privilege, granted_on, name, granted_to, grantee, option, session.role, now)


def _words_until(reader: Reader, end: str) -> list[str]:
    """Privileges, of one or more words, apart by commas."""
    found: list[str] = []
    words: list[str] = []
    while not reader.take(end):
        word = reader.word()
        reader.token()
        if word == ",":
            found.append(" ".join(words))
            words = []
        else:
            words.append(word)
    return [*found, " ".join(words)]


def _object(reader: Reader) -> tuple[str, str]:
    """Its kind and name; `ALL TABLES IN SCHEMA s` and `FUTURE …` are kinds of their own; ACCOUNT has no name."""
    words: list[str] = []
    if reader.word() in _CONTAINERS:
        while not reader.take("IN"):
            words.append(reader.word())
            reader.token()
        words.append("IN")
    words.append(reader.word())
    reader.token()
    if words == ["ACCOUNT"]:
        return "ACCOUNT", "ACCOUNT"
    while reader.word() in {"FORMAT", "TABLE", "VIEW", "POOL", "INTEGRATION", "POLICY", "MONITOR"}:
        words.append(reader.word())
        reader.token()
    name = ".".join(reader.dotted())
    if reader.word() == "(":
        name += reader.group_text()
    return " ".join(words), name


def _grantee(reader: Reader) -> tuple[str, str]:
    for kind in (("DATABASE", "ROLE"), ("APPLICATION",), ("SHARE",), ("USER",), ("ROLE",)):
        if reader.take(*kind):
            return " ".join(kind), ".".join(reader.dotted())
    return "ROLE", ".".join(reader.dotted())


_SHOWN = ("created_on", "privilege", "granted_on", "name", "granted_to", "grantee_name", "grant_option", "granted_by")


def show(session: "Session", statement: Statement) -> Result:
    """SHOW GRANTS [ON kind name | TO kind name | OF ROLE name]; alone, those to the current role."""
    reader = Reader.over(statement)
    reader.expect("SHOW", "GRANTS")
    if reader.take("ON"):
        kind, name = _object(reader)
        found = [g for g in catalog.grants(session) if (g.granted_on, g.name) == (kind, name)]
    elif reader.take("OF"):
        _, name = _grantee(reader)
        found = [g for g in catalog.grants(session) if (g.granted_on, g.name) == ("ROLE", name)]
    else:
        to, name = _grantee(reader) if reader.take("TO") else ("ROLE", session.role)
        found = [g for g in catalog.grants(session) if (g.granted_to, g.grantee) == (to, name)]
    columns = [Column(name, TIMESTAMP_LTZ if name == "created_on" else TEXT) for name in _SHOWN]
    return from_rows(columns, [_row(one) for one in found])


def _row(one: Grant) -> tuple[object, ...]:
    option = str(one.grant_option).lower()
    return (
        one.created_on,
        one.privilege,
        one.granted_on,
        one.name,
        one.granted_to,
        one.grantee,
        option,
        one.granted_by,
    )


ROUTES = ((("GRANT",), change), (("REVOKE",), change), (("SHOW", "GRANTS"), show))
