"""SHOW and DESCRIBE of procedures and functions."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from neve.local.errors import not_exist
from neve.local.listing import like, scope
from neve.local.procedures import catalog
from neve.local.procedures.catalog import Stored, plain
from neve.local.procedures.grammar import read_signature
from neve.local.procedures.routine import Kind, Parameter, Routine
from neve.local.reader import Reader
from neve.local.result import Column, Result, from_rows
from neve.local.sqltext import Statement, resolve
from neve.local.types import NUMBER, TEXT, TIMESTAMP_LTZ, SqlType

if TYPE_CHECKING:
    from neve.local.session import Session

_COLUMNS: tuple[tuple[str, SqlType], ...] = (
    ("created_on", TIMESTAMP_LTZ),
    ("name", TEXT),
    ("schema_name", TEXT),
    ("is_builtin", TEXT),
    ("is_aggregate", TEXT),
    ("is_ansi", TEXT),
    ("min_num_arguments", NUMBER),
    ("max_num_arguments", NUMBER),
    ("arguments", TEXT),
    ("description", TEXT),
    ("catalog_name", TEXT),
    ("is_table_function", TEXT),
    ("valid_for_clustering", TEXT),
    ("is_secure", TEXT),
    ("secrets", TEXT),
    ("external_access_integrations", TEXT),
)
_FUNCTION_COLUMNS = (("is_external_function", TEXT), ("language", TEXT), ("is_memoizable", TEXT))


def show(session: "Session", statement: Statement) -> Result:
    """SHOW [USER] PROCEDURES | FUNCTIONS [LIKE '…'] [IN …]"""
    reader = Reader.over(statement)
    reader.expect("SHOW")
    reader.take("USER")
    kind: Kind = "PROCEDURE" if reader.take_any("PROCEDURES", "FUNCTIONS") == "PROCEDURES" else "FUNCTION"
    pattern = like(reader)
    where = scope(session, reader)
    reader.finish()
    found = [
        stored
        for stored in catalog.listed(session, kind)
        if pattern.fullmatch(stored.name.name) and where.holds(*stored.name[:2])
    ]
    heads = [Column(*column) for column in (*_COLUMNS, *(_FUNCTION_COLUMNS if kind == "FUNCTION" else ()))]
    return from_rows(heads, [tuple(_shown(stored)[head.name] for head in heads) for stored in found])


def _shown(stored: Stored) -> dict[str, Any]:
    routine = stored.routine
    return {
        "created_on": stored.created_on,
        "name": stored.name.name,
        "schema_name": stored.name.schema,
        "is_builtin": "N",
        "is_aggregate": "Y" if routine.aggregate else "N",
        "is_ansi": "N",
        "min_num_arguments": sum(parameter.default is None for parameter in routine.parameters),
        "max_num_arguments": len(routine.parameters),
        "arguments": f"{stored.name.name}{_overload(routine)} RETURN {_returns(routine)}",
        "description": routine.comment or f"user-defined {routine.kind.lower()}",
        "catalog_name": stored.name.database,
        "is_table_function": "Y" if routine.returns is None else "N",
        "valid_for_clustering": "N",
        "is_secure": "Y" if routine.secure else "N",
        "secrets": None,
        "external_access_integrations": None,
        "is_external_function": "N",
        "language": routine.language,
        "is_memoizable": "N",
    }


def _overload(routine: Routine) -> str:
    """The argument types; what has a default is marked so, and what is an output."""
    marks = ("DEFAULT " if p.default is not None else "OUT " if p.out else "" for p in routine.parameters)
    types = (f"{mark}{plain(p.type)}" for mark, p in zip(marks, routine.parameters, strict=True))
    return f"({', '.join(types)})"


def _returns(routine: Routine) -> str:
    return f"TABLE {_declared(routine.columns)}" if routine.returns is None else plain(routine.returns)


def _declared(parameters: Iterable[Parameter]) -> str:
    return f"({', '.join(f'{parameter.name} {plain(parameter.type)}' for parameter in parameters)})"


def describe(session: "Session", statement: Statement) -> Result:
    """DESCRIBE PROCEDURE | FUNCTION name(type, …): rows of property and value."""
    reader = Reader.over(statement)
    reader.position = 1
    kind: Kind = "PROCEDURE" if reader.take_any("PROCEDURE", "FUNCTION") == "PROCEDURE" else "FUNCTION"
    parts, types = read_signature(reader)
    name, signature = resolve(session, parts), catalog.signature(types)
    stored = catalog.find(session, kind, name, signature)
    if stored is None:
        raise not_exist(kind.capitalize(), f"{name}{signature}")
    return from_rows([("property", TEXT), ("value", TEXT)], list(_properties(stored.routine).items()))


def _properties(routine: Routine) -> dict[str, str | None]:
    python = {
        "imports": _listed(routine.imports),
        "handler": routine.handler,
        "runtime_version": routine.runtime_version,
        "packages": _listed(routine.packages),
    }
    return {
        "signature": _declared(routine.parameters),
        "returns": f"TABLE {_declared(routine.columns)}" if routine.returns is None else str(routine.returns),
        "language": routine.language,
        "null handling": "RETURNS NULL ON NULL INPUT" if routine.strict else "CALLED ON NULL INPUT",
        "volatility": "VOLATILE",
        **({"execute as": routine.execute_as} if routine.kind == "PROCEDURE" else {}),
        "body": routine.body,
        **(python if routine.language == "PYTHON" else {}),
    }


def _listed(names: Iterable[str]) -> str:
    return "[" + ",".join(f"'{name}'" for name in names) + "]"
