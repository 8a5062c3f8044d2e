"""SHOW STREAMS and DESCRIBE STREAM."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.show.request import answer, read
from neve.local.sqltext import Statement, resolve
from neve.local.streams import offsets
from neve.local.streams.catalog import Stream, of
from neve.local.streams.history import table_with
from neve.local.streams.reading import need

if TYPE_CHECKING:
    from neve.local.session import Session

RETENTION = timedelta(days=14)
"""How long a table's changes are kept for a stream on Snowflake; here they are kept for ever."""

_COLUMNS = ("created_on", "name", "database_name", "schema_name", "owner", "comment", "table_name", "source_type",
            "base_tables", "type", "stale", "mode", "stale_after", "invalid_reason", "owner_role_type")  # fmt: skip
_TERSE = ("created_on", "name", "kind", "database_name", "schema_name", "tableOn")


def show(session: "Session", statement: Statement) -> Result:
    """SHOW [TERSE] STREAMS [LIKE] [IN] [STARTS WITH] [LIMIT]: by database, schema and name."""
    request = read(session, statement, "STREAMS")
    found = [stream for stream in of(session) if request.scope.holds(*stream.name[:2])]
    rows = [_row(session, stream) for stream in sorted(found, key=lambda stream: stream.name)]
    return answer(request, _COLUMNS, rows, _TERSE)


def describe(session: "Session", statement: Statement) -> Result:
    """DESCRIBE STREAM s: its row of SHOW STREAMS."""
    reader = Reader.over(statement)
    reader.token()
    reader.expect("STREAM")
    stream = need(session, resolve(session, reader.dotted()))
    reader.finish()
    everything = read(session, Statement.of("SHOW STREAMS IN ACCOUNT"), "STREAMS")
    return answer(everything, _COLUMNS, [_row(session, stream)])


def _row(session: "Session", stream: Stream) -> dict[str, Any]:
    table = table_with(session, stream.history)
    base = stream.base if table is None else str(table)
    taken = offsets.taken_on(session, stream)
    return {
        "created_on": datetime.fromisoformat(stream.created_on),
        "name": stream.name.name,
        "database_name": stream.name.database,
        "schema_name": stream.name.schema,
        "owner": stream.owner,
        "comment": stream.comment,
        "table_name": stream.view or base,
        "tableOn": stream.view or base,
        "source_type": "View" if stream.view else "Table",
        "base_tables": base,
        "type": "DELTA",
        "kind": "DELTA",
        "stale": "true" if table is None else "false",
        "mode": "APPEND_ONLY" if stream.append_only else "DEFAULT",
        "stale_after": None if taken is None else taken + RETENTION,
        "invalid_reason": "N/A",
        "owner_role_type": "ROLE",
    }


ROUTES = (
    *(((verb, "STREAM"), describe) for verb in ("DESCRIBE", "DESC")),
    (("SHOW", "STREAMS"), show),
    (("SHOW", "TERSE", "STREAMS"), show),
)
