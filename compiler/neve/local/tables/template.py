"""CREATE TABLE … USING TEMPLATE: columns as a query tells them, such as one over INFER_SCHEMA."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import compilation_error
from neve.local.reader import Reader
from neve.local.sqltext import Statement

if TYPE_CHECKING:
    from neve.local.session import Session

_WORDS = ("USING", "TEMPLATE")
_NEEDED = frozenset({"COLUMN_NAME", "TYPE"})


def has_template(statement: Statement) -> bool:
    reader = Reader.over(statement)
    reader.until("USING")
    return reader.sees(*_WORDS)


def written_out(session: "Session", statement: Statement) -> Statement:
    """The statement with the columns in place of the template. Raises SqlError when the query gives none."""
    reader = Reader.over(statement)
    reader.until("USING")
    head = statement.text[: reader.offset]
    reader.expect(*_WORDS)
    query = reader.group_text()
    rows = session.run(query[1:-1]).rows
    columns = _read(rows[0][0]) if len(rows) == 1 and len(rows[0]) == 1 else []
    if not columns or not all(isinstance(told, dict) and told.keys() >= _NEEDED for told in columns):
        raise compilation_error(
            "The template has no columns: USING TEMPLATE wants one array of objects with COLUMN_NAME and TYPE."
        )
    body = ", ".join(map(_column, columns))
    return Statement.of(f"{head}({body}){statement.text[reader.done :]}")


def _read(value: object) -> list[Any]:
    """The elements of an array; none of anything else."""
    try:
        found = json.loads(str(value))
    except ValueError:
        return []
    return found if isinstance(found, list) else []


def _column(told: Mapping[str, Any]) -> str:
    name = str(told["COLUMN_NAME"]).replace('"', '""')
    nullable = "" if told.get("NULLABLE", True) else " NOT NULL"
    return f'"{name}" {told["TYPE"]}{nullable}'
