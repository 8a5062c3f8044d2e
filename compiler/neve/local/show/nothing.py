"""SHOW of what the engine does not have: as no statement can make one, there are none."""

from functools import partial
from typing import TYPE_CHECKING

from neve.local.result import Result
from neve.local.show.request import answer, read
from neve.local.sqltext import Statement

if TYPE_CHECKING:
    from neve.local.session import Session

_POLICY = ("created_on", "name", "database_name", "schema_name", "kind", "owner", "comment", "owner_role_type",
           "options")  # fmt: skip
_COLUMNS = {
    "PIPES": ("created_on", "name", "database_name", "schema_name", "definition", "owner", "notification_channel",
              "comment", "integration", "pattern", "error_integration", "owner_role_type", "invalid_reason", "kind",
              "is_snowflake_managed"),
    "MATERIALIZED VIEWS": ("created_on", "name", "reserved", "database_name", "schema_name", "cluster_by", "rows",
                           "bytes", "source_database_name", "source_schema_name", "source_table_name", "refreshed_on",
                           "compacted_on", "owner", "invalid", "invalid_reason", "behind_by", "comment", "text",
                           "is_secure", "automatic_clustering", "owner_role_type", "budget"),
    "EXTERNAL TABLES": ("created_on", "name", "database_name", "schema_name", "invalid", "invalid_reason", "owner",
                        "comment", "stage", "location", "file_format_name", "file_format_type", "cloud", "region",
                        "notification_channel", "last_refreshed_on", "table_format", "last_refresh_details",
                        "owner_role_type"),
    "ALERTS": ("created_on", "name", "database_name", "schema_name", "owner", "comment", "warehouse", "schedule",
               "state", "condition", "action", "owner_role_type"),
    "MASKING POLICIES": _POLICY,
    "ROW ACCESS POLICIES": _POLICY,
}  # fmt: skip


def show(what: str, session: "Session", statement: Statement) -> Result:
    return answer(read(session, statement, *what.split()), _COLUMNS[what], [])


ROUTES = tuple((("SHOW", *what.split()), partial(show, what)) for what in _COLUMNS)
