"""Files of a stage as a table: `@stage/path (FILE_FORMAT => 'f')` in FROM, and `$1` in what selects from it."""

import itertools
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from neve.local.errors import compilation_error, unsupported
from neve.local.reader import Reader
from neve.local.sqltext import QualifiedName, Statement, is_string, is_word, plain_text, quote_identifier
from neve.local.stages.formats import FileFormat, read_format, reader_sql
from neve.local.stages.location import STAGED, Location, location, location_at, matching
from neve.local.stages.transfer import md5
from neve.local.tables.names import text_literal

if TYPE_CHECKING:
    from neve.local.session import Session

_serial = itertools.count(1)


@contextmanager
def readable(session: "Session", statement: Statement) -> Iterator[Statement]:
    """The statement with locations in FROM replaced by temporary views over their files, while it runs."""
    statement = _with_directories(statement)
    places = list(_places(statement))
    if not places:
        yield statement
        return
    made: list[QualifiedName] = []
    try:
        pieces, done, kinds, more = [], 0, set(), asked(statement.text)
        for start, first in places:
            place, files, form, end = _read(session, statement, first)
            name = make_view(session, form, files, place, more)
            made.append(name)
            kinds.add(form.kind)
            pieces += [statement.text[done:start], str(name)]
            done = end
        text = "".join([*pieces, statement.text[done:]])
        made_of = Statement.of(columns_named(Statement.of(text), parquet=kinds == {"PARQUET"}))
        yield replace(made_of, written=statement.written or statement)
    finally:
        for name in made:
            drop_view(session, name)


def reads_files(statement: Statement) -> bool:
    return any(_places(statement))


_DIRECTORY = re.compile(rf"(?i)\b(FROM|JOIN|,)(\s*)DIRECTORY\s*\(\s*(?:'({STAGED})'|({STAGED}))\s*\)")


def _with_directories(statement: Statement) -> Statement:
    """`FROM DIRECTORY(@stage)` as a table function, which it is but for its form."""
    text = _DIRECTORY.sub(lambda m: f"{m[1]}{m[2]}TABLE(SYSTEM$STAGE_DIRECTORY('{m[3] or m[4]}'))", statement.text)
    if text == statement.text:
        return statement
    return replace(Statement.of(text, statement.binds), written=statement.written or statement)


def _places(statement: Statement) -> Iterator[tuple[int, int]]:
    """(offset, index of the token) of each location that stands where a table may."""
    for index, token in enumerate(statement.tokens[1:], start=1):
        before = plain_text(statement.tokens[index - 1]).upper()
        starts = token.text.startswith("@") and (is_string(token) or token.text == "@")
        if starts and before in {"FROM", "JOIN"}:
            yield token.start, index


def _read(session: "Session", statement: Statement, first: int) -> tuple[Location, list[Path], FileFormat, int]:
    token = statement.tokens[first]
    if is_string(token):
        place, end = location(session, token.text), token.end + 1
    else:
        place, end = location_at(session, statement.text, token.start)
    following = [t for t in statement.tokens if t.start >= end]
    if following and following[0].text == "(":
        reader = Reader(statement.text, following)
        group = reader.group_text()
        options = _arrows(group)
        if others := options.keys() - {"FILE_FORMAT", "PATTERN"}:
            raise unsupported(f"The option {min(others)} of files in FROM")
        form = read_format(session, options.get("FILE_FORMAT") or place.form)
        return place, matching(place, options.get("PATTERN")), form, following[reader.position - 1].end + 1
    return place, place.files, read_format(session, place.form), end


def _arrows(group: str) -> dict[str, str]:
    """`(NAME => value, …)` as a mapping."""
    return Reader.over(Statement.of(group[1:-1].replace("=>", "="))).options()


