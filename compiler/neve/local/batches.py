"""executemany: one statement with many rows of values."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from neve.local import result as r
from neve.local import types as t
from neve.local.result import Result
from neve.local.sqltext import Batch, Binds, Statement, plain_text

if TYPE_CHECKING:
    from neve.local.session import Session


def is_batch(binds: Binds) -> bool:
    return not isinstance(binds, Mapping) and any(isinstance(value, Batch) for value in binds)


def run_batch(session: "Session", sql: str, binds: Sequence[Any]) -> Result:
    """Runs the statement for all rows. `INSERT … VALUES (?, ?)` is one statement; others run row by row."""
    statement = Statement.of(sql)
    head = _plain_insert(statement, len(binds))
    if head is not None:
        return _insert(session, head, binds)
    results = [session.run(sql, row) for row in zip(*binds, strict=True)]
    last = results[-1]
    if last.statement_type == r.SELECT or len(last.columns) == 0:
        return last
    totals = [sum(values) for values in zip(*(one.rows[0] for one in results), strict=True)]
    counts = {column.name: total for column, total in zip(last.columns, totals, strict=True)}
    return r.affected(counts, last.statement_type)


def _plain_insert(statement: Statement, width: int) -> str | None:
    """The text before VALUES, when nothing but placeholders follows it."""
    words = [plain_text(token).upper() for token in statement.tokens]
    tail = ["VALUES", "(", *",".join("?" * width).replace(",", " , ").split(), ")"]
    if words[:1] != ["INSERT"] or words[-len(tail) :] != tail:
        return None
    return statement.text[: statement.tokens[-len(tail)].start]


def _insert(session: "Session", head: str, binds: Sequence[Any]) -> Result:
    """The rows as those of an earlier result, which are read back as a query."""
    import uuid

    kinds = [_kind(values) for values in binds]
    rows = r.from_rows([(f"C{place}", kind) for place, kind in enumerate(kinds)], list(zip(*binds, strict=True)))
    rows = replace(rows, query_id=str(uuid.uuid4()))
    session.engine.keep(rows)
    return session.run(f"{head} SELECT * FROM TABLE(RESULT_SCAN('{rows.query_id}'))")


_KINDS: Sequence[tuple[type, t.SqlType]] = (
    (bool, t.BOOLEAN),
    (int, t.NUMBER),
    (float, t.FLOAT),
    (str, t.TEXT),
    (bytes, t.BINARY),
    (date, t.DATE),
    (time, t.TIME),
)


def _kind(values: Sequence[Any]) -> t.SqlType:
    """The type that holds all values of one place."""
    present = [value for value in values if value is not None]
    if not present:
        return t.TEXT
    if any(isinstance(value, Decimal) for value in present):
        scales = [-int(value.as_tuple().exponent) for value in present if isinstance(value, Decimal)]
        return t.SqlType("FIXED", 38, max(0, *scales, 0))
    if isinstance(present[0], datetime):
        return t.TIMESTAMP_TZ if present[0].tzinfo else t.TIMESTAMP_NTZ
    return next((kind for python, kind in _KINDS if isinstance(present[0], python)), t.TEXT)
