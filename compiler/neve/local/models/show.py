"""SHOW MODELS, SHOW VERSIONS IN MODEL, SHOW FUNCTIONS IN MODEL."""

import json
from typing import TYPE_CHECKING, Any

from neve.local import listing
from neve.local.models import catalog, package
from neve.local.models.catalog import Model, Version
from neve.local.models.ddl import read_name
from neve.local.models.package import Method
from neve.local.reader import Reader
from neve.local.result import Column, Result, from_rows
from neve.local.sqltext import Statement
from neve.local.types import NUMBER, TEXT, TIMESTAMP_LTZ, SqlType

if TYPE_CHECKING:
    from neve.local.session import Session

_TYPES: dict[str, SqlType] = {"created_on": TIMESTAMP_LTZ, "size": NUMBER}


def show_models(session: "Session", statement: Statement) -> Result:
    """SHOW MODELS [LIKE '…'] [IN {ACCOUNT | DATABASE [d] | [SCHEMA] [s]}]."""
    reader = Reader.over(statement)
    reader.expect("SHOW", "MODELS")
    named = listing.like(reader)
    database, schema = listing.scope(session, reader)
    reader.finish()
    found = catalog.models(session.engine, database, schema)
    return _rows(_MODEL_COLUMNS, [_model_row(model) for model in found if named.fullmatch(model.name.name)])


def show_versions(session: "Session", statement: Statement) -> Result:
    """SHOW VERSIONS [LIKE '…'] IN MODEL m."""
    reader = Reader.over(statement)
    reader.expect("SHOW", "VERSIONS")
    named = listing.like(reader)
    reader.expect("IN", "MODEL")
    model = catalog.get(session.engine, read_name(session, reader))
    reader.finish()
    rows = [_version_row(model, version) for version in model.versions if named.fullmatch(version.name)]
    return _rows(_VERSION_COLUMNS, rows)


def show_functions(session: "Session", statement: Statement) -> Result:
    """SHOW FUNCTIONS [LIKE '…'] IN MODEL m [VERSION v]; of the default version without one."""
    reader = Reader.over(statement)
    reader.expect("SHOW", "FUNCTIONS")
    named = listing.like(reader)
    reader.expect("IN", "MODEL")
    model = catalog.get(session.engine, read_name(session, reader))
    version = model.version(reader.name()) if reader.take("VERSION") else model.default
    reader.finish()
    methods = [method for method in package.kept(version.folder).methods if named.fullmatch(method.name)]
    return _rows(_FUNCTION_COLUMNS, [_function_row(model, version, method) for method in methods])


# Rows

_MODEL_COLUMNS = (
    *("created_on", "name", "model_type", "database_name", "schema_name", "comment", "owner"),
    *("default_version_name", "versions", "aliases"),
)
_VERSION_COLUMNS = (
    *("created_on", "name", "aliases", "comment", "database_name", "schema_name", "module_name", "is_default_version"),
    *("functions", "metadata", "user_data", "model_attributes", "size", "environment", "runnable_in"),
    *("inference_services", "model_spec"),
)
_FUNCTION_COLUMNS = (
    *("name", "model_name", "database_name", "schema_name", "version_name", "arguments", "return_type"),
    "description",
)


def _model_row(model: Model) -> dict[str, Any]:
    return {
        "created_on": model.created_on,
        "name": model.name.name,
        "model_type": "USER_MODEL",
        **_place(model),
        "comment": model.comment,
        "owner": model.owner,
        "default_version_name": model.default.name,
        "versions": json.dumps([version.name for version in model.versions]),
        "aliases": json.dumps({alias: version.name for version in model.versions for alias in version.aliases}),
    }


def _version_row(model: Model, version: Version) -> dict[str, Any]:
    packed = package.kept(version.folder)
    return {
        "created_on": version.created_on,
        "name": version.name,
        "aliases": json.dumps(list(version.aliases)),
        "comment": version.comment,
        **_place(model),
        "module_name": model.name.name,
        "is_default_version": str(version.is_default).lower(),
        "functions": json.dumps([method.name for method in packed.methods]),
        "metadata": version.metadata,
        "user_data": "{}",
        "model_attributes": packed.attributes,
        "size": packed.size,
        "environment": packed.environment,
        "runnable_in": json.dumps(list(packed.runnable_in)),
        "inference_services": "[]",
        "model_spec": packed.spec,
    }


def _function_row(model: Model, version: Version, method: Method) -> dict[str, Any]:
    types = ", ".join(kind for _, kind in method.inputs)
    return {
        "name": method.name,
        "model_name": model.name.name,
        **_place(model),
        "version_name": version.name,
        "arguments": f"{method.name}({types}) RETURN {method.returns}",
        "return_type": method.returns,
        "description": None,
    }


def _place(model: Model) -> dict[str, Any]:
    return {"database_name": model.name.database, "schema_name": model.name.schema}


def _rows(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> Result:
    heads = [Column(name, _TYPES.get(name, TEXT)) for name in columns]
    return from_rows(heads, [tuple(row[name] for name in columns) for row in rows])
