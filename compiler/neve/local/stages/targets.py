"""Which column of a table takes which column of the files, and how."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from neve.local.errors import SqlError
from neve.local.result import SEMI_STRUCTURED, Column
from neve.local.schemas import columns
from neve.local.sqltext import QualifiedName, Statement, identifier_of, is_word, quote_identifier, quote_string
from neve.local.stages.converted import FIELDS
from neve.local.stages.flags import flag
from neve.local.stages.formats import told_format
from neve.local.tables.names import need
from neve.local.types import MAX_TEXT, SqlType

if TYPE_CHECKING:
    from neve.local.session import Session
    from neve.local.stages.loading import Job

EVERYTHING = "SELECT * FROM {staged}"
"""What is loaded where no query says it."""


def by_name(session: "Session", job: "Job", view: QualifiedName, part: str) -> str:
    """Every column of the table, and the query for what has its name in the files; NULL where nothing has. `part` is
    what of the view is meant. Raises SqlError when a CSV has more or fewer columns.
    """
    wanted, found = _columns(session, job.target), [name for name in _found(session, view) if not _is_known(name)]
    if job.form.kind == "CSV" and flag(job.form.options, "ERROR_ON_COLUMN_COUNT_MISMATCH", "TRUE"):
        _check_width(len(wanted) - len(job.metadata), len(found))
    values = ", ".join(_named(column, found, job) for column in wanted)
    return f"({', '.join(quote_identifier(column.name) for column in wanted)}) SELECT {values} FROM {part}"


def _named(column: Column, found: Sequence[str], job: "Job") -> str:
    """The value of a column."""
    if column.name in job.metadata:
        return job.metadata[column.name]
    if job.form.kind == "JSON":
        get = "GET" if job.by_name == "CASE_SENSITIVE" else "GET_IGNORE_CASE"
        return f'{get}("$1", {quote_string(column.name)})::{column.type}'
    fold = str if job.by_name == "CASE_SENSITIVE" else str.upper
    text = next((quote_identifier(name) for name in found if fold(name) == fold(column.name)), "NULL")
    return _read(text, column.type, job) if job.form.kind == "CSV" else text


def _is_known(name: str) -> bool:
    return name == FIELDS or name.startswith("METADATA$")


def by_place(session: "Session", job: "Job", view: QualifiedName, part: str) -> str:
    """The query for texts whose first goes into the first column, and so on; `part` is what of the view is meant.
    Raises SqlError when a record has more or fewer fields.
    """
    wanted, found = _filled(session, job.target, job.columns), _found(session, view)
    if flag(job.form.options, "ERROR_ON_COLUMN_COUNT_MISMATCH", "TRUE"):
        _check_count(session, len(wanted), found, part)
    texts = [quote_identifier(name) for name in found if name != FIELDS]
    texts += ["NULL"] * (len(wanted) - len(texts))
    values = (_read(text, column.type, job) for text, column in zip(texts, wanted, strict=False))
    return f"SELECT {', '.join(values)} FROM {part}"


def _filled(session: "Session", target: QualifiedName, named: str) -> list[Column]:
    stored = {column.name: column for column in _columns(session, target)}
    if not named:
        return list(stored.values())
    names = [identifier_of(token) for token in Statement.of(named).tokens if is_word(token)]
    return [stored.get(name, Column(name)) for name in names]


def _check_count(session: "Session", wanted: int, found: list[str], part: str) -> None:
    if FIELDS not in found:
        counts = [len(found)] if len(found) != wanted else []
    else:
        rows = session.run(f'SELECT "{FIELDS}" FROM {part} WHERE "{FIELDS}" <> {wanted} LIMIT 1').rows
        counts = [row[0] for row in rows]
    if counts:
        _check_width(wanted, counts[0])


def _check_width(wanted: int, found: int) -> None:
    if found != wanted:
        message = (
            f"Number of columns in file ({found}) does not match that of the corresponding table ({wanted}), "
            "use file format option error_on_column_count_mismatch=false to ignore this error"
        )
        raise SqlError(100080, "22000", message)


def _read(text: str, to: SqlType, job: "Job") -> str:
    """A text as a value of this type, as the file format says."""
    if text == "NULL":
        return text
    if to.kind in SEMI_STRUCTURED:
        return f"PARSE_JSON({text})"
    if to.kind == "TEXT":
        return f"LEFT({text}, {to.length or MAX_TEXT})" if job.cut else text
    told = told_format(job.form, to.kind)
    return text if told is None else f"TO_{to.kind}({text}, {quote_string(told)})"


def _columns(session: "Session", target: QualifiedName) -> list[Column]:
    return list(columns(session, *need(session, target).stored))


def _found(session: "Session", view: QualifiedName) -> list[str]:
    return [str(row[0]) for row in session.fetch(f"DESCRIBE temp.main.{session.temporary[view]}")]
