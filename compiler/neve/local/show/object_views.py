"""The views of INFORMATION_SCHEMA on what is no table: keys, sequences, stages, file formats, routines, roles."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from neve.local.access import catalog as access
from neve.local.procedures import catalog as routines
from neve.local.procedures.catalog import plain
from neve.local.procedures.routine import Kind, Routine
from neve.local.schemas import facts
from neve.local.show.information_schema import created, view
from neve.local.sqltext import QualifiedName
from neve.local.stages import catalog as stages
from neve.local.stages.formats import FileFormat
from neve.local.stages.properties import of_format
from neve.local.tables import keys, sequences
from neve.local.tables.facts import read_table
from neve.local.tables.names import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from neve.local.session import Session


def _keys(session: "Session", database: str) -> Iterator[tuple[QualifiedName, keys.Key, Mapping[str, Any]]]:
    rows = session.fetch(
        "SELECT schema_name, table_name, comment FROM duckdb_tables() WHERE database_name = ? AND NOT internal"
        " ORDER BY 1, 2",
        [database],
    )
    for schema, table, comment in rows:
        told = facts(comment)
        for key in keys.recorded(told):
            yield QualifiedName(database, schema, table), key, told


def _constraint(table: QualifiedName, key: keys.Key, told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "CONSTRAINT_CATALOG": table.database,
        "CONSTRAINT_SCHEMA": table.schema,
        "CONSTRAINT_NAME": keys.shown_name(table, key),
        "CREATED": created(told),
        "LAST_ALTERED": created(told),
    }


def _table_constraints(session: "Session", database: str) -> Iterator[dict[str, Any]]:
    for table, key, told in _keys(session, database):
        yield _constraint(table, key, told) | {
            "TABLE_CATALOG": table.database,
            "TABLE_SCHEMA": table.schema,
            "TABLE_NAME": table.name,
            "CONSTRAINT_TYPE": key.kind,
            "IS_DEFERRABLE": "NO",
            "INITIALLY_DEFERRED": "YES",
            "ENFORCED": "NO",
            "RELY": "YES" if key.rely else "NO",
        }


def _referential_constraints(session: "Session", database: str) -> Iterator[dict[str, Any]]:
    for table, key, told in _keys(session, database):
        if key.kind == "FOREIGN KEY":
            target = keys.target(session, table, key)
            yield _constraint(table, key, told) | {
                "UNIQUE_CONSTRAINT_CATALOG": target.database,
                "UNIQUE_CONSTRAINT_SCHEMA": target.schema,
                "UNIQUE_CONSTRAINT_NAME": _referred(session, target, key),
                "MATCH_OPTION": "FULL",
                "UPDATE_RULE": "NO ACTION",
                "DELETE_RULE": "NO ACTION",
            }


def _referred(session: "Session", table: QualifiedName, foreign: keys.Key) -> str | None:
    """The key of the other table over the same columns."""
    known = keys.recorded(read_table(session, Place(table, table, "TABLE")))
    return next((keys.shown_name(table, key) for key in known if key.columns == foreign.references), None)


def _sequences(session: "Session", database: str) -> Iterator[dict[str, Any]]:
    for row in sequences.all_of(session):
        if row["database_name"] == database:
            yield {
                "SEQUENCE_CATALOG": database,
                "SEQUENCE_SCHEMA": row["schema_name"],
                "SEQUENCE_NAME": row["name"],
                "SEQUENCE_OWNER": row["owner"],
                "DATA_TYPE": "NUMBER",
                "NUMERIC_PRECISION": 38,
                "NUMERIC_PRECISION_RADIX": 10,
                "NUMERIC_SCALE": 0,
                "START_VALUE": str(row["start"]),
                "MINIMUM_VALUE": str(-(2**63)),
                "MAXIMUM_VALUE": str(2**63 - 1),
                "NEXT_VALUE": str(row["next_value"]),
                "INCREMENT": str(row["interval"]),
                "CYCLE_OPTION": "NO",
                "CREATED": row["created_on"],
                "LAST_ALTERED": row["created_on"],
                "ORDERED": "YES" if row["ordered"] == "Y" else "NO",
                "COMMENT": row["comment"] or None,
            }


def _stored(session: "Session", table: str, database: str) -> Iterator[stages.Stored]:
    known = stages.all_of(session.engine, table)
    return (one for one in known if one.name.database == database and one.session in {0, session.id})


def _stages(session: "Session", database: str) -> Iterator[dict[str, Any]]:
    for stage in _stored(session, "stages", database):
        yield {
            "STAGE_CATALOG": database,
            "STAGE_SCHEMA": stage.name.schema,
            "STAGE_NAME": stage.name.name,
            "STAGE_TYPE": "Internal Named",
            "STAGE_OWNER": session.role,
            "COMMENT": stage.options.get("COMMENT"),
            "CREATED": stage.created_on,
            "LAST_ALTERED": stage.created_on,
        }


def _file_formats(session: "Session", database: str) -> Iterator[dict[str, Any]]:
    for form in _stored(session, "file_formats", database):
        kind = form.options.get("TYPE", "CSV").upper()
        told = {one.name: one.shown for one in of_format(FileFormat(kind, form.options))}
        yield {head: told.get(head) for head in _HEADS["FILE_FORMATS"].split()} | {
            "FILE_FORMAT_CATALOG": database,
            "FILE_FORMAT_SCHEMA": form.name.schema,
            "FILE_FORMAT_NAME": form.name.name,
            "FILE_FORMAT_OWNER": session.role,
            "FILE_FORMAT_TYPE": kind,
            "SKIP_HEADER": int(told["SKIP_HEADER"]) if "SKIP_HEADER" in told else None,
            "CREATED": form.created_on,
            "LAST_ALTERED": form.created_on,
            "COMMENT": form.options.get("COMMENT"),
        }


def _routines(kind: Kind, session: "Session", database: str) -> Iterator[dict[str, Any]]:
    for stored in routines.listed(session, kind):
        if stored.name.database == database:
            yield {
                f"{kind}_CATALOG": database,
                f"{kind}_SCHEMA": stored.name.schema,
                f"{kind}_NAME": stored.name.name,
                f"{kind}_OWNER": stored.owner,
                f"{kind}_LANGUAGE": stored.routine.language,
                f"{kind}_DEFINITION": stored.routine.body,
                "CREATED": stored.created_on,
                "LAST_ALTERED": stored.created_on,
                "COMMENT": stored.routine.comment,
                **_of_routine(stored.routine),
            }


def _of_routine(routine: Routine) -> dict[str, Any]:
    columns = ", ".join(f"{one.name} {plain(one.type)}" for one in routine.columns)
    arguments = ", ".join(f"{one.name} {plain(one.type)}" for one in routine.parameters)
    return {
        "ARGUMENT_SIGNATURE": f"({arguments})",
        "DATA_TYPE": f"TABLE ({columns})" if routine.returns is None else str(routine.returns),
        "VOLATILITY": "VOLATILE",
        "IS_NULL_CALL": "NO" if routine.strict else "YES",
        "IS_SECURE": "YES" if routine.secure else "NO",
        "IS_EXTERNAL": "NO",
        "IS_AGGREGATE": "NO",
        "IS_MEMOIZABLE": "NO",
        "IS_DATA_METRIC": "NO",
        "HANDLER": routine.handler,
        "RUNTIME_VERSION": routine.runtime_version,
        "PACKAGES": f"[{','.join(repr(name) for name in routine.packages)}]" if routine.packages else None,
    }


def _roles(session: "Session", database: str) -> Iterator[dict[str, Any]]:
    """All roles are granted to the one user."""
    del database
    for role in access.named(session, "ROLE"):
        yield {
            "GRANTEE": session.user,
            "ROLE_NAME": role.name,
            "ROLE_OWNER": role.owner or None,
            "IS_GRANTABLE": "NO",
        }


def _catalog_name(session: "Session", database: str) -> Iterator[dict[str, Any]]:
    del session
    yield {"CATALOG_NAME": database}


_OF_ROUTINE = (
    "ARGUMENT_SIGNATURE DATA_TYPE CHARACTER_MAXIMUM_LENGTH CHARACTER_OCTET_LENGTH NUMERIC_PRECISION "
    "NUMERIC_PRECISION_RADIX NUMERIC_SCALE"
)
_HEADS: Mapping[str, str] = {
    "TABLE_CONSTRAINTS": "CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_CATALOG TABLE_SCHEMA TABLE_NAME "
    "CONSTRAINT_TYPE IS_DEFERRABLE INITIALLY_DEFERRED ENFORCED COMMENT CREATED LAST_ALTERED RELY",
    "REFERENTIAL_CONSTRAINTS": "CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME UNIQUE_CONSTRAINT_CATALOG "
    "UNIQUE_CONSTRAINT_SCHEMA UNIQUE_CONSTRAINT_NAME MATCH_OPTION UPDATE_RULE DELETE_RULE COMMENT CREATED LAST_ALTERED",
    "SEQUENCES": "SEQUENCE_CATALOG SEQUENCE_SCHEMA SEQUENCE_NAME SEQUENCE_OWNER DATA_TYPE NUMERIC_PRECISION "
    "NUMERIC_PRECISION_RADIX NUMERIC_SCALE START_VALUE MINIMUM_VALUE MAXIMUM_VALUE NEXT_VALUE INCREMENT CYCLE_OPTION "
    "CREATED LAST_ALTERED ORDERED COMMENT",
    "STAGES": "STAGE_CATALOG STAGE_SCHEMA STAGE_NAME STAGE_URL STAGE_REGION STAGE_TYPE STAGE_OWNER COMMENT CREATED "
    "LAST_ALTERED",
    "FILE_FORMATS": "FILE_FORMAT_CATALOG FILE_FORMAT_SCHEMA FILE_FORMAT_NAME FILE_FORMAT_OWNER FILE_FORMAT_TYPE "
    "RECORD_DELIMITER FIELD_DELIMITER SKIP_HEADER DATE_FORMAT TIME_FORMAT TIMESTAMP_FORMAT BINARY_FORMAT ESCAPE "
    "ESCAPE_UNENCLOSED_FIELD TRIM_SPACE FIELD_OPTIONALLY_ENCLOSED_BY NULL_IF COMPRESSION "
    "ERROR_ON_COLUMN_COUNT_MISMATCH CREATED LAST_ALTERED COMMENT",
    "FUNCTIONS": f"FUNCTION_CATALOG FUNCTION_SCHEMA FUNCTION_NAME FUNCTION_OWNER {_OF_ROUTINE} FUNCTION_LANGUAGE "
    "FUNCTION_DEFINITION VOLATILITY IS_NULL_CALL IS_SECURE CREATED LAST_ALTERED COMMENT IS_EXTERNAL API_INTEGRATION "
    "CONTEXT_HEADERS MAX_BATCH_ROWS COMPRESSION PACKAGES RUNTIME_VERSION INSTALLED_PACKAGES HANDLER IS_MEMOIZABLE "
    "IS_AGGREGATE IS_DATA_METRIC",
    "PROCEDURES": f"PROCEDURE_CATALOG PROCEDURE_SCHEMA PROCEDURE_NAME PROCEDURE_OWNER {_OF_ROUTINE} PROCEDURE_LANGUAGE "
    "PROCEDURE_DEFINITION CREATED LAST_ALTERED COMMENT",
    "APPLICABLE_ROLES": "GRANTEE ROLE_NAME ROLE_OWNER IS_GRANTABLE",
    "ENABLED_ROLES": "ROLE_NAME ROLE_OWNER",
    "INFORMATION_SCHEMA_CATALOG_NAME": "CATALOG_NAME",
}
_ROWS: "Mapping[str, Callable[[Session, str], Iterator[dict[str, Any]]]]" = {
    "TABLE_CONSTRAINTS": _table_constraints,
    "REFERENTIAL_CONSTRAINTS": _referential_constraints,
    "SEQUENCES": _sequences,
    "STAGES": _stages,
    "FILE_FORMATS": _file_formats,
    "FUNCTIONS": partial(_routines, "FUNCTION"),
    "PROCEDURES": partial(_routines, "PROCEDURE"),
    "APPLICABLE_ROLES": _roles,
    "ENABLED_ROLES": _roles,
    "INFORMATION_SCHEMA_CATALOG_NAME": _catalog_name,
}

VIEWS = {name: partial(view, heads.split(), _ROWS[name]) for name, heads in _HEADS.items()}
