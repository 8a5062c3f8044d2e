"""Where `@stage/path` is: the stage's folder, and the files below the path."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from neve.local.errors import SqlError, compilation_error, not_exist, syntax_error
from neve.local.models.files import model_version
from neve.local.reader import Reader
from neve.local.sqltext import Statement, is_string, parse_name, resolve
from neve.local.stages import catalog

if TYPE_CHECKING:
    from neve.local.session import Session

_PART = r'(?:"(?:[^"]|"")*"|[A-Za-z_][\w$]*)'
STAGED = rf"@(?:~|%?{_PART}(?:\.%?{_PART}){{0,2}})"
"""The name of a stage, as a pattern."""
_STAGE = re.compile(rf"@(?P<stage>~|%?{_PART}(?:\.%?{_PART}){{0,2}})(?P<path>/[^\s,'();]*)?")


@dataclass(frozen=True, slots=True)
class Location:
    """A path in a stage: `folder` is the stage's own, `path` below it has no leading slash, `name` is for messages.
    `form` is the file format that the stage was made with.
    """

    folder: Path
    path: str
    name: str
    form: str = ""

    @property
    def files(self) -> list[Path]:
        """The files whose path starts with this one's (a folder's name means what is in it), in order."""
        return sorted(file for file in _walk(self.folder) if self._holds(file))

    def _holds(self, file: Path) -> bool:
        below = file.relative_to(self.folder).as_posix()
        return below.startswith(self.path) or not self.path

    def below(self, file: Path) -> str:
        """What of the file's path comes behind this one's: its own name when nothing does."""
        return file.relative_to(self.folder).as_posix().removeprefix(self.path).lstrip("/") or file.name

    def inside(self, name: str) -> Path:
        """The file of this name below the path. Raises SqlError when the name leads out of the stage."""
        if name.startswith("/") or _leads_out(name):
            raise _invalid(name)
        return self.folder / self.path / name

    def relative(self, file: Path) -> str:
        """The file's path as LIST shows it: below the stage's name."""
        return f"{self.name}/{file.relative_to(self.folder).as_posix()}"


def _walk(folder: Path) -> Iterator[Path]:
    return (file for file in folder.rglob("*") if file.is_file()) if folder.is_dir() else iter(())


def matching(place: Location, pattern: str | None) -> list[Path]:
    """The files below a location whose shown path matches PATTERN, whole."""
    files = place.files
    if not pattern:
        return files
    try:
        wanted = re.compile(pattern)
    except re.error as error:
        raise SqlError(100048, "2201B", f"Invalid regular expression: '{pattern}', {error}") from error
    return [file for file in files if wanted.fullmatch(place.relative(file))]


def chosen(place: Location, options: Mapping[str, str]) -> dict[Path, str]:
    """The files below a location that FILES and PATTERN leave, and their names below it. Raises SqlError when a file
    that FILES names is not there.
    """
    below = {file: place.below(file) for file in matching(place, options.get("PATTERN"))}
    if "FILES" not in options:
        return below
    files = {name: file for file, name in reversed(below.items())}
    named = [token.text for token in Statement.of(options["FILES"]).tokens if is_string(token)]
    for name in named:
        if name not in files:
            raise SqlError(91016, "22000", f"Remote file '{place.name}/{place.path}{name}' was not found. {_CAUSES}")
    return {files[name]: name for name in named}


_CAUSES = (
    "There are several potential causes. The file might not exist. The required credentials may be missing or invalid. "
    "If you are running a copy command, please make sure files are not deleted when they are being loaded or files are "
    "not being loaded into two different tables concurrently with auto purge option."
)


def location_at(session: "Session", text: str, start: int) -> tuple[Location, int]:
    """The location that starts at the `@` at `start` of the text, and where it ends. Raises SqlError."""
    found = _STAGE.match(text, start)
    if not found:
        raise syntax_error(text, start, text[start : start + 1])
    return location(session, found[0]), found.end()


def location_from(session: "Session", statement: Statement, reader: Reader) -> Location:
    """The location that the reader is at, in quotes or bare; reads on behind it."""
    if reader.at_end():
        raise reader.unexpected()
    token = statement.tokens[reader.position]
    if is_string(token):
        reader.position += 1
        return location(session, token.text)
    place, end = location_at(session, statement.text, token.start)
    while not reader.at_end() and statement.tokens[reader.position].start < end:
        reader.position += 1
    return place


def location(session: "Session", text: str) -> Location:
    """`@stage/path` -> Location. Raises SqlError when it is no location, or there is no such stage."""
    text = text.strip()
    if version := model_version(session, text):
        return Location(version.folder, version.path, version.name)
    found = _STAGE.match(text)
    if not found:
        raise _invalid(text)
    # A path that came in quotes may hold what a bare one cannot.
    path = text[found.end("stage") :].lstrip("/")
    if _leads_out(path):
        raise _invalid(text)
    return _of_stage(session, found["stage"], path)


def _leads_out(path: str) -> bool:
    return ".." in path.split("/")


def _invalid(text: str) -> SqlError:
    return compilation_error(f"invalid stage location '{text}'", 1003)


def _of_stage(session: "Session", stage: str, path: str) -> Location:
    base = session.engine.state / "stages"
    if stage == "~":
        return Location(base / "~", path, "~")
    parts = parse_name(stage.replace("%", ""))
    name = resolve(session, parts)
    if "%" in stage:
        return Location(base.joinpath("%", *(quote(part, safe="") for part in name)), path, name.name.lower())
    found = catalog.find_stage(session, name)
    if found is None:
        raise not_exist("Stage", str(name))
    return Location(base / found.folder, path, name.name.lower(), found.options.get("FILE_FORMAT", ""))
