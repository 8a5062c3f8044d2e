"""Files into a table: all of them, what of them can be, or for a trial."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.errors import SqlError, invalid_value
from neve.local.marks import unmarked
from neve.local.result import Result
from neve.local.sqltext import NONE, QualifiedName, Statement
from neve.local.stages import loads
from neve.local.stages.converted import FIELDS
from neve.local.stages.formats import FileFormat
from neve.local.stages.loads import Load
from neve.local.stages.location import Location
from neve.local.stages.readers import reader_sql
from neve.local.stages.reading import asked, columns_named, viewed
from neve.local.stages.targets import EVERYTHING, by_name, by_place
from neve.local.tables.copying import scratch
from neve.local.tables.names import need
from neve.local.tables.room import with_room
from neve.local.transactions import Conflict, before_change, changes
from neve.local.types import NUMBER, TEXT

if TYPE_CHECKING:
    from neve.local.session import Session


@dataclass(frozen=True, slots=True)
class Job:
    """What to load: a select list over `{staged}`, the columns to fill, as text (empty: all), or matched by name,
    in any case or not; whether texts that are too long are cut; the columns that take what is known of the files.
    """

    target: QualifiedName
    columns: str
    query: str
    form: FileFormat
    place: Location
    by_name: str
    cut: bool = False
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def by_place(self) -> bool:
        """Whether the fields of texts go into columns, one by one."""
        return self.query == EVERYTHING and self.form.kind == "CSV" and not self.by_name

    @property
    def asked(self) -> frozenset[str]:
        return frozenset({FIELDS}) if self.by_place else asked(f"{self.query} {' '.join(self.metadata.values())}")


def taken(session: "Session", job: Job, files: Mapping[Path, str], on_error: str) -> list[Load]:
    """All files or none of them; by SKIP_FILE each file or nothing of it; by CONTINUE each row that can be."""
    before_change(session)
    if on_error == "ABORT_STATEMENT":
        return _whole(session, job, files)
    rows = on_error == "CONTINUE"
    with unmarked(session):
        return [_as_far_as_possible(session, job, file, digest, rows=rows) for file, digest in files.items()]


def _whole(session: "Session", job: Job, files: Mapping[Path, str], limit: int | None = 1) -> list[Load]:
    """The rows of all these files go in with one INSERT, or none of them; no `limit` is the number of rows."""
    return with_room(session, lambda: _together(session, job, files, limit), lambda: [need(session, job.target)])


def _together(session: "Session", job: Job, files: Mapping[Path, str], limit: int | None) -> list[Load]:
    with viewed(session, job.form, list(files), job.place, job.asked) as view, changes(session):
        _insert(session, job, view)
        counts = [_count_rows(session, job.form, file) for file in files]
        done = [
            Load(file, job.place.relative(file), n, n, limit=limit or n) for file, n in zip(files, counts, strict=True)
        ]
        loads.remember(session, job.target, done, files)
    return done


def _as_far_as_possible(session: "Session", job: Job, file: Path, digest: str, *, rows: bool) -> Load:
    try:
        return _whole(session, job, {file: digest}, None if rows else 1)[0]
    except Conflict:
        raise
    except SqlError as error:
        parsed, shown = _count_rows(session, job.form, file), job.place.relative(file)
        load = Load(file, shown, parsed, 0, 1, error.message)
        if rows and parsed:
            with viewed(session, job.form, [file], job.place, job.asked) as view:
                bad = list(_refused(session, job, view, 0, parsed))
            load = _partial(job, file, parsed, bad)
        loads.remember(session, job.target, [load], {file: digest})
        return load


def _partial(job: Job, file: Path, parsed: int, bad: Sequence[tuple[int, SqlError]]) -> Load:
    """What became of a file whose rows went in but for the bad ones."""
    shown = job.place.relative(file)
    if not bad:
        return Load(file, shown, parsed, parsed, limit=parsed)
    first, why = bad[0]
    line = first + 1 + _skipped(job.form)
    return Load(file, shown, parsed, parsed - len(bad), len(bad), why.message, line, parsed)


def _skipped(form: FileFormat) -> int:
    """Lines before the first row."""
    return int(form.options.get("SKIP_HEADER", "0")) + form.flag("PARSE_HEADER")


def _refused(session: "Session", job: Job, view: QualifiedName, start: int, end: int) -> Iterator[tuple[int, SqlError]]:
    """Puts in the rows from `start` to before `end` that can be: the numbers of the others, and why they cannot."""
    part = f"(SELECT * FROM {view} LIMIT {end - start} OFFSET {start})"
    try:
        _insert(session, job, view, part)
    except SqlError as error:
        if end - start <= 1:
            yield start, error
            return
        middle = (start + end) // 2
        yield from _refused(session, job, view, start, middle)
        yield from _refused(session, job, view, middle, end)


_ERRORS = ("ERROR", "FILE", "LINE", "CHARACTER", "BYTE_OFFSET", "CATEGORY", "CODE", "SQL_STATE", "COLUMN_NAME",
           "ROW_NUMBER", "ROW_START_LINE", "REJECTED_RECORD")  # fmt: skip
_ERROR_NUMBERS = frozenset({"LINE", "CHARACTER", "BYTE_OFFSET", "CODE", "ROW_NUMBER", "ROW_START_LINE"})


def validated(session: "Session", job: Job, files: Sequence[Path], mode: str) -> Result:
    """VALIDATION_MODE: the errors that loading would meet, or the first rows; the table is not changed."""
    wanted = re.fullmatch(r"RETURN_(?:(ALL_)?ERRORS|(\d+)_ROWS)", mode)
    if wanted is None:
        raise invalid_value("VALIDATION_MODE", mode)
    with session.lock, scratch(session, job.target) as target:
        trial = replace(job, target=target)
        if wanted[2]:
            with viewed(session, job.form, files, job.place, job.asked) as view:
                _insert(session, trial, view, f"(SELECT * FROM {view} LIMIT {wanted[2]})")
            return session.run(f"SELECT * FROM {target}")
        rows = [row for file in files for row in _errors(session, trial, file)]
    heads = [(name, NUMBER if name in _ERROR_NUMBERS else TEXT) for name in _ERRORS]
    return r.from_rows(heads, [tuple(row.get(name) for name in _ERRORS) for row in rows])


def _errors(session: "Session", job: Job, file: Path) -> Iterator[dict[str, object]]:
    count = _count_rows(session, job.form, file)
    with viewed(session, job.form, [file], job.place, job.asked) as view:
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


def _insert(session: "Session", job: Job, view: QualifiedName, rows: str = "") -> int:
    """`rows` are what of the view is meant; empty: all."""
    from neve.local.dispatch import run

    part = rows or str(view)
    if job.by_name:
        text = f"INSERT INTO {job.target} {by_name(session, job, view, part)}"
    elif job.by_place:
        text = f"INSERT INTO {job.target} {job.columns} {by_place(session, job, view, part)}"
    else:
        text = f"INSERT INTO {job.target} {job.columns} {job.query.replace('{staged}', part)}"
    text = columns_named(Statement.of(text), parquet=job.form.kind == "PARQUET")
    again = not session.many  # a part of a transaction is tried again with all of it
    return (session.run(text) if again else run(session, text, NONE)).rowcount


def _count_rows(session: "Session", form: FileFormat, file: Path) -> int:
    return int(session.fetch(f"SELECT count(*) FROM {reader_sql(session, form, [file])}")[0][0])
