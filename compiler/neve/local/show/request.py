"""What a SHOW asks for: `SHOW [TERSE] what [LIKE] [IN] [STARTS WITH] [LIMIT [FROM]]`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from neve.local.listing import Scope, like, scope
from neve.local.reader import Reader
from neve.local.result import Column, Result, from_rows
from neve.local.sqltext import Statement
from neve.local.types import NUMBER, TEXT, TIMESTAMP_LTZ

if TYPE_CHECKING:
    from neve.local.session import Session

_TYPES = {
    **dict.fromkeys(
        ("created_on", "resumed_on", "updated_on", "stale_after", "last_suspended_on", "data_timestamp"), TIMESTAMP_LTZ
    ),
    **dict.fromkeys(("rows", "bytes", "next_value", "interval"), NUMBER),
    **dict.fromkeys(("min_cluster_count", "max_cluster_count", "started_clusters", "running", "queued"), NUMBER),
    **dict.fromkeys(("auto_suspend", "query_acceleration_max_scale_factor", "actives", "pendings", "failed"), NUMBER),
    **dict.fromkeys(("suspended", "assigned_to_users", "granted_to_roles", "granted_roles"), NUMBER),
}
TERSE = ("created_on", "name", "kind", "database_name", "schema_name")
"""The columns of a SHOW TERSE."""


@dataclass(frozen=True, slots=True)
class Request:
    """`start` is case-sensitive."""

    terse: bool
    pattern: re.Pattern[str]
    scope: Scope
    start: str
    limit: int | None
    after: str

    def names(self, name: str) -> bool:
        return bool(self.pattern.fullmatch(name)) and name.startswith(self.start) and name > self.after


def read(session: "Session", statement: Statement, *words: str) -> Request:
    """The request of a SHOW of these words. Raises SqlError."""
    reader = Reader.over(statement)
    reader.expect("SHOW")
    terse = reader.take("TERSE")
    reader.expect(*words)
    reader.take("HISTORY")
    pattern = like(reader)
    where = scope(session, reader)
    start = reader.string() if reader.take("STARTS") and reader.take("WITH") else ""
    limit = reader.number() if reader.take("LIMIT") else None
    after = reader.string() if reader.take("FROM") else ""
    reader.finish()
    return Request(terse, pattern, where, start, limit, after)


def answer(
    request: Request, columns: Sequence[str], rows: Sequence[dict[str, Any]], terse: Sequence[str] = TERSE
) -> Result:
    """The rows whose `name` fits, in the columns' order; a value that a row does not give is NULL."""
    columns = terse if request.terse else columns
    fitting = [row for row in rows if request.names(row["name"])]
    heads = [Column(name, _TYPES.get(name, TEXT)) for name in columns]
    return from_rows(heads, [tuple(row.get(name) for name in columns) for row in fitting[: request.limit]])
