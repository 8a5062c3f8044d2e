"""INFER_SCHEMA: the columns of files in a stage."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.result import Result
from neve.local.stages.formats import read_format, reader_sql
from neve.local.stages.location import location
from neve.local.types import BOOLEAN, NUMBER, TEXT, from_duck

if TYPE_CHECKING:
    from neve.local.session import Session


def infer_schema(session: "Session", arguments: Mapping[str, object]) -> Result:
    """TABLE(INFER_SCHEMA(LOCATION => '@stage', FILE_FORMAT => 'format'))."""
    place = location(session, str(arguments["LOCATION"]))
    form = read_format(session, str(arguments.get("FILE_FORMAT") or ""))
    rows = []
    if place.files:
        described = session.fetch(f"DESCRIBE SELECT * FROM {reader_sql(form, place.files)}")
        files = ", ".join(place.relative(file) for file in place.files)
        for order, (name, kind, *_) in enumerate(described):
            shown = _type(str(kind))
            rows.append((name, shown, True, f"$1:{name}::{shown}", files, order))
    heads = [("COLUMN_NAME", TEXT), ("TYPE", TEXT), ("NULLABLE", BOOLEAN), ("EXPRESSION", TEXT), ("FILENAMES", TEXT)]
    return r.from_rows([*heads, ("ORDER_ID", NUMBER)], rows)


def _type(kind: str) -> str:
    found = from_duck(kind)
    if found.kind == "REAL":
        return "REAL"
    return "TEXT" if found == TEXT else str(found)


TABLE_FUNCTIONS = {"INFER_SCHEMA": infer_schema}
