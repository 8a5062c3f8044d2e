"""PUT and GET, which the client carries out as the answer tells it; LIST and REMOVE."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neve.local import result as r
from neve.local.errors import syntax_error
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.sqltext import Statement, is_string
from neve.local.stages.flags import flag
from neve.local.stages.location import Location, location, location_at, matching
from neve.local.types import NUMBER, TEXT

if TYPE_CHECKING:
    from neve.local.session import Session

_FILE = re.compile(r"'file://((?:[^'\\]|\\.|'')*)'|file://(\S+)", re.IGNORECASE)


@dataclass(frozen=True)
class Transfer(Result):
    """An answer that makes the client copy files between its disk and a stage's folder: `data` goes with it."""

    folder: Path = Path()
    data: Mapping[str, Any] = field(default_factory=dict)


def put(session: "Session", statement: Statement) -> Result:
    """PUT file://… @stage/path [options]: the client writes into the folder that it is told."""
    file, end = _client_path(statement.text, 0)
    target, options = _target_and_options(session, statement, end)
    folder = target.folder / target.path
    folder.mkdir(parents=True, exist_ok=True)
    return _transfer(
        folder,
        {
            "command": "UPLOAD",
            "src_locations": [file],
            "autoCompress": flag(options, "AUTO_COMPRESS", "TRUE"),
            "overwrite": flag(options, "OVERWRITE"),
            "sourceCompression": options.get("SOURCE_COMPRESSION", "auto_detect").lower(),
            "parallel": int(options.get("PARALLEL", "4")),
        },
    )


def get(session: "Session", statement: Statement) -> Result:
    """GET @stage/path file://… [PATTERN = …]: the client reads the files that it is told."""
    source, end = _location_from(session, statement, 1)
    local, end = _client_path(statement.text, end)
    options = _options_from(statement, end)
    files = matching(source, options.get("PATTERN"))
    return _transfer(
        source.folder,
        {
            "command": "DOWNLOAD",
            "src_locations": [file.relative_to(source.folder).as_posix() for file in files],
            "localLocation": local,
            "parallel": int(options.get("PARALLEL", "4")),
        },
    )


def _transfer(folder: Path, data: dict[str, Any]) -> Transfer:
    empty = r.status("")
    return Transfer(empty.columns, empty.table, folder=folder, data=data)


def _client_path(text: str, start: int) -> tuple[str, int]:
    found = _FILE.search(text, start)
    if not found:
        raise syntax_error(text, len(text), "<EOF>")
    path = found[1].replace("''", "'").replace("\\'", "'").replace("\\\\", "\\") if found[1] is not None else found[2]
    return path, found.end()


def _target_and_options(session: "Session", statement: Statement, after: int) -> tuple[Location, dict[str, str]]:
    first = next((i for i, token in enumerate(statement.tokens) if token.start >= after), len(statement.tokens))
    target, end = _location_from(session, statement, first)
    return target, _options_from(statement, end)


def _location_from(session: "Session", statement: Statement, first: int) -> tuple[Location, int]:
    """The location whose first token has the index `first`, in quotes or bare, and the offset after it."""
    if first >= len(statement.tokens):
        raise syntax_error(statement.text, len(statement.text), "<EOF>")
    token = statement.tokens[first]
    if is_string(token):
        return location(session, token.text), token.end + 1
    return location_at(session, statement.text, token.start)


def _options_from(statement: Statement, offset: int) -> dict[str, str]:
    tokens = [token for token in statement.tokens if token.start >= offset]
    return Reader(statement.text, tokens).options()


def list_files(session: "Session", statement: Statement) -> Result:
    """LIST @stage/path [PATTERN = …]."""
    place, end = _location_from(session, statement, 1)
    files = matching(place, _options_from(statement, end).get("PATTERN"))
    heads = [("name", TEXT), ("size", NUMBER), ("md5", TEXT), ("last_modified", TEXT)]
    return r.from_rows(heads, [_row(place, file) for file in files])


def md5(file: Path) -> str:
    """What tells one content of a file from another."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, partial(hashlib.md5, usedforsecurity=False)).hexdigest()


def _row(place: Location, file: Path) -> tuple[str, int, str, str]:
    told = file.stat()
    modified = format_datetime(datetime.fromtimestamp(told.st_mtime, UTC), usegmt=True)
    return place.relative(file), told.st_size, md5(file), modified


def remove(session: "Session", statement: Statement) -> Result:
    """REMOVE @stage/path [PATTERN = …]."""
    place, end = _location_from(session, statement, 1)
    files = matching(place, _options_from(statement, end).get("PATTERN"))
    for file in files:
        file.unlink()
    return r.from_rows([("name", TEXT), ("result", TEXT)], [(place.relative(f), "removed") for f in files])


ROUTES = (
    (("PUT",), put),
    (("GET",), get),
    (("LIST",), list_files),
    (("LS",), list_files),
    (("REMOVE",), remove),
    (("RM",), remove),
)