@contextmanager
def viewed(
    session: "Session", form: FileFormat, files: Sequence[Path], place: Location, more: frozenset[str] = frozenset()
) -> Iterator[QualifiedName]:
    """A view over files, while it is needed."""
    name = make_view(session, form, files, place, more)
    try:
        yield name
    finally:
        drop_view(session, name)


_METADATA, _WHOLE = "METADATA$", "$1"
_BARE = re.compile(r"\$1\b(?!\s*:[^:])")


def asked(text: str) -> frozenset[str]:
    """What a statement asks for beside the columns: what is known of the files, and `$1` without a path."""
    found = {_METADATA} if _METADATA in text.upper() else set()
    return frozenset(found | {_WHOLE} if _BARE.search(text) else found)


def make_view(
    session: "Session", form: FileFormat, files: Sequence[Path], place: Location, more: frozenset[str] = frozenset()
) -> QualifiedName:
    """A temporary view over files: the columns of Parquet by their names, of CSV as $1, $2 …, of JSON as $1; and what
    of `more` these files have.
    """
    if not files:
        raise compilation_error("there are no files at the stage location", 2003, "02000")
    name = QualifiedName("STAGED", "FILES", f"F{next(_serial)}")
    parts = [[file] for file in files] if _METADATA in more else [files]
    query = " UNION ALL BY NAME ".join(_selected(session, form, part, place, more) for part in parts)
    stored = f"_neve_files_{name.name}"
    session.fetch(f"CREATE TEMP VIEW {stored} AS {query}")
    session.temporary[name] = stored
    return name


def _selected(
    session: "Session", form: FileFormat, files: Sequence[Path], place: Location, more: frozenset[str]
) -> str:
    source = reader_sql(form, files)
    rows = session.fetch(f"DESCRIBE SELECT * FROM {source}")
    columns = [_column(form, index, str(row[0])) for index, row in enumerate(rows)]
    if _WHOLE in more and form.kind == "PARQUET":
        columns.append(f'to_json(_neve_row) AS "{_WHOLE}"')
    if _METADATA in more:
        columns += _metadata(place, *files)
    return f"SELECT {', '.join(columns)} FROM {source} AS _neve_row"


def _metadata(place: Location, file: Path) -> Iterator[str]:
    """What is known of the one file that rows are of."""
    changed = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    told = {
        "FILENAME": text_literal(file.relative_to(place.folder).as_posix()),
        "FILE_ROW_NUMBER": "row_number() OVER ()",
        "FILE_CONTENT_KEY": text_literal(md5(file)),
        "FILE_LAST_MODIFIED": f"TIMESTAMP '{changed:%Y-%m-%d %H:%M:%S}'",
        "START_SCAN_TIME": "sf_now()",
    }
    return (f'{value} AS "{_METADATA}{name}"' for name, value in told.items())


def _column(form: FileFormat, index: int, name: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    if form.kind == "PARQUET" or form.flag("PARSE_HEADER"):
        return quoted
    return f'{quoted} AS "${index + 1}"'


def drop_view(session: "Session", name: QualifiedName) -> None:
    session.fetch(f"DROP VIEW IF EXISTS temp.main.{session.temporary.pop(name)}")


def columns_named(statement: Statement, *, parquet: bool) -> str:
    """`$1:"A"` of Parquet is its column A; any other `$n` is the column of that name."""
    pieces, done, tokens = [], 0, statement.tokens
    for index, token in enumerate(tokens):
        number = tokens[index + 1] if index + 1 < len(tokens) else None
        if token.text != "$" or is_string(token) or number is None or not number.text.isdigit():
            continue
        end, column = number.end + 1, f'"${number.text}"'
        path = tokens[index + 2 : index + 4]
        if parquet and len(path) == 2 and path[0].text == ":" and (is_word(path[1]) or is_string(path[1])):
            end, column = path[1].end + 1, quote_identifier(path[1].text)
        pieces += [statement.text[done : token.start], column]
        done = end
    return "".join([*pieces, statement.text[done:]])
