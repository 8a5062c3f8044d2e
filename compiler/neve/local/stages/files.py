"""COPY FILES from stage to stage, and DIRECTORY(@stage): the files themselves, whatever they hold."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from neve.local import result as r
from neve.local.errors import SqlError, unsupported
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.sqltext import Statement
from neve.local.stages.flags import flag
from neve.local.stages.location import Location, chosen, location, location_from
from neve.local.stages.transfer import md5
from neve.local.types import NUMBER, TEXT, TIMESTAMP_TZ

if TYPE_CHECKING:
    from neve.local.session import Session

_OPTIONS = {"FILES", "PATTERN", "DETAILED_OUTPUT"}


def copy_files(session: "Session", statement: Statement) -> Result:
    """COPY FILES INTO @target FROM @source | (SELECT place [, name] …) [FILES = (…)] [PATTERN = …]"""
    reader = Reader.over(statement)
    reader.expect("COPY", "FILES", "INTO")
    target = location_from(session, statement, reader)
    reader.expect("FROM")
    queried = reader.word() == "("
    query = reader.group_text()[1:-1] if queried else ""
    source = None if queried else location_from(session, statement, reader)
    options = reader.options()
    if others := options.keys() - _OPTIONS:
        raise unsupported(f"The option {min(others)} of COPY FILES")
    pairs = _selected(session, query) if source is None else chosen(source, options).items()
    copied = sorted(_copied(target, pairs))
    if not flag(options, "DETAILED_OUTPUT", "TRUE"):
        return r.from_rows([("numOfFilesCopied", NUMBER)], [(len(copied),)])
    return r.from_rows([("file", TEXT)], [(name,) for name in copied])


def _selected(session: "Session", query: str) -> Iterator[tuple[Path, str]]:
    """Files that a query names, with the new names that it gives them."""
    for row in session.run(query).rows:
        found = location(session, str(row[0]))
        file = found.folder / found.path
        if not file.is_file():
            raise SqlError(253006, "22000", f"Remote file '{row[0]}' was not found.")
        yield file, str(row[1]) if len(row) > 1 and row[1] else file.name


def _copied(target: Location, pairs: Iterable[tuple[Path, str]]) -> Iterator[str]:
    for file, made in [(file, target.inside(name)) for file, name in pairs]:
        made.parent.mkdir(parents=True, exist_ok=True)
        if made != file:
            shutil.copy(file, made)
        yield made.relative_to(target.folder).as_posix()


def directory(session: "Session", arguments: Mapping[str, object]) -> Result:
    """DIRECTORY(@stage): always as it is, without a refresh."""
    place = location(session, str(arguments["1"]))
    heads = [("RELATIVE_PATH", TEXT), ("SIZE", NUMBER), ("LAST_MODIFIED", TIMESTAMP_TZ), ("MD5", TEXT), ("ETAG", TEXT)]
    return r.from_rows([*heads, ("FILE_URL", TEXT)], [_row(session, place, file) for file in place.files])


def _row(session: "Session", place: Location, file: Path) -> tuple[object, ...]:
    told, name = file.stat(), file.relative_to(place.folder).as_posix()
    digest = md5(file)
    host, port = session.engine.address
    url = f"http://{host}:{port}/api/files/{quote(place.name)}/{quote(name)}"
    return name, told.st_size, datetime.fromtimestamp(told.st_mtime, UTC), digest, digest, url


ROUTES = ((("COPY", "FILES"), copy_files),)
TABLE_FUNCTIONS = {"SYSTEM$STAGE_DIRECTORY": directory}
