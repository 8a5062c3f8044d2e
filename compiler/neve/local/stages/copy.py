"""COPY INTO: files of a stage into a table, and rows into files of a stage."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.errors import SqlError, compilation_error, unsupported
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.schemas import columns
from neve.local.sqltext import QualifiedName, Statement, is_string, quote_identifier, resolve
from neve.local.stages import loads
from neve.local.stages.formats import FileFormat, read_format, reader_sql
from neve.local.stages.loads import Load
from neve.local.stages.location import Location, location, location_at
from neve.local.stages.reading import columns_named, names_files, viewed
from neve.local.stages.transfer import matching, md5
from neve.local.stages.unload import OPTIONS, unload
from neve.local.tables.copying import scratch
from neve.local.tables.names import need
from neve.local.transactions import before_change, changes
from neve.local.types import NUMBER, TEXT

if TYPE_CHECKING:
    from neve.local.session import Session

_LOAD = {
    "VALIDATION_MODE",
    "FILE_FORMAT",
    "PURGE",
    "ON_ERROR",
    "PATTERN",
    "MATCH_BY_COLUMN_NAME",
    "FORCE",
    "FILES",
    "TRUNCATECOLUMNS",
}
_LOADED = ("file", "status", "rows_parsed", "rows_loaded", "error_limit", "errors_seen", "first_error",
           "first_error_line", "first_error_character", "first_error_column_name")  # fmt: skip
_NUMBERS = {"rows_parsed", "rows_loaded", "error_limit", "errors_seen", "first_error_line", "first_error_character"}


def copy_into(session: "Session", statement: Statement) -> Result:
    """COPY INTO table FROM @stage, or COPY INTO @stage FROM table."""
    reader = Reader.over(statement)
    reader.expect("COPY", "INTO")
    target = statement.tokens[reader.position]
    if target.text.startswith("@"):
        return _unload(session, statement, reader)
    return _load(session, statement, reader)


@dataclass(frozen=True, slots=True)
class _Job:
    """What to load: a select list over `{staged}`, the columns to fill, as text (empty: all), or matched by name."""

    target: QualifiedName
    columns: str
    query: str
    form: FileFormat
    place: Location
    by_name: bool


def _load(session: "Session", statement: Statement, reader: Reader) -> Result:
    """Files that the table has taken already are left out, unless with FORCE = TRUE."""
    target = resolve(session, reader.dotted())
    named = reader.group_text() if reader.word() == "(" else ""
    reader.expect("FROM")
    query, place = _source(session, statement, reader)
    options = reader.options()
    _check(options, _LOAD)
    form = read_format(session, options.get("FILE_FORMAT") or place.form)
    by_name = options.get("MATCH_BY_COLUMN_NAME", "NONE").upper() != "NONE"
    job = _Job(target, named, query, form, place, by_name)
    _check_target(session, job)
    files = {file: md5(file) for file in _chosen(place, options)}
    if mode := options.get("VALIDATION_MODE"):
        return _validated(session, job, list(files), mode.upper())
    if not _flag(options, "FORCE"):
        files = loads.not_yet(session, target, files)
    if not files:
        return r.status("Copy executed with 0 files processed.", r.COPY)
    done = _taken(session, job, files, options.get("ON_ERROR", "ABORT_STATEMENT").upper())
    if _flag(options, "PURGE"):
        for load in done:
            load.file.unlink()
    return _loaded(done)


_ERRORS = ("ERROR", "FILE", "LINE", "CHARACTER", "BYTE_OFFSET", "CATEGORY", "CODE", "SQL_STATE", "COLUMN_NAME",
           "ROW_NUMBER", "ROW_START_LINE", "REJECTED_RECORD")  # fmt: skip
_ERROR_NUMBERS = frozenset({"LINE", "CHARACTER", "BYTE_OFFSET", "CODE", "ROW_NUMBER", "ROW_START_LINE"})


def _validated(session: "Session", job: _Job, files: Sequence[Path], mode: str) -> Result:
    """VALIDATION_MODE: the errors that loading would meet, or the first rows; the table is not changed."""
    wanted = re.fullmatch(r"RETURN_(?:(ALL_)?ERRORS|(\d+)_ROWS)", mode)
    if wanted is None:
        raise compilation_error(f"invalid value [{mode}] for parameter 'VALIDATION_MODE'", 1008, "22023")
    with session.lock, scratch(session, job.target) as target:
        trial = replace(job, target=target)
        if wanted[2]:
            with viewed(session, job.form, files, job.place, named=names_files(job.query)) as view:
                _insert(session, trial, view, f"(SELECT * FROM {view} LIMIT {wanted[2]})")
            return session.run(f"SELECT * FROM {target}")
        rows = [row for file in files for row in _errors(session, trial, file)]
    heads = [(name, NUMBER if name in _ERROR_NUMBERS else TEXT) for name in _ERRORS]
    return r.from_rows(heads, [tuple(row.get(name) for name in _ERRORS) for row in rows])


def _errors(session: "Session", job: _Job, file: Path) -> Iterator[dict[str, object]]:
    count = _count_rows(session, job.form, file)
    with viewed(session, job.form, [file], job.place, named=names_files(job.query)) as view:
        for place, error in _refused(session, job, view, 0, count):
            line = place + 1 + _skipped(job.form)
            yield {
                "ERROR": error.message,
                "FILE": job.place.relative(file),
                "LINE": line,
                "CATEGORY": "conversion",
                "CODE": error.code,
                "SQL_STATE": error.sqlstate,
                "ROW_NUMBER": place + 1,
                "ROW_START_LINE": line,
            }


def _check_target(session: "Session", job: _Job) -> None:
    """JSON is one value a row."""
    if job.form.kind != "JSON" or job.by_name or job.query != _EVERYTHING or job.columns:
        return
    kinds = [column.type.kind for column in columns(session, *need(session, job.target).stored)]
    if len(kinds) != 1 or kinds[0] not in r.SEMI_STRUCTURED:
        raise compilation_error(
            "JSON file format can produce one and only one column of variant, object, or array type. Load data into "
            "separate columns using the MATCH_BY_COLUMN_NAME copy option or copy with transformation.",
            1003,
            "42000",
        )


def _flag(options: dict[str, str], name: str) -> bool:
    return options.get(name, "FALSE").upper() == "TRUE"


def _taken(session: "Session", job: _Job, files: Mapping[Path, str], on_error: str) -> list[Load]:
    """All files or none of them; by SKIP_FILE each file or nothing of it; by CONTINUE each row that can be."""
    before_change(session)
    if on_error == "ABORT_STATEMENT":
        return _whole(session, job, files)
    return [
        _as_far_as_possible(session, job, file, digest, rows=on_error == "CONTINUE") for file, digest in files.items()
    ]


def _whole(session: "Session", job: _Job, files: Mapping[Path, str], limit: int | None = 1) -> list[Load]:
    """The rows of all these files go in with one INSERT, or none of them; no `limit` is the number of rows."""
    with viewed(session, job.form, list(files), job.place, named=names_files(job.query)) as view, changes(session):
        _insert(session, job, view)
        counts = [_count_rows(session, job.form, file) for file in files]
        done = [
            Load(file, job.place.relative(file), n, n, limit=limit or n) for file, n in zip(files, counts, strict=True)
        ]
        loads.remember(session, job.target, done, files)
    return done


def _as_far_as_possible(session: "Session", job: _Job, file: Path, digest: str, *, rows: bool) -> Load:
    try:
        return _whole(session, job, {file: digest}, None if rows else 1)[0]
    except SqlError as error:
        parsed, shown = _count_rows(session, job.form, file), job.place.relative(file)
        load = Load(file, shown, parsed, 0, 1, error.message)
        if rows:
            with viewed(session, job.form, [file], job.place, named=names_files(job.query)) as view:
                bad = list(_refused(session, job, view, 0, parsed))
            first, why = bad[0]
            line = first + 1 + _skipped(job.form)
            load = Load(file, shown, parsed, parsed - len(bad), len(bad), why.message, line, parsed)
        loads.remember(session, job.target, [load], {file: digest})
        return load


def _skipped(form: FileFormat) -> int:
    """Lines before the first row."""
    return int(form.options.get("SKIP_HEADER", "0")) + form.flag("PARSE_HEADER")


def _refused(
    session: "Session", job: _Job, view: QualifiedName, start: int, end: int
) -> Iterator[tuple[int, SqlError]]:
    """Puts in the rows from `start` to before `end` that can be: the numbers of the others, and why they cannot."""
    part = f"(SELECT * FROM {view} LIMIT {end - start} OFFSET {start})"
    try:
        _insert(session, job, view, part)
    except SqlError as error:
        if end - start == 1:
            yield start, error
            return
        middle = (start + end) // 2
        yield from _refused(session, job, view, start, middle)
        yield from _refused(session, job, view, middle, end)


def _loaded(done: Sequence[Load]) -> Result:
    rows = [
        (one.shown, one.status, one.parsed, one.loaded, one.limit, one.errors, one.message, one.line, None, None)
        for one in done
    ]
    heads = [(name, NUMBER if name in _NUMBERS else TEXT) for name in _LOADED]
    result = r.from_rows(heads, rows, statement_type=r.COPY)
    return Result(result.columns, result.table, sum(one.loaded for one in done), r.COPY)


_EVERYTHING = "SELECT * FROM {staged}"


def _source(session: "Session", statement: Statement, reader: Reader) -> tuple[str, Location]:
    """What `FROM (SELECT … FROM @stage [alias])` or `FROM @stage` selects, over `{staged}`; and the location."""
    if reader.word() != "(":
        return _EVERYTHING, _location(session, statement, reader)
    opening = reader.position
    reader.group_text()
    closing = reader.position - 1
    at = next((i for i in range(closing - 1, opening, -1) if statement.tokens[i].text.startswith("@")), None)
    if at is None:
        raise compilation_error("COPY INTO selects from a stage, and there is none in its query.")
    inner = Reader(statement.text, statement.tokens, at)
    place = _location(session, statement, inner)
    head = statement.text[statement.tokens[opening + 1].start : statement.tokens[at].start]
    tail = statement.text[statement.tokens[inner.position].start : statement.tokens[closing].start]
    return f"{head}{{staged}} {tail}", place


def _location(session: "Session", statement: Statement, reader: Reader) -> Location:
    token = statement.tokens[reader.position]
    if is_string(token):
        reader.position += 1
        return location(session, token.text)
    place, end = location_at(session, statement.text, token.start)
    while not reader.at_end() and statement.tokens[reader.position].start < end:
        reader.position += 1
    return place


def _check(options: dict[str, str], known: Collection[str]) -> None:
    for name in options.keys() - set(known):
        raise unsupported(f"The option {name} of COPY INTO")
    if options.get("ON_ERROR", "CONTINUE").upper() not in {"ABORT_STATEMENT", "CONTINUE", "SKIP_FILE"}:
        raise unsupported(f"ON_ERROR = {options['ON_ERROR']} of COPY INTO")


def _chosen(place: Location, options: dict[str, str]) -> list[Path]:
    files = matching(place, options.get("PATTERN"))
    if "FILES" not in options:
        return files
    named = [token.text for token in Statement.of(options["FILES"]).tokens if is_string(token)]
    below = {file.relative_to(place.folder / place.path).as_posix(): file for file in files}
    for name in named:
        if name not in below:
            raise SqlError(91016, "22000", f"Remote file '{place.name}/{place.path}{name}' was not found. {_CAUSES}")
    return [below[name] for name in named]


_CAUSES = (
    "There are several potential causes. The file might not exist. The required credentials may be missing or invalid. "
    "If you are running a copy command, please make sure files are not deleted when they are being loaded or files are "
    "not being loaded into two different tables concurrently with auto purge option."
)


def _insert(session: "Session", job: _Job, view: QualifiedName, rows: str = "") -> int:
    """`rows` are what of the view is meant; empty: all."""
    columns = _matched(session, job.target, view) if job.by_name else job.columns
    text = f"INSERT INTO {job.target} {columns} {job.query.replace('{staged}', rows or str(view))}"
    return session.run(columns_named(Statement.of(text), parquet=job.form.kind == "PARQUET")).rowcount


def _matched(session: "Session", target: QualifiedName, view: QualifiedName) -> str:
    """The table's columns in the order of the files' columns of the same name, in any case."""
    quoted = ".".join('"' + part.replace('"', '""') + '"' for part in target)
    stored = {str(row[0]).upper(): str(row[0]) for row in session.fetch(f"DESCRIBE {quoted}")}
    names = [str(row[0]) for row in session.fetch(f"DESCRIBE temp.main.{session.temporary[view]}")]
    return "(" + ", ".join(quote_identifier(stored.get(name.upper(), name)) for name in names) + ")"


def _count_rows(session: "Session", form: FileFormat, file: Path) -> int:
    return int(session.fetch(f"SELECT count(*) FROM {reader_sql(form, [file])}")[0][0])


def _unload(session: "Session", statement: Statement, reader: Reader) -> Result:
    place = _location(session, statement, reader)
    reader.expect("FROM")
    source = reader.group_text() if reader.word() == "(" else str(resolve(session, reader.dotted()))
    options = reader.options()
    _check(options, OPTIONS)
    query = source[1:-1] if source.startswith("(") else f"SELECT * FROM {source}"
    return unload(session, place, query, options)


ROUTES = ((("COPY", "INTO"), copy_into),)
