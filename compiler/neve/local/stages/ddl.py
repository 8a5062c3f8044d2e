"""CREATE, DROP and SHOW of stages and file formats."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from neve.local import result as r
from neve.local.errors import already_exists, invalid_property, not_exist, unsupported
from neve.local.options import read_head
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.show.request import Request, answer, read
from neve.local.sqltext import QualifiedName, Statement, resolve
from neve.local.stages import catalog, properties
from neve.local.stages.flags import flag
from neve.local.stages.formats import FileFormat, format_of, read_format

if TYPE_CHECKING:
    from neve.local.engine import Engine
    from neve.local.session import Session

_TEMPORARY = {"TEMP", "TEMPORARY", "SCOPED"}
_EXTERNAL = {
    "URL",
    "STORAGE_INTEGRATION",
    "CREDENTIALS",
    "ENDPOINT",
    "AWS_ACCESS_POINT_ARN",
    "USE_PRIVATELINK_ENDPOINT",
}
_INTERNAL = {"FILE_FORMAT", "COPY_OPTIONS", "DIRECTORY", "ENCRYPTION", "COMMENT"}


@dataclass(frozen=True, slots=True)
class Kind:
    """What differs between stages and file formats: their words, the catalog's functions, and `check`, which raises
    SqlError for options that they cannot have.
    """

    words: tuple[str, ...]
    called: str
    table: str
    find: Callable[["Session", QualifiedName], catalog.Stored | None]
    add: Callable[..., None]
    remove: Callable[["Engine", catalog.Stored], None]
    check: Callable[[Mapping[str, str]], object]


def _check_stage(options: Mapping[str, str]) -> None:
    """A stage is internal: encryption and directory tables are recorded, there is nothing outside to point to."""
    if external := _EXTERNAL & options.keys():
        raise unsupported(f"A stage outside the engine ({', '.join(sorted(external))})")
    if others := options.keys() - _INTERNAL:
        raise invalid_property(min(others), "STAGE")


STAGE = Kind(
    ("STAGE",), "Stage area", "stages", catalog.find_stage, catalog.add_stage, catalog.remove_stage, _check_stage
)
FORMAT = Kind(
    ("FILE FORMAT",),
    "File format",
    "file_formats",
    catalog.find_format,
    catalog.add_format,
    catalog.remove_format,
    format_of,
)


def create(kind: Kind, session: "Session", statement: Statement) -> Result:
    """CREATE [OR REPLACE] [TEMPORARY] STAGE | FILE FORMAT [IF NOT EXISTS] name …"""
    reader = Reader.over(statement)
    head = read_head(reader, *kind.words)
    options, name = reader.options(), resolve(session, head.name)
    kind.check(options)
    temporary = bool(head.modifiers & _TEMPORARY)
    if found := catalog.find_as(session, kind.table, name, temporary=temporary):
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
        options = {**found.options, **reader.options()}
        kind.check(options)
        catalog.change(session.engine, kind.table, found, found.name, options)
    elif reader.take("UNSET"):
        gone = {str(token.text).upper() for token in reader.tokens[reader.position :]}
        kept = {key: value for key, value in found.options.items() if key not in gone}
        catalog.change(session.engine, kind.table, found, found.name, kept)
    elif reader.take("RENAME", "TO"):
        catalog.change(session.engine, kind.table, found, resolve(session, reader.dotted()), found.options)
    else:
        raise reader.unexpected()
    return r.status("Statement executed successfully.")


def describe_format(session: "Session", statement: Statement) -> Result:
    """DESCRIBE FILE FORMAT name: a row a property."""
    found = _described(FORMAT, session, statement)
    rows = [one.row for one in properties.of_format(_format(session, found))]
    return r.from_rows([r.Column(head) for head in _PROPERTY], rows)


def describe_stage(session: "Session", statement: Statement) -> Result:
    """DESCRIBE STAGE name: the properties of its file format, of COPY INTO, of its directory."""
    found = _described(STAGE, session, statement)
    form = read_format(session, found.options.get("FILE_FORMAT"))
    copying = _group(found.options.get("COPY_OPTIONS"))
    directory = properties.Property("ENABLE", _directory(found), default=False)
    rows = [
        *(("STAGE_FILE_FORMAT", *one.row) for one in properties.of_format(form)),
        *(("STAGE_COPY_OPTIONS", *one.row) for one in properties.of_copying(copying)),
        ("STAGE_LOCATION", "URL", "String", "", ""),
        ("DIRECTORY", *directory.row),
    ]
    return r.from_rows([r.Column(head) for head in ("parent_property", *_PROPERTY)], rows)


_PROPERTY = ("property", "property_type", "property_value", "property_default")


def _described(kind: Kind, session: "Session", statement: Statement) -> catalog.Stored:
    name = resolve(session, read_head(Reader.over(statement), *kind.words).name)
    found = kind.find(session, name)
    if found is None:
        raise not_exist(kind.words[0].capitalize(), str(name))
    return found


def _format(session: "Session", stored: catalog.Stored) -> FileFormat:
    return read_format(session, str(stored.name))


def _group(text: str | None) -> dict[str, str]:
    return Reader.of(text[1:-1]).options() if text else {}


def _directory(stage: catalog.Stored) -> bool:
    return flag(_group(stage.options.get("DIRECTORY")), "ENABLE")


def show_formats(session: "Session", statement: Statement) -> Result:
    """SHOW FILE FORMATS [LIKE] [IN]."""
    request = read(session, statement, "FILE", "FORMATS")
    columns = ("created_on", "name", "database_name", "schema_name", "type", "owner", "comment", "format_options",
               "owner_role_type")  # fmt: skip
    rows = [_row(session, one) | _of_format(session, one) for one in _seen(session, "file_formats", request)]
    return answer(request, columns, rows)


def _of_format(session: "Session", stored: catalog.Stored) -> dict[str, Any]:
    form = _format(session, stored)
    options = {one.name: one.value for one in properties.of_format(form)}
    return {"type": form.kind, "format_options": json.dumps(options, separators=(",", ":"))}


_STAGES = ("created_on", "name", "database_name", "schema_name", "url", "has_credentials", "has_encryption_key",
           "owner", "comment", "region", "type", "cloud", "notification_channel", "storage_integration", "endpoint",
           "owner_role_type", "directory_enabled")  # fmt: skip


def show_stages(session: "Session", statement: Statement) -> Result:
    """SHOW STAGES [LIKE] [IN]: those that stay, and the session's own temporary ones."""
    request = read(session, statement, "STAGES")
    rows = [
        _row(session, stage)
        | {
            "url": "",
            "has_credentials": "N",
            "has_encryption_key": "N",
            "type": "INTERNAL TEMPORARY" if stage.session else "INTERNAL",
            "directory_enabled": "Y" if _directory(stage) else "N",
        }
        for stage in _seen(session, "stages", request)
    ]
    return answer(request, _STAGES, rows)


