"""ALTER … SET TAG and UNSET TAG, and what SYSTEM$GET_TAG says of them."""

import itertools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.access import catalog
from neve.local.errors import not_exist
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.sqltext import Statement, parse_name, plain_text, resolve

if TYPE_CHECKING:
    from neve.local.session import Session

SCHEMA = """
CREATE TABLE IF NOT EXISTS access_tags (
    tag TEXT NOT NULL, domain TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (tag, domain, name)
);
"""
DONE = "Statement executed successfully."
_DOMAINS = ("TABLE", "VIEW", "SCHEMA", "DATABASE", "WAREHOUSE", "ROLE", "USER", "STAGE", "PROCEDURE", "FUNCTION")
_OUTSIDE_SCHEMAS = frozenset({"SCHEMA", "DATABASE", "WAREHOUSE", "ROLE", "USER"})


def names_tags(statement: Statement) -> bool:
    """Whether the statement sets or unsets tags."""
    words = [plain_text(token).upper() for token in statement.tokens]
    return any(pair in {("SET", "TAG"), ("UNSET", "TAG")} for pair in itertools.pairwise(words))


def alter(session: "Session", statement: Statement) -> Result:
    """ALTER kind [IF EXISTS] name [MODIFY | ALTER COLUMN column] SET TAG a = 'x', … | UNSET TAG a, …"""
    reader = Reader.over(statement)
    reader.token()
    domain = reader.word()
    reader.token()
    reader.take("IF", "EXISTS")
    name = _full(session, domain, reader.dotted())
    if reader.word() == "(":
        name += reader.group_text()
    if reader.take("MODIFY") or reader.take("ALTER"):
        reader.take("COLUMN")
        domain, name = "COLUMN", f"{name}.{'.'.join(reader.dotted())}"
    sets = reader.take("SET", "TAG")
    if not sets:
        reader.expect("UNSET", "TAG")
    for tag, value in _assignments(session, reader, valued=sets):
        _record(session, tag, domain, name, value)
    return r.status(DONE)


def _full(session: "Session", domain: str, parts: tuple[str, ...]) -> str:
    if domain == "SCHEMA" and len(parts) == 1 and session.database:
        parts = (session.database, *parts)
    return ".".join(parts) if domain in _OUTSIDE_SCHEMAS else str(resolve(session, parts))


def _assignments(session: "Session", reader: Reader, *, valued: bool) -> Iterator[tuple[str, str | None]]:
    while not reader.at_end():
        tag = str(resolve(session, reader.dotted()))
        if valued:
            reader.expect("=")
        yield tag, reader.string() if valued else None
        reader.take(",")


def _record(session: "Session", tag: str, domain: str, name: str, value: str | None) -> None:
    """Raises SqlError 2003 for a tag that is not there."""
    if catalog.find(session, "TAG", tag) is None:
        raise not_exist("Tag", tag)
    with session.engine.store.transaction() as db:
        db.execute("DELETE FROM access_tags WHERE tag = ? AND domain = ? AND name = ?", (tag, domain, name))
        if value is not None:
            db.execute("INSERT INTO access_tags VALUES (?, ?, ?, ?)", (tag, domain, name, value))


def give(session: "Session", domain: str, name: str, tags: Mapping[str, str]) -> None:
    """The tags that a CREATE names, by their names as written."""
    for tag, value in tags.items():
        _record(session, str(resolve(session, parse_name(tag))), domain, name, value)


def get_tag(session: "Session", tag: object, name: object, domain: object) -> str | None:
    """SYSTEM$GET_TAG(tag, object, domain). Raises SqlError for a tag that is not there."""
    full = str(resolve(session, parse_name(str(tag))))
    if catalog.find(session, "TAG", full) is None:
        raise not_exist("Tag", full)
    kind = str(domain).upper()
    named = parse_name(str(name))
    if kind == "TASK":
        task = session.engine.services["tasks"].find(resolve(session, named))
        return str(task.tags[full]) if full in task.tags else None
    key = _of_column(session, named) if kind == "COLUMN" else _full(session, kind, named)
    with session.engine.store.transaction() as db:
        found = db.execute(
            "SELECT value FROM access_tags WHERE tag = ? AND domain = ? AND name = ?", (full, kind, key)
        ).fetchone()
    return str(found["value"]) if found else None


def _of_column(session: "Session", named: tuple[str, ...]) -> str:
    return f"{resolve(session, named[:-1])}.{named[-1]}"


ROUTES = tuple((("ALTER", domain), alter, False, names_tags) for domain in _DOMAINS)
FUNCTIONS = {"SYSTEM$GET_TAG": get_tag}
