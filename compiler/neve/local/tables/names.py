"""Where a table or view is in DuckDB, and whether it is there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from neve.local.dynamic.catalog import of as dynamic_tables
from neve.local.errors import no_database, not_exist
from neve.local.sqltext import QualifiedName, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from neve.local.session import Session


@dataclass(frozen=True, slots=True)
class Place:
    """`name` is Snowflake's, `stored` DuckDB's: another for a temporary table. `kind`: TABLE, VIEW, DYNAMIC_TABLE, or
    '' for none.
    """

    name: QualifiedName
    stored: QualifiedName
    kind: str

    @property
    def sql(self) -> str:
        """The stored name as DuckDB's text."""
        return ".".join(map(quoted, self.stored))


def quoted(part: str) -> str:
    """One name as DuckDB's text."""
    return '"' + part.replace('"', '""') + '"'


def text_literal(text: str) -> str:
    """A string as DuckDB's text."""
    return "'" + text.replace("'", "''") + "'"


def find(session: "Session", parts: "Sequence[str]") -> Place:
    """What the session sees under a name. Raises SqlError when its database or schema is not there."""
    name = resolve(session, parts)
    if name in session.temporary:
        return Place(name, QualifiedName("temp", "main", session.temporary[name]), "TABLE")
    return find_kept(session, name)


def find_kept(session: "Session", name: QualifiedName) -> Place:
    """As `find`, but for what a temporary table hides."""
    if name.database not in session.engine.databases:
        raise no_database(name.database)
    if not session.engine.databases.has_schema(session, name.database, name.schema):
        raise not_exist("Schema", f"{name.database}.{name.schema}")
    return Place(name, name, _kind(session, name))


def _kind(session: "Session", name: QualifiedName) -> str:
    rows = session.fetch(
        "SELECT 'TABLE' FROM duckdb_tables() WHERE database_name = ? AND schema_name = ? AND table_name = ? UNION ALL "
        "SELECT 'VIEW' FROM duckdb_views() WHERE database_name = ? AND schema_name = ? AND view_name = ?",
        [*name, *name],
    )
    if rows and dynamic_tables(session).get(name) is not None:
        return "DYNAMIC_TABLE"
    return str(rows[0][0]) if rows else ""


def need(session: "Session", parts: "Sequence[str]", kind: str = "Table") -> Place:
    """As `find`, for what must be there. Raises SqlError 2003."""
    place = find(session, parts)
    if not place.kind:
        raise not_exist(kind, str(place.name))
    return place