def _seen(session: "Session", table: str, request: Request) -> Iterator[catalog.Stored]:
    return (
        one
        for one in catalog.all_of(session.engine, table)
        if one.session in {0, session.id} and request.scope.holds(*one.name[:2])
    )


def _row(session: "Session", stored: catalog.Stored) -> dict[str, Any]:
    return {
        "created_on": stored.created_on,
        "name": stored.name.name,
        "database_name": stored.name.database,
        "schema_name": stored.name.schema,
        "owner": session.role,
        "comment": stored.options.get("COMMENT", ""),
        "owner_role_type": "ROLE",
    }


ROUTES = (
    (("CREATE", "STAGE"), partial(create, STAGE)),
    (("DROP", "STAGE"), partial(drop, STAGE)),
    (("SHOW", "STAGES"), show_stages),
    (("CREATE", "FILE FORMAT"), partial(create, FORMAT)),
    (("DROP", "FILE FORMAT"), partial(drop, FORMAT)),
    (("SHOW", "FILE", "FORMATS"), show_formats),
    *((("ALTER", *kind.words), partial(alter, kind)) for kind in (STAGE, FORMAT)),
    *((("DESCRIBE", *kind.words), run) for kind, run in ((STAGE, describe_stage), (FORMAT, describe_format))),
    *((("DESC", *kind.words), run) for kind, run in ((STAGE, describe_stage), (FORMAT, describe_format))),
)
