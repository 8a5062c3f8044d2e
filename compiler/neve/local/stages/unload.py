"""COPY INTO @stage: the rows of a table or query into a file, as Snowflake writes it."""

import gzip
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neve.local import result as r
from neve.local.errors import SqlError, compilation_error, unsupported
from neve.local.jsontext import read, write
from neve.local.result import Result
from neve.local.sqltext import quote_string
from neve.local.stages.flags import flag
from neve.local.stages.formats import FileFormat, read_format, told_format
from neve.local.stages.layout import character, null_texts, separator
from neve.local.stages.location import Location
from neve.local.streams.following import taken
from neve.local.types import NUMBER, TEXT

if TYPE_CHECKING:
    from neve.local.session import Session

OPTIONS = frozenset(
    {"FILE_FORMAT", "HEADER", "OVERWRITE", "SINGLE", "PARTITION", "MAX_FILE_SIZE", "DETAILED_OUTPUT",
     "INCLUDE_QUERY_ID"}
)  # fmt: skip
_COMPRESSED = {"AUTO": "gz", "GZIP": "gz", "NONE": ""}


@dataclass(frozen=True, slots=True)
class _Written:
    """A file, and its size before it was compressed."""

    file: Path
    plain: int


def unload(session: "Session", place: Location, query: str, options: Mapping[str, str]) -> Result:
    """One file, named as Snowflake would name the first."""
    form = read_format(session, options.get("FILE_FORMAT") or place.form)
    if (encoding := form.options.get("ENCODING", "UTF8")).upper() not in {"UTF8", "UTF-8"}:
        raise unsupported(f"ENCODING = {encoding} of a file that is unloaded")
    file, replaced = place.folder / _file_name(place.path, form, options), flag(options, "OVERWRITE")
    if file.exists() and not replaced:
        message = f"Files already existing at the unload destination: @{place.name}/{place.path}."
        raise SqlError(1030, "22000", f"{message} Use overwrite option to force unloading.")
    header, detailed = flag(options, "HEADER"), flag(options, "DETAILED_OUTPUT")
    try:
        with session.lock, taken(session, query):
            rows = session.run(query)
            file.parent.mkdir(parents=True, exist_ok=True)
            written = _write(session, rows, form, file, header=header)
    except BaseException:
        if not replaced:  # it is this statement's own, and would be in the way of another try
            file.unlink(missing_ok=True)
        raise
    return _told(place, written, rows.table.num_rows, detailed=detailed)


def _told(place: Location, written: _Written, count: int, *, detailed: bool) -> Result:
    size = written.file.stat().st_size
    if detailed:
        name = written.file.relative_to(place.folder).as_posix()
        heads = [("FILE_NAME", TEXT), ("FILE_SIZE", NUMBER), ("ROW_COUNT", NUMBER)]
        result = r.from_rows(heads, [(name, size, count)], statement_type=r.COPY)
    else:
        heads = [("rows_unloaded", NUMBER), ("input_bytes", NUMBER), ("output_bytes", NUMBER)]
        result = r.from_rows(heads, [(count, written.plain, size)], statement_type=r.COPY)
    return replace(result, rowcount=count)


def _compression(form: FileFormat) -> str:
    """The ending that tells how the file is compressed."""
    wanted = form.options.get("COMPRESSION", "AUTO").upper()
    if form.kind == "PARQUET":
        if wanted not in {"AUTO", "SNAPPY", "NONE"}:
            raise unsupported(f"COMPRESSION = {wanted} of a file that is unloaded")
        return "" if wanted == "NONE" else "snappy"
    if wanted not in _COMPRESSED:
        raise unsupported(f"COMPRESSION = {wanted} of a file that is unloaded")
    return _COMPRESSED[wanted]


