"""INFER_SCHEMA: the columns of files in a stage."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.errors import compilation_error
from neve.local.result import Result
from neve.local.stages.converted import FIELDS
from neve.local.stages.formats import FileFormat, read_format
from neve.local.stages.location import location
from neve.local.stages.readers import typed_reader_sql
from neve.local.types import BOOLEAN, NUMBER, TEXT, from_duck

if TYPE_CHECKING:
    from neve.local.session import Session


def infer_schema(session: "Session", arguments: Mapping[str, object]) -> Result:
    """TABLE(INFER_SCHEMA(LOCATION => '@stage', FILE_FORMAT => 'format')): as DuckDB detects the types."""
    if "LOCATION" not in arguments:
        raise compilation_error("Required argument LOCATION of function INFER_SCHEMA is missing", 938, "22023")
    place = location(session, str(arguments["LOCATION"]))
    form = read_format(session, str(arguments.get("FILE_FORMAT") or place.form))
    rows = []
    if place.files:
        described = session.fetch(f"DESCRIBE SELECT * FROM {typed_reader_sql(session, form, place.files)}")
        files = ", ".join(place.relative(file) for file in place.files)
        for order, (name, kind, *_) in enumerate(row for row in described if row[0] != FIELDS):
            rows.append(_row(form, order, str(name), _type(str(kind)), files))
    heads = [("COLUMN_NAME", TEXT), ("TYPE", TEXT), ("NULLABLE", BOOLEAN), ("EXPRESSION", TEXT), ("FILENAMES", TEXT)]
    return r.from_rows([*heads, ("ORDER_ID", NUMBER)], rows)


def _row(form: FileFormat, order: int, name: str, kind: str, files: str) -> tuple[object, ...]:
    """Columns of CSV are read by their place, and named so when there is no header."""
    if form.kind != "CSV":
        return name, kind, True, f"$1:{name}::{kind}", files, order
    shown = name if form.flag("PARSE_HEADER") else f"c{order + 1}"
    return shown, kind, True, f"${order + 1}::{kind}", files, order


def _type(kind: str) -> str:
    if kind.endswith("]"):
        return "ARRAY"
    if kind.startswith(("STRUCT", "MAP")):
        return "OBJECT"
    found = from_duck(kind)
    if found.kind == "REAL":
        return "REAL"
    return "TEXT" if found == TEXT else str(found).partition("(")[0] if found.kind != "FIXED" else str(found)


TABLE_FUNCTIONS = {"INFER_SCHEMA": infer_schema}
