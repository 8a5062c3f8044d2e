"""COPY INTO: files of a stage into a table, and rows into files of a stage."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.errors import compilation_error, invalid_value, unsupported
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.schemas import columns
from neve.local.sqltext import Statement, resolve
from neve.local.stages import loads
from neve.local.stages.flags import flag
from neve.local.stages.formats import read_format
from neve.local.stages.loading import Job, taken, validated
from neve.local.stages.loads import Load
from neve.local.stages.location import Location, chosen, location_from
from neve.local.stages.targets import EVERYTHING
from neve.local.stages.transfer import md5
from neve.local.stages.unload import OPTIONS, unload
from neve.local.tables.names import need
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
    "INCLUDE_METADATA",
    "FORCE",
    "FILES",
    "TRUNCATECOLUMNS",
    "ENFORCE_LENGTH",
}
_LOADED = ("file", "status", "rows_parsed", "rows_loaded", "error_limit", "errors_seen", "first_error",
           "first_error_line", "first_error_character", "first_error_column_name")  # fmt: skip
_NUMBERS = {"rows_parsed", "rows_loaded", "error_limit", "errors_seen", "first_error_line", "first_error_character"}


def copy_into(session: "Session", statement: Statement) -> Result:
    """COPY INTO table FROM @stage, or COPY INTO @stage FROM table."""
    reader = Reader.over(statement)
    reader.expect("COPY", "INTO")
    if not reader.at_end() and statement.tokens[reader.position].text.startswith("@"):
        return _unload(session, statement, reader)
    return _load(session, statement, reader)


def _load(session: "Session", statement: Statement, reader: Reader) -> Result:
    """Files that the table has taken already are left out, unless with FORCE = TRUE."""
    target = resolve(session, reader.dotted())
    named = reader.group_text() if reader.word() == "(" else ""
    reader.expect("FROM")
    query, place = _source(session, statement, reader)
    options = reader.options()
    _check(options, _LOAD)
    form = read_format(session, options.get("FILE_FORMAT") or place.form)
    by_name, metadata = _by_name(options)
    cut = flag(options, "TRUNCATECOLUMNS") or not flag(options, "ENFORCE_LENGTH", "TRUE")
    job = Job(target, named, query, form, place, by_name, cut, metadata)
    if cut and not job.by_place:
        raise unsupported("TRUNCATECOLUMNS where a query or the names of columns tell what is loaded")
    _check_target(session, job)
    files = {file: md5(file) for file in chosen(place, options)}
    if mode := options.get("VALIDATION_MODE"):
        return validated(session, job, list(files), mode.upper())
    again, purge = flag(options, "FORCE"), flag(options, "PURGE")
    if not again:
        files = loads.not_yet(session, target, files)
    if not files:
        return r.status("Copy executed with 0 files processed.", r.COPY)
    done = taken(session, job, files, options.get("ON_ERROR", "ABORT_STATEMENT").upper())
    for load in done:
        if purge and load.status == "LOADED":
            load.file.unlink()
    return _loaded(done)


def _by_name(options: dict[str, str]) -> tuple[str, dict[str, str]]:
    """How columns are matched by name (empty: not), and those that take what is known of the files."""
    matched = options.get("MATCH_BY_COLUMN_NAME", "NONE").upper()
    if matched not in {"NONE", "CASE_SENSITIVE", "CASE_INSENSITIVE"}:
        raise invalid_value("MATCH_BY_COLUMN_NAME", matched)
    metadata = Reader.of(options.get("INCLUDE_METADATA", "()")[1:-1]).options()
    if metadata and matched == "NONE":
        raise compilation_error("INCLUDE_METADATA is only for MATCH_BY_COLUMN_NAME.")
    return matched.removeprefix("NONE"), {name: value.upper() for name, value in metadata.items()}


def _check_target(session: "Session", job: Job) -> None:
    """JSON is one value a row."""
    if job.form.kind != "JSON" or job.by_name or job.query != EVERYTHING or job.columns:
        return
    kinds = [column.type.kind for column in columns(session, *need(session, job.target).stored)]
    if len(kinds) != 1 or kinds[0] not in r.SEMI_STRUCTURED:
        raise compilation_error(
            "JSON file format can produce one and only one column of variant, object, or array type. Load data into "
            "separate columns using the MATCH_BY_COLUMN_NAME copy option or copy with transformation.",
            1003,
            "42000",
        )


def _loaded(done: Sequence[Load]) -> Result:
    rows = [
        (one.shown, one.status, one.parsed, one.loaded, one.limit, one.errors, one.message, one.line, None, None)
        for one in done
    ]
    heads = [(name, NUMBER if name in _NUMBERS else TEXT) for name in _LOADED]
    result = r.from_rows(heads, rows, statement_type=r.COPY)
    return Result(result.columns, result.table, sum(one.loaded for one in done), r.COPY)


def _source(session: "Session", statement: Statement, reader: Reader) -> tuple[str, Location]:
    """What `FROM (SELECT … FROM @stage [alias])` or `FROM @stage` selects, over `{staged}`; and the location."""
    if reader.word() != "(":
        return EVERYTHING, location_from(session, statement, reader)
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


def _check(options: dict[str, str], known: Collection[str]) -> None:
    for name in options.keys() - set(known):
        raise unsupported(f"The option {name} of COPY INTO")
    if options.get("ON_ERROR", "CONTINUE").upper() not in {"ABORT_STATEMENT", "CONTINUE", "SKIP_FILE"}:
        raise unsupported(f"ON_ERROR = {options['ON_ERROR']} of COPY INTO")


def _unload(session: "Session", statement: Statement, reader: Reader) -> Result:
    place = location_from(session, statement, reader)
    reader.expect("FROM")
    source = reader.group_text() if reader.word() == "(" else str(resolve(session, reader.dotted()))
    if reader.word().startswith("PARTITION"):
        raise unsupported("PARTITION BY of COPY INTO a location")
    options = reader.options()
    _check(options, OPTIONS)
    query = source[1:-1] if source.startswith("(") else f"SELECT * FROM {source}"
    return unload(session, place, query, options)


ROUTES = ((("COPY", "INTO"), copy_into),)
