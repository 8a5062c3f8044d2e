"""File formats: Snowflake's options, and DuckDB's reader for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from neve.local.errors import compilation_error, invalid_property, invalid_value, not_exist, unsupported
from neve.local.reader import Reader
from neve.local.sqltext import Statement, parse_name, resolve
from neve.local.stages import catalog
from neve.local.stages.escaped import Lines, has_escapes, lines_sql
from neve.local.stages.flags import flag

if TYPE_CHECKING:
    from neve.local.session import Session

_KNOWN = {
    "CSV": {"FIELD_DELIMITER", "SKIP_HEADER", "FIELD_OPTIONALLY_ENCLOSED_BY", "NULL_IF", "ESCAPE", "PARSE_HEADER",
            "EMPTY_FIELD_AS_NULL", "TRIM_SPACE", "RECORD_DELIMITER", "ENCODING", "ESCAPE_UNENCLOSED_FIELD",
            "ERROR_ON_COLUMN_COUNT_MISMATCH", "BINARY_FORMAT", "DATE_FORMAT", "TIME_FORMAT", "TIMESTAMP_FORMAT",
            "REPLACE_INVALID_CHARACTERS", "SKIP_BLANK_LINES", "FILE_EXTENSION", "VALIDATE_UTF8", "MULTI_LINE",
            "SKIP_BYTE_ORDER_MARK"},
    "PARQUET": {"USE_VECTORIZED_SCANNER", "BINARY_AS_TEXT", "USE_LOGICAL_TYPE", "SNAPPY_COMPRESSION", "NULL_IF"},
    "JSON": {"STRIP_OUTER_ARRAY", "STRIP_NULL_VALUES", "ALLOW_DUPLICATE", "FILE_EXTENSION", "DATE_FORMAT",
             "TIME_FORMAT", "TIMESTAMP_FORMAT", "BINARY_FORMAT", "MULTI_LINE", "SKIP_BYTE_ORDER_MARK"},
}  # fmt: skip
_MORE = {
    "TRIM_SPACE", "NULL_IF", "ENABLE_OCTAL", "IGNORE_UTF8_ERRORS", "REPLACE_INVALID_CHARACTERS", "PRESERVE_SPACE",
    "STRIP_OUTER_ELEMENT", "DISABLE_SNOWFLAKE_DATA", "DISABLE_AUTO_CONVERT",
}  # fmt: skip
"""What Snowflake has for one type or another."""


@dataclass(frozen=True, slots=True)
class FileFormat:
    """`kind` is CSV, PARQUET or JSON; `options` by upper-case name."""

    kind: str
    options: Mapping[str, str]

    def flag(self, name: str) -> bool:
        return flag(self.options, name)


def read_format(session: "Session", text: str | None) -> FileFormat:
    """`(TYPE = CSV …)`, `(FORMAT_NAME = 'x')` or a format's name -> FileFormat; CSV when there is nothing."""
    return format_of(_options(session, text or ""))


def format_of(options: Mapping[str, str]) -> FileFormat:
    """Raises SqlError for what Snowflake does not have, and for what is not read or written here."""
    kind = options.get("TYPE", "CSV").upper()
    if kind not in _KNOWN:
        raise unsupported(f"The file format {kind}")
    for name in options.keys() - _KNOWN[kind] - {"TYPE", "COMPRESSION", "COMMENT"}:
        if name not in _MORE.union(*_KNOWN.values()):
            raise invalid_property(name, "FILE FORMAT")
        raise unsupported(f"The option {name} of the file format {kind}")
    if not (skipped := options.get("SKIP_HEADER", "0")).isdecimal():
        raise invalid_value("SKIP_HEADER", skipped)
    return FileFormat(kind, options)


def _options(session: "Session", text: str) -> Mapping[str, str]:
    inner = text.strip()
    if inner.startswith("("):
        options = Reader.over(Statement.of(inner[1:-1])).options()
        return _options(session, options["FORMAT_NAME"]) if "FORMAT_NAME" in options else options
    if not inner:
        return {}
    name = resolve(session, parse_name(inner))
    found = catalog.find_format(session, name)
    if found is None:
        raise not_exist("File format", str(name))
    return found.options


