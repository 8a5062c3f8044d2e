"""The properties of a file format or a stage as DESCRIBE shows them, with Snowflake's defaults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from neve.local.sqltext import Statement, is_string
from neve.local.stages.formats import FileFormat

_ANY = {"DATE_FORMAT": "AUTO", "TIME_FORMAT": "AUTO", "TIMESTAMP_FORMAT": "AUTO", "BINARY_FORMAT": "HEX"}
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "CSV": {
        "RECORD_DELIMITER": "\\n", "FIELD_DELIMITER": ",", "FILE_EXTENSION": "", "SKIP_HEADER": 0,
        "PARSE_HEADER": False, **_ANY, "ESCAPE": "NONE", "ESCAPE_UNENCLOSED_FIELD": r"\\", "TRIM_SPACE": False,
        "FIELD_OPTIONALLY_ENCLOSED_BY": "NONE", "NULL_IF": [r"\N"], "COMPRESSION": "AUTO",
        "ERROR_ON_COLUMN_COUNT_MISMATCH": True, "VALIDATE_UTF8": True, "SKIP_BLANK_LINES": False,
        "REPLACE_INVALID_CHARACTERS": False, "EMPTY_FIELD_AS_NULL": True, "SKIP_BYTE_ORDER_MARK": True,
        "ENCODING": "UTF8", "MULTI_LINE": True,
    },
    "JSON": {
        "FILE_EXTENSION": "", **_ANY, "TRIM_SPACE": False, "NULL_IF": [], "COMPRESSION": "AUTO",
        "ENABLE_OCTAL": False, "ALLOW_DUPLICATE": False, "STRIP_OUTER_ARRAY": False, "STRIP_NULL_VALUES": False,
        "IGNORE_UTF8_ERRORS": False, "REPLACE_INVALID_CHARACTERS": False, "SKIP_BYTE_ORDER_MARK": True,
        "MULTI_LINE": True,
    },
    "PARQUET": {
        "TRIM_SPACE": False, "NULL_IF": [], "COMPRESSION": "AUTO", "BINARY_AS_TEXT": True, "USE_LOGICAL_TYPE": False,
        "USE_VECTORIZED_SCANNER": False, "REPLACE_INVALID_CHARACTERS": False,
    },
}  # fmt: skip
_COPY_OPTIONS: Mapping[str, Any] = {
    "ON_ERROR": "ABORT_STATEMENT", "SIZE_LIMIT": "", "PURGE": False, "RETURN_FAILED_ONLY": False,
    "ENFORCE_LENGTH": True, "TRUNCATECOLUMNS": False, "FORCE": False,
}  # fmt: skip
_KINDS = {"SIZE_LIMIT": "Long"}


@dataclass(frozen=True, slots=True)
class Property:
    """`value` is a bool, a number, a text, or a list of texts."""

    name: str
    value: Any
    default: Any

    @property
    def kind(self) -> str:
        if self.name in _KINDS:
            return _KINDS[self.name]
        kinds = ((bool, "Boolean"), (int, "Integer"), (list, "List"))
        return next((word for kind, word in kinds if isinstance(self.default, kind)), "String")

    @property
    def shown(self) -> str:
        return _shown(self.value)

    @property
    def row(self) -> tuple[str, str, str, str]:
        """The name, the type, the value and the default."""
        return self.name, self.kind, self.shown, _shown(self.default)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"[{', '.join(value)}]" if isinstance(value, list) else str(value)


def of_format(form: FileFormat) -> Iterator[Property]:
    """The type first, then the rest."""
    yield Property("TYPE", form.kind, "CSV")
    yield from _given(_DEFAULTS[form.kind], form.options)


def of_copying(options: Mapping[str, str]) -> Iterator[Property]:
    """What COPY INTO does by default with the files of a stage."""
    return _given(_COPY_OPTIONS, options)


def _given(defaults: Mapping[str, Any], options: Mapping[str, str]) -> Iterator[Property]:
    for name, default in defaults.items():
        yield Property(name, _read(options[name], default) if name in options else default, default)


def _read(text: str, default: Any) -> Any:
    if isinstance(default, bool):
        return text.upper() == "TRUE"
    if isinstance(default, int):
        return int(text)
    if isinstance(default, list):
        return [token.text for token in Statement.of(text).tokens if is_string(token)]
    return _ESCAPED.get(text, text)


_ESCAPED = {"\n": r"\n", "\t": r"\t", "\r\n": r"\r\n", "none": "NONE"}
