"""COPY INTO: files of a stage into a table, and rows into files of a stage."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.errors import unsupported
from neve.local.options import OptionReader
from neve.local.result import Result
from neve.local.sqltext import QualifiedName, Statement, is_string, quote_identifier, resolve
from neve.local.stages.formats import FileFormat, read_format, reader_sql
from neve.local.stages.location import Location, location, location_at
from neve.local.stages.reading import columns_named, drop_view, make_view
from neve.local.stages.transfer import matching
from neve.local.types import NUMBER, TEXT

if TYPE_CHECKING:
    from neve.local.session import Session

_LOAD = {"FILE_FORMAT", "PURGE", "ON_ERROR", "PATTERN", "MATCH_BY_COLUMN_NAME", "FORCE", "FILES", "TRUNCATECOLUMNS"}
_UNLOAD = {"FILE_FORMAT", "HEADER", "OVERWRITE", "SINGLE", "PARTITION", "MAX_FILE_SIZE", "DETAILED_OUTPUT"}
_LOADED = ("file", "status", "rows_parsed", "rows_loaded", "error_limit", "errors_seen", "first_error",
           "first_error_line", "first_error_character", "first_error_column_name")  # fmt: skip
_NUMBERS = {"rows_parsed", "rows_loaded", "error_limit", "errors_seen", "first_error_line", "first_error_character"}


def copy_into(session: "Session", statement: Statement) -> Result:
    """COPY INTO table FROM @stage, or COPY INTO @stage FROM table."""
    reader = OptionReader.over(statement)
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
    files: Sequence[Path]
    by_name: bool


def _load(session: "Session", statement: Statement, reader: OptionReader) -> Result:
    """Every file is loaded, also one that was loaded before: the engine keeps no load history."""
    target = resolve(session, reader.dotted())
    columns = reader.group_text() if reader.word() == "(" else ""
    reader.expect("FROM")
    query, place = _source(session, statement, reader)
    options = reader.options()
    _check(options, _LOAD)
    files = _chosen(place, options)
    if not files:
        return r.status("Copy executed with 0 files processed.")
    form = read_format(session, options.get("FILE_FORMAT"))
    total = _insert(session, _Job(target, columns, query, form, files, "MATCH_BY_COLUMN_NAME" in options))
    counts = [_count_rows(session, form, file) for file in files]
    if options.get("PURGE", "FALSE").upper() == "TRUE":
        for file in files:
            file.unlink()
    return _loaded(place, files, counts, total)


def _loaded(place: Location, files: Sequence[Path], counts: Sequence[int], total: int) -> Result:
    rows = [
        (place.relative(file), "LOADED", count, count, 1, 0, None, None, None, None)
        for file, count in zip(files, counts, strict=True)
    ]
    heads = [(name, NUMBER if name in _NUMBERS else TEXT) for name in _LOADED]
    result = r.from_rows(heads, rows, statement_type=r.COPY)
    return Result(result.columns, result.table, total, r.COPY)


def _source(session: "Session", statement: Statement, reader: OptionReader) -> tuple[str, Location]:
    """What `FROM (SELECT … FROM @stage [alias])` or `FROM @stage` selects, over `{staged}`; and the location."""
    if reader.word() != "(":
        return "SELECT * FROM {staged}", _location(session, statement, reader)
    opening = reader.position
    reader.group_text()
    closing = reader.position - 1
    at = next(i for i in range(closing - 1, opening, -1) if statement.tokens[i].text.startswith("@"))
    inner = OptionReader(statement.text, statement.tokens, at)
    place = _location(session, statement, inner)
    head = statement.text[statement.tokens[opening + 1].start : statement.tokens[at].start]
    tail = statement.text[statement.tokens[inner.position].start : statement.tokens[closing].start]
    return f"{head}{{staged}} {tail}", place


def _location(session: "Session", statement: Statement, reader: OptionReader) -> Location:
    token = statement.tokens[reader.position]
    if is_string(token):
        reader.position += 1
        return location(session, token.text)
    place, end = location_at(session, statement.text, token.start)
    while not reader.at_end() and statement.tokens[reader.position].start < end:
        reader.position += 1
    return place


def _check(options: dict[str, str], known: set[str]) -> None:
    for name in options.keys() - known:
        raise unsupported(f"The option {name} of COPY INTO")
    if options.get("ON_ERROR", "ABORT_STATEMENT").upper() != "ABORT_STATEMENT":
        raise unsupported(f"ON_ERROR = {options['ON_ERROR']} of COPY INTO")


def _chosen(place: Location, options: dict[str, str]) -> list[Path]:
    files = matching(place, options.get("PATTERN"))
    if "FILES" not in options:
        return files
    named = {token.text for token in Statement.of(options["FILES"]).tokens if is_string(token)}
    return [file for file in files if file.relative_to(place.folder / place.path).as_posix() in named]


def _insert(session: "Session", job: _Job) -> int:
    """The rows of all files go in with one INSERT, or none of them."""
    view = make_view(session, job.form, job.files)
    try:
        columns = _matched(session, job.target, view) if job.by_name else job.columns
        text = f"INSERT INTO {job.target} {columns} {job.query.replace('{staged}', str(view))}"
        return session.run(columns_named(Statement.of(text), parquet=job.form.kind == "PARQUET")).rowcount
    finally:
        drop_view(session, view)


def _matched(session: "Session", target: QualifiedName, view: QualifiedName) -> str:
    """The table's columns in the order of the files' columns of the same name, in any case."""
    quoted = ".".join('"' + part.replace('"', '""') + '"' for part in target)
    stored = {str(row[0]).upper(): str(row[0]) for row in session.fetch(f"DESCRIBE {quoted}")}
    names = [str(row[0]) for row in session.fetch(f"DESCRIBE temp.main.{session.temporary[view]}")]
    return "(" + ", ".join(quote_identifier(stored.get(name.upper(), name)) for name in names) + ")"


def _count_rows(session: "Session", form: FileFormat, file: Path) -> int:
    return int(session.fetch(f"SELECT count(*) FROM {reader_sql(form, [file])}")[0][0])


def _unload(session: "Session", statement: Statement, reader: OptionReader) -> Result:
    """One file, named as Snowflake would name the first."""
    place = _location(session, statement, reader)
    reader.expect("FROM")
    source = reader.group_text() if reader.word() == "(" else str(resolve(session, reader.dotted()))
    options = reader.options()
    _check(options, _UNLOAD)
    form = read_format(session, options.get("FILE_FORMAT"))
    if form.kind == "JSON" or "PARTITION" in options:
        raise unsupported("COPY INTO a location with these options")
    rows = session.run(source[1:-1] if source.startswith("(") else f"SELECT * FROM {source}")
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
    ending = "snappy.parquet" if form.kind == "PARQUET" else "csv"
    stem = path if path and not path.endswith("/") else f"{path}data"
    return f"{stem}_{uuid.uuid4().hex[:8]}_0_0_0.{ending}"


def _write(rows: Result, form: FileFormat, file: Path, *, header: bool) -> None:
    table = rows.table.rename_columns([column.name if header else f"_COL_{i}" for i, column in enumerate(rows.columns)])
    if form.kind == "PARQUET":
        from pyarrow import parquet

        parquet.write_table(table, file)
    else:
        from pyarrow import csv

        csv.write_csv(table, file, csv.WriteOptions(include_header=header))


ROUTES = ((("COPY", "INTO"), copy_into),)
