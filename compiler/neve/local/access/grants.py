"""GRANT, REVOKE, SHOW GRANTS."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.access import catalog
from neve.local.access.catalog import Grant
from neve.local.errors import SHARED, no_database, not_exist
from neve.local.reader import Reader
from neve.local.result import Column, Result, from_rows
from neve.local.sqltext import QualifiedName, Statement, is_word, quote_identifier, resolve
from neve.local.tables.names import need
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
        objects = [("ROLE", _role(session, ".".join(reader.dotted())))]
        privileges = ["USAGE"]
    else:
        privileges = _words_until(reader, "ON")
        objects = list(_expanded(session, *_object(session, reader)))
    reader.expect(toward)
    granted_to, grantee = _grantee(session, reader)
    option = reader.take("WITH", "GRANT", "OPTION")
    now = datetime.now(UTC)
    for kind, name in objects:
        for privilege in _each(privileges, kind):
            yield Grant(privilege, kind, name, granted_to, grantee, option, session.role, now)


def _role(session: "Session", name: str) -> str:
    if "." not in name and catalog.find(session, "ROLE", name) is None:
        raise not_exist("Role", name)
    return name


_ALL_OF = {
    "TABLE": ("DELETE", "EVOLVE SCHEMA", "INSERT", "REBUILD", "REFERENCES", "SELECT", "TRUNCATE", "UPDATE"),
    "VIEW": ("DELETE", "INSERT", "REBUILD", "REFERENCES", "SELECT", "TRUNCATE", "UPDATE"),
    "WAREHOUSE": ("APPLYBUDGET", "MODIFY", "MONITOR", "OPERATE", "USAGE"),
}


def _each(privileges: Sequence[str], kind: str) -> Sequence[str]:
    """The privileges that ALL stands for, where that is known."""
    if privileges and privileges[0] in {"ALL", "ALL PRIVILEGES"}:
        return _ALL_OF.get(kind, privileges)
    return privileges


def _expanded(session: "Session", kind: str, name: str) -> Iterator[tuple[str, str]]:
    """`ALL TABLES IN SCHEMA s` is each of those that there are."""
    words = kind.split()
    if words[0] != "ALL" or words[-3] not in {"TABLES", "VIEWS"}:
        yield kind, name
        return
    scope = ".".join(map(quote_identifier, name.split(".")))
    for row in session.run(f"SHOW {words[-3]} IN {words[-1]} {scope}").dicts():
        if row["schema_name"] != "INFORMATION_SCHEMA":
            full = QualifiedName(row["database_name"], row["schema_name"], row["name"])
            yield words[-3].removesuffix("S"), ".".join(full)


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


_RELATIONS = frozenset({"TABLE", "VIEW", "DYNAMIC TABLE"})
_IN_SCHEMAS = _RELATIONS | {"SEQUENCE", "STAGE", "STREAM", "TASK", "FILE FORMAT", "TAG"}


def _object(session: "Session", reader: Reader) -> tuple[str, str]:
    """Its kind, which a table or view needs not, and full name; `ALL TABLES IN SCHEMA s` and `FUTURE …` are kinds of
    their own; ACCOUNT has no name.
    """
    words: list[str] = []
    if reader.word() in _CONTAINERS:
        while not reader.take("IN"):
            words.append(reader.word())
            reader.token()
        words.append("IN")
    if not words and reader.word(1) in {".", "TO", "FROM"} and reader.word() != "ACCOUNT":
        relation = need(session, reader.dotted())
        return relation.kind.replace("_", " "), ".".join(relation.name)
    words.append(reader.word())
    reader.token()
    if words == ["ACCOUNT"]:
        return "ACCOUNT", "ACCOUNT"
    while _is_kind(reader):
        words.append(reader.word())
        reader.token()
    name = _full(session, words[-1] if "IN" in words else " ".join(words), reader.dotted())
    if reader.word() == "(":
        name += reader.group_text()
    return " ".join(words), name


def _is_kind(reader: Reader) -> bool:
    """Whether what comes is not the name yet, because another word follows."""
    following = reader.tokens[reader.position : reader.position + 2]
    return len(following) == 2 and all(map(is_word, following)) and reader.word(1) not in {"TO", "FROM", "LIMIT"}


def _full(session: "Session", kind: str, parts: tuple[str, ...]) -> str:
    """Raises SqlError for a database, schema, table or view that is not there."""
    if kind == "DATABASE" and parts[-1] not in session.engine.databases and parts[-1] not in SHARED:
        raise no_database(parts[-1])
    if kind == "SCHEMA":
        full = parts if len(parts) == 2 else (session.database or "", *parts)
        if not session.engine.databases.has_schema(session, full[0], full[-1]):
            raise not_exist("Schema", ".".join(full))
        return ".".join(full)
    if kind in _RELATIONS:
        return ".".join(need(session, parts, kind.capitalize()).name)
    return ".".join(resolve(session, parts) if kind in _IN_SCHEMAS else parts)


def _grantee(session: "Session", reader: Reader) -> tuple[str, str]:
    """Raises SqlError for a role or user that is not there."""
    for kind in (("DATABASE", "ROLE"), ("APPLICATION",), ("SHARE",)):
        if reader.take(*kind):
            return " ".join(kind), ".".join(reader.dotted())
    if reader.take("USER"):
        name = ".".join(reader.dotted())
        if catalog.find(session, "USER", name) is None:
            raise not_exist("User", name)
        return "USER", name
    reader.take("ROLE")
    return "ROLE", _role(session, ".".join(reader.dotted()))


_TO = ("created_on", "privilege", "granted_on", "name", "granted_to", "grantee_name", "grant_option", "granted_by")
_ON = (*_TO, "granted_by_role_type")
_HELD = ("created_on", "role", "granted_to", "grantee_name", "granted_by")
_FUTURE = ("created_on", "privilege", "grant_on", "name", "grant_to", "grantee_name", "grant_option")


def show(session: "Session", statement: Statement) -> Result:
    """SHOW GRANTS [ON kind name | TO kind name | OF ROLE name]; alone, those to the current role."""
    reader = Reader.over(statement)
    reader.expect("SHOW", "GRANTS")
    known = catalog.grants(session)
    heads: Sequence[str] = _TO
    if reader.take("ON"):
        kind, name = _object(session, reader)
        found, heads = [g for g in known if (g.granted_on, g.name) == (kind, name)], _ON
    elif reader.take("OF"):
        reader.take("ROLE")
        name = _role(session, ".".join(reader.dotted()))
        found, heads = [g for g in known if (g.granted_on, g.name) == ("ROLE", name)], _HELD
    else:
        to, name = _grantee(session, reader) if reader.take("TO") else ("ROLE", session.role)
        found = [g for g in known if (g.granted_to, g.grantee) == (to, name) and not _is_future(g)]
        heads = _HELD if to == "USER" else _TO
    return _answer(heads, found)


def show_future(session: "Session", statement: Statement) -> Result:
    """SHOW FUTURE GRANTS IN SCHEMA | DATABASE name, or TO ROLE name."""
    reader = Reader.over(statement)
    reader.expect("SHOW", "FUTURE", "GRANTS")
    future = [g for g in catalog.grants(session) if _is_future(g)]
    if reader.take("TO"):
        to, name = _grantee(session, reader)
        return _answer(_FUTURE, [g for g in future if (g.granted_to, g.grantee) == (to, name)])
    reader.expect("IN")
    kind, name = _object(session, reader)
    return _answer(_FUTURE, [g for g in future if g.granted_on.endswith(f" IN {kind}") and g.name == name])


def _is_future(grant: Grant) -> bool:
    return grant.granted_on.startswith("FUTURE ")


def _answer(heads: Sequence[str], found: Sequence[Grant]) -> Result:
    columns = [Column(name, TIMESTAMP_LTZ if name == "created_on" else TEXT) for name in heads]
    return from_rows(columns, [tuple(_row(one)[head] for head in heads) for one in found])


def _row(one: Grant) -> dict[str, object]:
    kind = one.granted_on.split()[1].removesuffix("S") if _is_future(one) else one.granted_on
    return {
        "created_on": one.created_on,
        "privilege": one.privilege,
        "granted_on": one.granted_on,
        "grant_on": kind,
        "name": f"{one.name}.<{kind}>" if _is_future(one) else one.name,
        "role": one.name,
        "granted_to": one.granted_to,
        "grant_to": one.granted_to,
        "grantee_name": one.grantee,
        "grant_option": str(one.grant_option).lower(),
        "granted_by": one.granted_by,
        "granted_by_role_type": "ROLE",
    }


ROUTES = (
    (("GRANT",), change),
    (("REVOKE",), change),
    (("SHOW", "FUTURE", "GRANTS"), show_future),
    (("SHOW", "GRANTS"), show),
)