def reader_sql(form: FileFormat, files: Sequence[Path]) -> str:
    """DuckDB's table function over the files. CSV: columns column0, column1 … (or the header's);
    JSON: one column.
    """
    names = "[" + ", ".join(_text(str(file)) for file in files) + "]"
    match form.kind:
        case "PARQUET":
            return f"read_parquet({names}, union_by_name = true)"
        case "JSON":
            whole = "format = 'array'" if form.flag("STRIP_OUTER_ARRAY") else "format = 'auto'"
            return f"read_json_objects({names}, {whole})"
        case _ if escape := _escape(form, files):
            return _line_by_line(form, files, escape)
        case _:
            return f"read_csv({names}, {_csv(form, files)})"


def typed_reader_sql(form: FileFormat, files: Sequence[Path]) -> str:
    """DuckDB's table function over the files, with types as it detects them; of JSON the keys are columns."""
    names = "[" + ", ".join(_text(str(file)) for file in files) + "]"
    if form.kind == "JSON":
        return f"read_json({names})"
    return reader_sql(form, files).replace("all_varchar = true", "all_varchar = false")


def _escape(form: FileFormat, files: Sequence[Path]) -> str:
    """The character that stands before others in these files; empty when it never does."""
    enclosed = character(form.options.get("FIELD_OPTIONALLY_ENCLOSED_BY", ""))
    escape = character(form.options.get("ESCAPE_UNENCLOSED_FIELD", "\\"))
    reads = not enclosed and escape and not form.flag("PARSE_HEADER")
    return escape if reads and has_escapes(files, escape) else ""


def _line_by_line(form: FileFormat, files: Sequence[Path], escape: str) -> str:
    lines = Lines(
        delimiter=character(form.options.get("FIELD_DELIMITER", ",")) or _NOWHERE,
        escape=escape,
        skip=int(form.options.get("SKIP_HEADER", "0")),
        nulls=nulls(form.options),
        compression=_compression(files),
    )
    return lines_sql(files, lines)


def _compression(files: Sequence[Path]) -> str:
    return "gzip" if files and all(map(_is_gzip, files)) else "auto"


def _is_gzip(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(2) == b"\x1f\x8b"


def _csv(form: FileFormat, files: Sequence[Path]) -> str:
    options = form.options
    quote = character(options.get("FIELD_OPTIONALLY_ENCLOSED_BY", ""))
    settings = {
        "all_varchar": "true",
        "auto_detect": "true",  # finds the number of columns; all else is said below
        "delim": _text(character(options.get("FIELD_DELIMITER", ",")) or _NOWHERE),
        "quote": _text(quote),
        "escape": _text(quote or character(options.get("ESCAPE", ""))),
        "header": str(form.flag("PARSE_HEADER")).lower(),
        "skip": str(int(options.get("SKIP_HEADER", "0"))),
        "compression": _text(_compression(files)),
        "nullstr": "[" + ", ".join(_text(text) for text in nulls(options)) + "]",
    }
    return ", ".join(f"{name} = {value}" for name, value in settings.items())


def nulls(options: Mapping[str, str]) -> list[str]:
    given = options.get("NULL_IF")
    nulls = [r"\N"]
    if given is not None:
        tokens = Statement.of(given.strip("()") or "''").tokens
        nulls = [token.text for token in tokens if token.text != ","]
    return [*nulls, ""] if flag(options, "EMPTY_FIELD_AS_NULL", "TRUE") else nulls


_NAMED = {r"\t": "\t", r"\n": "\n", "NONE": "", r"\|": "|"}


_NOWHERE = "\x01"
"""What stands in no text."""


def character(text: str) -> str:
    text = _NAMED.get(text, "" if text.upper() == "NONE" else text)
    if text.startswith("0x"):
        text = bytes.fromhex(text[2:]).decode()
    if len(text) > 1:
        raise compilation_error(f"invalid value [{text}] for a file format's character", 1006, "22023")
    return text


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
