"""COPY INTO: files of a stage into a table, and rows into files of a stage."""

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.errors import SqlError, compilation_error, unsupported
from neve.local.reader import Reader
from neve.local.result import SEMI_STRUCTURED, Result
from neve.local.sqltext import QualifiedName, Statement, is_string, quote_identifier, resolve
from neve.local.stages import loads
from neve.local.stages.formats import FileFormat, read_format, reader_sql
from neve.local.stages.loads import Load
from neve.local.stages.location import Location, location_from, matching
from neve.local.stages.reading import asked, columns_named, viewed
from neve.local.streams.following import taken
from neve.local.types import NUMBER, TEXT

if TYPE_CHECKING:
    from neve.local.session import Session

_LOAD = {"FILE_FORMAT", "PURGE", "ON_ERROR", "PATTERN", "MATCH_BY_COLUMN_NAME", "FORCE", "FILES", "TRUNCATECOLUMNS"}
_UNLOAD = {"FILE_FORMAT", "HEADER", "OVERWRITE", "SINGLE", "PARTITION", "MAX_FILE_SIZE", "DETAILED_OUTPUT"}
_LOADED = ("file", "status", "rows_parsed", "rows_loaded", "error_limit", "errors_seen", "first_error",
           "first_error_line", "first_error_character", "first_error_column_name")  # fmt: skip
_DOCUMENTS = tuple([kind] for kind in SEMI_STRUCTURED)
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
    columns = reader.group_text() if reader.word() == "(" else ""
    reader.expect("FROM")
    query, place = _source(session, statement, reader)
    options = reader.options()
    _check(options, _LOAD)
    files = _chosen(place, options)
    if not _flag(options, "FORCE"):
        files = loads.not_yet(session, target, files)
    if not files:
        return r.status("Copy executed with 0 files processed.", r.COPY)
    form = read_format(session, options.get("FILE_FORMAT") or place.form)
    job = _Job(target, columns, query, form, place, "MATCH_BY_COLUMN_NAME" in options)
    done = _taken(session, job, files, options.get("ON_ERROR", "ABORT_STATEMENT").upper())
    loads.remember(session, target, done)
    if _flag(options, "PURGE"):
        for load in done:
            load.file.unlink()
    return _loaded(done)


def _flag(options: dict[str, str], name: str) -> bool:
    return options.get(name, "FALSE").upper() == "TRUE"


def _taken(session: "Session", job: _Job, files: Sequence[Path], on_error: str) -> list[Load]:
    """All files or none of them; by SKIP_FILE each file or nothing of it; by CONTINUE each row that can be."""
    if on_error == "ABORT_STATEMENT":
        return _whole(session, job, files)
    return [_as_far_as_possible(session, job, file, rows=on_error == "CONTINUE") for file in files]


def _whole(session: "Session", job: _Job, files: Sequence[Path]) -> list[Load]:
    """The rows of all these files go in with one INSERT, or none of them."""
    with viewed(session, job.form, files, job.place, asked(job.query)) as view:
        _insert(session, job, view)
    counts = [_count_rows(session, job.form, file) for file in files]
    return [Load(file, job.place.relative(file), n, n) for file, n in zip(files, counts, strict=True)]


def _as_far_as_possible(session: "Session", job: _Job, file: Path, *, rows: bool) -> Load:
    try:
        return _whole(session, job, [file])[0]
    except SqlError as error:
        parsed, shown = _count_rows(session, job.form, file), job.place.relative(file)
        if not rows:
            return Load(file, shown, parsed, 0, 1, error.message)
        with viewed(session, job.form, [file], job.place, asked(job.query)) as view:
            bad = list(_refused(session, job, view, 0, parsed))
        first, message = bad[0]
        return Load(file, shown, parsed, parsed - len(bad), len(bad), message, first + 1)


