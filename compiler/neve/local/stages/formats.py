"""File formats: the options of Snowflake's that files are read and written by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from neve.local.errors import invalid_property, not_exist, unsupported
from neve.local.reader import Reader
from neve.local.sqltext import Statement, parse_name, resolve
from neve.local.stages import catalog
from neve.local.stages.flags import flag
from neve.local.stages.layout import Layout

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


def told_format(form: FileFormat, kind: str) -> str | None:
    """How values of a type of Snowflake's are written; None when as usual."""
    option = _WRITTEN.get(kind, "")
    told = form.options.get(option, "AUTO")
    return None if told.upper() in {"AUTO", "HEX"} else told


_WRITTEN = {
    **{kind: f"{kind}_FORMAT" for kind in ("DATE", "TIME", "BINARY")},
    **dict.fromkeys(("TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ"), "TIMESTAMP_FORMAT"),
}


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
    form = FileFormat(kind, options)
    if kind == "CSV":
        Layout.of(options)
    return form


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
