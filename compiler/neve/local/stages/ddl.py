"""CREATE, DROP and SHOW of stages and file formats."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.errors import already_exists, not_exist, unsupported
from neve.local.listing import like, scope
from neve.local.options import read_head
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.show.request import answer, read
from neve.local.sqltext import QualifiedName, Statement, resolve
from neve.local.stages import catalog
from neve.local.types import TIMESTAMP_LTZ

if TYPE_CHECKING:
    from neve.local.engine import Engine
    from neve.local.session import Session

_TEMPORARY = {"TEMP", "TEMPORARY", "SCOPED"}
_EXTERNAL = {"URL", "STORAGE_INTEGRATION", "CREDENTIALS"}


@dataclass(frozen=True, slots=True)
class Kind:
    """What differs between stages and file formats: their words, and the catalog's functions."""

    words: tuple[str, ...]
    called: str
    table: str
    find: Callable[["Session", QualifiedName], catalog.Stored | None]
    add: Callable[..., None]
    remove: Callable[["Engine", catalog.Stored], None]


STAGE = Kind(("STAGE",), "Stage area", "stages", catalog.find_stage, catalog.add_stage, catalog.remove_stage)
FORMAT = Kind(
    ("FILE FORMAT",), "File format", "file_formats", catalog.find_format, catalog.add_format, catalog.remove_format
)


def create(kind: Kind, session: "Session", statement: Statement) -> Result:
    """A stage is internal: encryption and directory tables are recorded, there is nothing outside to point to."""
    reader = Reader.over(statement)
    head = read_head(reader, *kind.words)
    options, name = reader.options(), resolve(session, head.name)
    if external := _EXTERNAL & options.keys():
        raise unsupported(f"A stage outside the engine ({', '.join(sorted(external))})")
    temporary = bool(head.modifiers & _TEMPORARY)
    found = kind.find(session, name)
    if found and bool(found.session) == temporary:
        if head.tolerant:
            return r.status(f"{name.name} already exists, statement succeeded.")
        if not head.replace:
            raise already_exists(name.name)
        kind.remove(session.engine, found)
    kind.add(session, name, options, temporary=temporary)
    return r.status(f"{kind.called} {name.name} successfully created.")


def drop(kind: Kind, session: "Session", statement: Statement) -> Result:
    head = read_head(Reader.over(statement), *kind.words)
    name = resolve(session, head.name)
    found = kind.find(session, name)
    if found is None:
        if not head.tolerant:
            raise not_exist(kind.words[0].capitalize(), str(name))
        return r.status("Drop statement executed successfully.")
    kind.remove(session.engine, found)
    return r.status(f"{name.name} successfully dropped.")


def alter(kind: Kind, session: "Session", statement: Statement) -> Result:
    """ALTER STAGE | FILE FORMAT [IF EXISTS] name SET … | UNSET … | RENAME TO … | REFRESH."""
    reader = Reader.over(statement)
    head = read_head(reader, *kind.words)
    name = resolve(session, head.name)
    found = kind.find(session, name)
    if found is None:
        if not head.tolerant:
            raise not_exist(kind.words[0].capitalize(), str(name))
    elif reader.take("REFRESH"):
        return r.from_rows([r.Column("file"), r.Column("status")], [])
    elif reader.take("SET"):
        catalog.change(session.engine, kind.table, found, found.name, {**found.options, **reader.options()})
    elif reader.take("UNSET"):
        gone = {str(token.text).upper() for token in reader.tokens[reader.position :]}
        kept = {key: value for key, value in found.options.items() if key not in gone}
        catalog.change(session.engine, kind.table, found, found.name, kept)
    elif reader.take("RENAME", "TO"):
        catalog.change(session.engine, kind.table, found, resolve(session, reader.dotted()), found.options)
    else:
        raise reader.unexpected()
    return r.status("Statement executed successfully.")


def describe(kind: Kind, session: "Session", statement: Statement) -> Result:
    """DESCRIBE STAGE | FILE FORMAT name: the properties that it was made with."""
    reader = Reader.over(statement)
    name = resolve(session, read_head(reader, *kind.words).name)
    found = kind.find(session, name)
    if found is None:
        raise not_exist(kind.words[0].capitalize(), str(name))
    heads = [r.Column(name) for name in ("property", "property_type", "property_value", "property_default")]
    return r.from_rows(heads, [(key, "String", value, "") for key, value in found.options.items()])


def show_formats(session: "Session", statement: Statement) -> Result:
    """SHOW FILE FORMATS [LIKE] [IN]."""
    request = read(session, statement, "FILE", "FORMATS")
    columns = ("created_on", "name", "database_name", "schema_name", "type", "owner", "comment", "format_options",
               "owner_role_type")  # fmt: skip
    rows = [
        {
            "created_on": one.created_on,
            "name": one.name.name,
            "database_name": one.name.database,
            "schema_name": one.name.schema,
            "type": one.options.get("TYPE", "CSV").upper(),
            "owner": session.role,
            "comment": one.options.get("COMMENT", ""),
            "format_options": json.dumps(dict(one.options)),
            "owner_role_type": "ROLE",
        }
        for one in catalog.all_of(session.engine, "file_formats")
        if one.session in {0, session.id} and request.scope.holds(*one.name[:2])
    ]
    return answer(request, columns, rows)


def show_stages(session: "Session", statement: Statement) -> Result:
    """SHOW STAGES [LIKE] [IN]: those that stay, and the session's own temporary ones."""
    reader = Reader.over(statement)
    reader.expect("SHOW", "STAGES")
    pattern = like(reader)
    where = scope(session, reader)
    heads = [
        r.Column("created_on", TIMESTAMP_LTZ),
        *map(r.Column, ("name", "database_name", "schema_name", "url", "has_credentials", "has_encryption_key")),
        *map(r.Column, ("owner", "comment", "type")),
    ]
    rows = [
        (stage.created_on, stage.name.name, stage.name.database, stage.name.schema, "", "N", "N", session.role,
         stage.options.get("COMMENT", ""), "INTERNAL TEMPORARY" if stage.session else "INTERNAL")
        for stage in catalog.all_of(session.engine, "stages")
        if stage.session in {0, session.id} and pattern.fullmatch(stage.name.name)
        and where.holds(*stage.name[:2])
    ]  # fmt: skip
    return r.from_rows(heads, rows)


ROUTES = (
    (("CREATE", "STAGE"), partial(create, STAGE)),
    (("DROP", "STAGE"), partial(drop, STAGE)),
    (("SHOW", "STAGES"), show_stages),
    (("CREATE", "FILE FORMAT"), partial(create, FORMAT)),
    (("DROP", "FILE FORMAT"), partial(drop, FORMAT)),
    (("SHOW", "FILE", "FORMATS"), show_formats),
    *(
        ((verb, *kind.words), partial(run, kind))
        for kind in (STAGE, FORMAT)
        for verb, run in (("ALTER", alter), ("DESCRIBE", describe), ("DESC", describe))
    ),
)
