"""DuckDB's table functions over files; what its readers cannot read comes by way of a file made of it."""

import gzip
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from neve.local.stages import converted, encodings
from neve.local.stages.formats import FileFormat
from neve.local.stages.layout import Layout
from neve.local.tables.names import text_literal

if TYPE_CHECKING:
    from neve.local.session import Session


def reader_sql(session: "Session", form: FileFormat, files: Sequence[Path]) -> str:
    """CSV: columns column0, column1 … (or the header's), and `converted.FIELDS` where it was not read by DuckDB's own
    reader; JSON: one column.
    """
    match form.kind:
        case "PARQUET":
            return f"read_parquet({_names(files)}, union_by_name = true)"
        case "JSON":
            return _json(session, files, strip=form.flag("STRIP_OUTER_ARRAY"), repeated=form.flag("ALLOW_DUPLICATE"))
        case _:
            return _csv(session, Layout.of(form.options), files)


def typed_reader_sql(session: "Session", form: FileFormat, files: Sequence[Path]) -> str:
    """The same, with types as DuckDB detects them; of JSON the keys are columns."""
    if form.kind == "JSON":
        return f"read_json({_names(files)})"
    return reader_sql(session, form, files).replace("all_varchar = true", "all_varchar = false")


def _names(files: Sequence[Path]) -> str:
    return "[" + ", ".join(text_literal(str(file)) for file in files) + "]"


def _json(session: "Session", files: Sequence[Path], *, strip: bool, repeated: bool) -> str:
    sql = f"read_json_objects({_names(files)}, format = '{'array' if strip else 'unstructured'}')"
    if _runs(session, f"SELECT count(*) FROM {sql}"):
        return sql
    state = session.engine.state
    made = [converted.json_lines(state, content(file), strip=strip, repeated=repeated) for file in files]
    return f"read_json_objects({_names(made)}, format = 'newline_delimited')"


def _csv(session: "Session", how: Layout, files: Sequence[Path]) -> str:
    sql = f"read_csv({_names(files)}, {_settings(how, files)})"
    plain = _is_plain(how) and not any(_is_odd(how, file) for file in files)
    if plain and _runs(session, f"DESCRIBE SELECT * FROM {sql}"):
        return sql
    made = [converted.parquet(session.engine.state, content(file), how) for file in files]
    return f"read_parquet({_names(made)}, union_by_name = true)"


def _runs(session: "Session", sql: str) -> bool:
    """Whether DuckDB makes sense of the files. An error would end the transaction: another cursor is asked."""
    import duckdb

    with session.engine.duck.cursor() as cursor:
        try:
            cursor.execute(sql)
        except duckdb.Error:
            return False
    return True


def _is_plain(how: Layout) -> bool:
    """Whether DuckDB has words for all that is said."""
    said = (how.end, how.trim, how.replace_invalid, how.enclosed and how.escape)
    return not any(said) and len(how.delimiter) <= 1 and how.empty_is_null and how.codec == encodings.UTF8


def _is_odd(how: Layout, file: Path) -> bool:
    """Whether something is in a file that DuckDB takes in another way: an escape, a blank line, an enclosed nothing."""
    held = content(file)
    if how.escape_unenclosed and how.escape_unenclosed.encode() in held:
        return True
    if not how.skip_blank and _BLANK.search(held):
        return True
    quote, delimiter = re.escape(how.enclosed.encode()), re.escape(how.delimiter.encode())
    nothing = rb"(?:^|[\r\n]|%b)%b(?:[\r\n]|%b|\Z)" % (delimiter, quote * 2, delimiter)
    return bool(quote and re.search(nothing, held))


_BLANK = re.compile(rb"\n\r?\n|\r\r|^\r?\n")


def content(file: Path) -> bytes:
    raw = file.read_bytes()
    return gzip.decompress(raw) if raw.startswith(_GZIP) else raw


_GZIP = b"\x1f\x8b"


def _is_gzip(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(_GZIP)) == _GZIP


def _settings(how: Layout, files: Sequence[Path]) -> str:
    settings = {
        "all_varchar": "true",
        "auto_detect": "true",  # finds the number of columns; all else is said below
        "delim": text_literal(how.delimiter or _NOWHERE),
        "quote": text_literal(how.enclosed),
        "escape": text_literal(how.enclosed or how.escape),
        "comment": "''",
        "header": str(how.header).lower(),
        "skip": str(how.skip),
        "compression": text_literal("gzip" if files and all(map(_is_gzip, files)) else "auto"),
        "nullstr": "[" + ", ".join(map(text_literal, (*how.nulls, ""))) + "]",
    }
    return ", ".join(f"{name} = {value}" for name, value in settings.items())


_NOWHERE = "\x01"
"""What stands in no text."""