def _file_name(path: str, form: FileFormat, options: Mapping[str, str]) -> str:
    stem = path if path and not path.endswith("/") else f"{path}data"
    if flag(options, "SINGLE"):
        return stem
    packed = _compression(form)
    kind = form.options.get("FILE_EXTENSION", form.kind.lower())
    endings = (packed, kind) if form.kind == "PARQUET" else (kind, packed)
    number = f"{uuid.uuid4()}_0_0_0" if flag(options, "INCLUDE_QUERY_ID") else "0_0_0"
    return ".".join((f"{stem}_{number}", *filter(None, endings)))


def _write(session: "Session", rows: Result, form: FileFormat, file: Path, *, header: bool) -> _Written:
    if form.kind == "PARQUET":
        return _write_parquet(rows, file, _compression(form), header=header)
    lines = _json_lines(rows) if form.kind == "JSON" else _csv_lines(session, rows, form, header=header)
    plain = "".join(lines).encode()
    file.write_bytes(gzip.compress(plain, mtime=0) if _compression(form) else plain)
    return _Written(file, len(plain))


def _write_parquet(rows: Result, file: Path, packed: str, *, header: bool) -> _Written:
    from pyarrow import parquet

    names = [column.name if header else f"_COL_{i}" for i, column in enumerate(rows.columns)]
    parquet.write_table(rows.table.rename_columns(names), file, compression=packed or "none")
    return _Written(file, file.stat().st_size)


def _json_lines(rows: Result) -> Iterator[str]:
    """A value a line, of the one column that JSON can be made of."""
    if len(rows.columns) != 1 or rows.columns[0].type.kind not in r.SEMI_STRUCTURED:
        raise compilation_error(
            "JSON file format can produce one and only one column of variant, object, or array type."
        )
    return (f"{write(read(value))}\n" for value in rows.table.column(0).to_pylist() if value is not None)


def _csv_lines(session: "Session", rows: Result, form: FileFormat, *, header: bool) -> Iterator[str]:
    write = _Field(form)
    delimiter, end = write.delimiter, write.end
    if header:
        yield delimiter.join(write.text(column.name, quoted=True) for column in rows.columns) + end
    quoted = [column.type.kind in _TEXTS for column in rows.columns]
    for values in _as_texts(session, rows, form):
        yield delimiter.join(write.text(v, quoted=q) for v, q in zip(values, quoted, strict=True)) + end


_TEXTS = frozenset({"TEXT", "VARIANT", "OBJECT", "ARRAY", "BINARY"})


class _Field:
    """How one value stands in a file."""

    def __init__(self, form: FileFormat) -> None:
        options = form.options
        self.delimiter = separator(options, "FIELD_DELIMITER", ",")
        self.end = separator(options, "RECORD_DELIMITER", "\n")
        self._null = [*null_texts(options), ""][0]
        self._enclosed = character(options, "FIELD_OPTIONALLY_ENCLOSED_BY")
        self._escape = "" if self._enclosed else character(options, "ESCAPE_UNENCLOSED_FIELD", "\\")

    def text(self, value: str | None, *, quoted: bool) -> str:
        if value is None:
            return self._null
        if quoted and self._enclosed:
            return self._enclosed + value.replace(self._enclosed, self._enclosed * 2) + self._enclosed
        if self._escape:
            for special in (self._escape, self.delimiter, self.end):
                value = value.replace(special, self._escape + special)
        return value


def _as_texts(session: "Session", rows: Result, form: FileFormat) -> Sequence[tuple[Any, ...]]:
    """The rows as TO_VARCHAR gives them, in the formats of the file."""
    if not rows.table.num_rows:
        return []
    kept = replace(rows, query_id=str(uuid.uuid4()))
    session.engine.keep(kept)
    values = ", ".join(_text(f"${place}", column.type.kind, form) for place, column in enumerate(rows.columns, 1))
    return session.run(f"SELECT {values} FROM TABLE(RESULT_SCAN({quote_string(kept.query_id)}))").rows


def _text(value: str, kind: str, form: FileFormat) -> str:
    told = told_format(form, kind)
    return f"TO_VARCHAR({value})" if told is None else f"TO_VARCHAR({value}, {quote_string(told)})"
