"""CREATE, ALTER and DROP of roles, users, warehouses and tags."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.access import catalog
from neve.local.access.catalog import Named
from neve.local.errors import already_exists, not_exist
from neve.local.hidden import MASK, is_secret
from neve.local.options import read_head
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.sqltext import Statement, resolve

if TYPE_CHECKING:
    from neve.local.session import Session

KINDS = ("ROLE", "USER", "WAREHOUSE", "TAG")
DONE = "Statement executed successfully."


def create(
    kind: str, session: "Session", statement: Statement, facts: Mapping[str, str] = MappingProxyType({})
) -> Result:
    """CREATE of a kind of object; `facts` are properties that the statement tells by its first words."""
    reader = Reader.over(statement)
    head = read_head(reader, kind)
    reader.take("WITH")
    name = _name(session, kind, head.name)
    if catalog.find(session, kind, name) and not head.replace:
        if not head.tolerant:
            raise already_exists(name)
        return r.status(f"{name} already exists, statement succeeded.")
    told = {**_options(reader), **facts}
    if told.pop("INITIALLY_SUSPENDED", "FALSE").upper() == "TRUE":
        told["STATE"] = "SUSPENDED"
    catalog.save(session, Named(kind, name, None, session.role, told))
    if kind == "WAREHOUSE":
        session.warehouse = name
    return r.status(f"{kind.capitalize()} {name.rpartition('.')[2]} successfully created.")


def _options(reader: Reader) -> dict[str, str]:
    """The properties, with secrets masked; a tag's ALLOWED_VALUES as their text."""
    if reader.take("ALLOWED_VALUES"):
        start = reader.position
        while not reader.at_end() and reader.word() not in {"COMMENT", "PROPAGATE"}:
            reader.token()
        values = {
            "ALLOWED_VALUES": reader.text[reader.tokens[start].start : reader.tokens[reader.position - 1].end + 1]
        }
        return values | _options(reader)
    return {name: MASK if is_secret(name) else value for name, value in reader.options().items()}


def _name(session: "Session", kind: str, parts: tuple[str, ...]) -> str:
    return str(resolve(session, parts)) if kind == "TAG" else ".".join(parts)


def alter(kind: str, session: "Session", statement: Statement) -> Result:
    """SET, UNSET, RENAME TO, and what acts on a warehouse."""
    reader = Reader.over(statement)
    head = read_head(reader, kind)
    name = _name(session, kind, head.name)
    known = catalog.find(session, kind, name)
    if known is None:
        if head.tolerant:
            return r.status(DONE)
        raise not_exist(kind.capitalize(), name)
    if reader.take("SET"):
        catalog.save(session, replace(known, properties={**known.properties, **_options(reader)}))
    elif reader.take("UNSET"):
        gone = {str(token.text).upper() for token in reader.tokens[reader.position :]}
        kept = {key: value for key, value in known.properties.items() if key not in gone}
        catalog.save(session, replace(known, properties=kept))
    elif reader.take("RENAME", "TO"):
        catalog.remove(session, kind, name)
        catalog.save(session, replace(known, name=_name(session, kind, reader.dotted())))
    elif kind == "WAREHOUSE" and (word := reader.take_any("SUSPEND", "RESUME")):
        state = "SUSPENDED" if word == "SUSPEND" else "STARTED"
        catalog.save(session, replace(known, properties={**known.properties, "STATE": state}))
    elif not (kind == "WAREHOUSE" and reader.word() == "ABORT"):
        raise reader.unexpected()
    return r.status(DONE)


def drop(kind: str, session: "Session", statement: Statement) -> Result:
    head = read_head(Reader.over(statement), kind)
    name = _name(session, kind, head.name)
    if catalog.find(session, kind, name) is None:
        if not head.tolerant:
            raise not_exist(kind.capitalize(), name)
        return r.status("Drop statement executed successfully.")
    catalog.remove(session, kind, name)
    return r.status(f"{name.rpartition('.')[2]} successfully dropped.")


ROUTES = tuple(
    ((verb, kind), partial(run, kind))
    for verb, run in (("CREATE", create), ("ALTER", alter), ("DROP", drop))
    for kind in KINDS
)
