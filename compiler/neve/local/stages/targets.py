"""Which column of a table takes which column of the files, and how."""

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


def matched(session: "Session", target: QualifiedName, view: QualifiedName) -> str:
    """The table's columns in the order of the files' columns of the same name, in any case."""
    stored = {column.name.upper(): column.name for column in _columns(session, target)}
    return "(" + ", ".join(quote_identifier(stored.get(name.upper(), name)) for name in _found(session, view)) + ")"


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
        message = (
            f"Number of columns in file ({counts[0]}) does not match that of the corresponding table ({wanted}), "
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
