"""SHOW DATABASES and SHOW SCHEMAS."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from neve.local.result import Result
from neve.local.show.request import answer, read
from neve.local.sqltext import Statement

if TYPE_CHECKING:
    from neve.local.session import Session

_DATABASES = ("created_on", "name", "is_default", "is_current", "origin", "owner", "comment", "options",
              "retention_time", "kind", "owner_role_type", "object_visibility", "data_quality_monitoring_settings",
              "resharing_settings")  # fmt: skip
_SCHEMAS = ("created_on", "name", "is_default", "is_current", "database_name", "owner", "comment", "options",
            "retention_time", "owner_role_type", "classification_profile_database", "classification_profile_schema",
            "classification_profile", "object_visibility", "is_nested")  # fmt: skip
_OF_THE_SYSTEM = {
    "owner": "",
    "owner_role_type": "",
    "comment": "Views describing the contents of schemas in this database",
}


def show_databases(session: "Session", statement: Statement) -> Result:
    request = read(session, statement, "DATABASES")
    known = _remembered(session)
    rows = [
        _row(session, known.get((name, "")), name, current=name == session.database)
        | {"kind": "STANDARD", "origin": ""}
        for name in session.engine.databases.names()
    ]
    return answer(request, _DATABASES, rows)


def show_schemas(session: "Session", statement: Statement) -> Result:
    """INFORMATION_SCHEMA is listed as Snowflake lists it."""
    request = read(session, statement, "SCHEMAS")
    rows = list(_schemas(session, request.scope.database))
    return answer(request, _SCHEMAS, rows)


def _schemas(session: "Session", only: str | None) -> Iterator[dict[str, Any]]:
    known, databases = _remembered(session), session.engine.databases
    for database in [only] if only else databases.names():
        for name in sorted([*databases.schemas(session, database), "INFORMATION_SCHEMA"]):
            current = (session.database, session.schema) == (database, name)
            row = _row(session, known.get((database, name)), name, current=current)
            yield row | {"database_name": database} | (_OF_THE_SYSTEM if name == "INFORMATION_SCHEMA" else {})


def _row(session: "Session", known: dict[str, Any] | None, name: str, *, current: bool) -> dict[str, Any]:
    return {
        "created_on": datetime.fromisoformat(known["created_on"]) if known else None,
        "name": name,
        "is_default": "N",
        "is_current": "Y" if current else "N",
        "owner": session.role,
        "comment": (known and known["comment"]) or "",
        "options": "TRANSIENT" if known and known["transient"] else "",
        "retention_time": "1",
        "owner_role_type": "ROLE",
        "is_nested": "false",
    }


def _remembered(session: "Session") -> dict[tuple[str, str], dict[str, Any]]:
    with session.engine.store.transaction() as db:
        return {(row["database"], row["schema"]): dict(row) for row in db.execute("SELECT * FROM containers")}


ROUTES = tuple(
    (words, run)
    for what, run in (("DATABASES", show_databases), ("SCHEMAS", show_schemas))
    for words in (("SHOW", what), ("SHOW", "TERSE", what))
)