def _refused(session: "Session", job: _Job, view: QualifiedName, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Puts in the rows from `start` to before `end` that can be: the numbers of the others, and why they cannot."""
    part = f"(SELECT * FROM {view} LIMIT {end - start} OFFSET {start})"
    try:
        _insert(session, job, view, part)
    except SqlError as error:
        if end - start == 1:
            yield start, error.message
            return
        middle = (start + end) // 2
        yield from _refused(session, job, view, start, middle)
        yield from _refused(session, job, view, middle, end)


def _loaded(done: Sequence[Load]) -> Result:
    rows = [
        (one.shown, one.status, one.parsed, one.loaded, one.errors or 1, one.errors, one.message, one.line, None, None)
        for one in done
    ]
    heads = [(name, NUMBER if name in _NUMBERS else TEXT) for name in _LOADED]
    result = r.from_rows(heads, rows, statement_type=r.COPY)
    return Result(result.columns, result.table, sum(one.loaded for one in done), r.COPY)


def _source(session: "Session", statement: Statement, reader: Reader) -> tuple[str, Location]:
    """What `FROM (SELECT … FROM @stage [alias])` or `FROM @stage` selects, over `{staged}`; and the location."""
    if reader.word() != "(":
        return "SELECT * FROM {staged}", location_from(session, statement, reader)
    opening = reader.position
    reader.group_text()
    closing = reader.position - 1
    at = next((i for i in range(closing - 1, opening, -1) if statement.tokens[i].text.startswith("@")), None)
    if at is None:
        raise compilation_error("COPY INTO selects from a stage, and there is none in its query.")
    inner = Reader(statement.text, statement.tokens, at)
    place = location_from(session, statement, inner)
    head = statement.text[statement.tokens[opening + 1].start : statement.tokens[at].start]
    tail = statement.text[statement.tokens[inner.position].start : statement.tokens[closing].start]
    return f"{head}{{staged}} {tail}", place


def _check(options: dict[str, str], known: set[str]) -> None:
    for name in options.keys() - known:
        raise unsupported(f"The option {name} of COPY INTO")
    if options.get("ON_ERROR", "CONTINUE").upper() not in {"ABORT_STATEMENT", "CONTINUE", "SKIP_FILE"}:
        raise unsupported(f"ON_ERROR = {options['ON_ERROR']} of COPY INTO")


def _chosen(place: Location, options: dict[str, str]) -> list[Path]:
    files = matching(place, options.get("PATTERN"))
    if "FILES" not in options:
        return files
    named = {token.text for token in Statement.of(options["FILES"]).tokens if is_string(token)}
    return [file for file in files if file.relative_to(place.folder / place.path).as_posix() in named]


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
    """One file, named as Snowflake would name the first."""
    place = location_from(session, statement, reader)
    reader.expect("FROM")
    source = reader.group_text() if reader.word() == "(" else str(resolve(session, reader.dotted()))
    options = reader.options()
    _check(options, _UNLOAD)
    form = read_format(session, options.get("FILE_FORMAT"))
    if "PARTITION" in options:
        raise unsupported("COPY INTO a location with PARTITION BY")
    query = source[1:-1] if source.startswith("(") else f"SELECT * FROM {source}"
    with session.lock, taken(session, query):
        rows = session.run(query)
    if form.kind == "JSON" and [column.type.kind for column in rows.columns] not in _DOCUMENTS:
        message = "JSON file format can produce one and only one column of type variant, object, or array."
        raise compilation_error(message)
    file = place.folder / _file_name(place.path, form, single=options.get("SINGLE", "FALSE").upper() == "TRUE")
    file.parent.mkdir(parents=True, exist_ok=True)
    _write(rows, form, file, header=options.get("HEADER", "FALSE").upper() == "TRUE")
    heads = [("rows_unloaded", NUMBER), ("input_bytes", NUMBER), ("output_bytes", NUMBER)]
    size, count = file.stat().st_size, rows.table.num_rows
    result = r.from_rows(heads, [(count, size, size)], statement_type=r.COPY)
    return Result(result.columns, result.table, count, r.COPY)


def _file_name(path: str, form: FileFormat, *, single: bool) -> str:
    if single and path and not path.endswith("/"):
        return path
    ending = "snappy.parquet" if form.kind == "PARQUET" else form.kind.lower()
    stem = path if path and not path.endswith("/") else f"{path}data"
    return f"{stem}_{uuid.uuid4().hex[:8]}_0_0_0.{ending}"


def _write(rows: Result, form: FileFormat, file: Path, *, header: bool) -> None:
    table = rows.table.rename_columns([column.name if header else f"_COL_{i}" for i, column in enumerate(rows.columns)])
    if form.kind == "JSON":
        values = [json.loads(row[0]) for row in rows.rows if row[0] is not None]
        lines = [json.dumps(value, separators=(",", ":"), ensure_ascii=False) for value in values]
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    elif form.kind == "PARQUET":
        from pyarrow import parquet

        parquet.write_table(table, file)
    else:
        from pyarrow import csv

        csv.write_csv(table, file, csv.WriteOptions(include_header=header))


ROUTES = ((("COPY", "INTO"), copy_into),)
