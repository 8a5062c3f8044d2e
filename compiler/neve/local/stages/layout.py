"""How fields and records stand in a file of delimited text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from neve.local.errors import SqlError, compilation_error, invalid_value
from neve.local.sqltext import Statement
from neve.local.stages import encodings
from neve.local.stages.flags import flag

_NAMED = {r"\t": "\t", r"\n": "\n", r"\r": "\r", r"\r\n": "\r\n", r"\|": "|", r"\\": "\\", r"\'": "'"}
_CODE = re.compile(r"\\x([0-9a-fA-F]{2})|\\([0-7]{3})|0x([0-9a-fA-F]{2})")


@dataclass(frozen=True, slots=True)
class Layout:
    """Texts that are empty stand for what there is not; an empty `end` is the end of a line, however it is written."""

    delimiter: str
    end: str
    enclosed: str
    escape: str
    escape_unenclosed: str
    skip: int
    header: bool
    trim: bool
    skip_blank: bool
    nulls: tuple[str, ...]
    empty_is_null: bool
    codec: str
    replace_invalid: bool

    @classmethod
    def of(cls, options: Mapping[str, str]) -> "Layout":
        """Raises SqlError for an option that has no such value."""
        escape = character(options, "ESCAPE")
        end = separator(options, "RECORD_DELIMITER", "\n")
        skip = options.get("SKIP_HEADER", "0")
        if not skip.isdecimal():
            raise invalid_value("SKIP_HEADER", skip)
        return cls(
            separator(options, "FIELD_DELIMITER", ","),
            "" if end in {"\n", "\r\n", "\r"} else end,
            character(options, "FIELD_OPTIONALLY_ENCLOSED_BY"),
            escape,
            escape or character(options, "ESCAPE_UNENCLOSED_FIELD", "\\"),
            int(skip),
            flag(options, "PARSE_HEADER"),
            flag(options, "TRIM_SPACE"),
            flag(options, "SKIP_BLANK_LINES"),
            tuple(null_texts(options)),
            flag(options, "EMPTY_FIELD_AS_NULL", "TRUE"),
            encodings.codec(options.get("ENCODING", "UTF8")),
            flag(options, "REPLACE_INVALID_CHARACTERS"),
        )


def separator(options: Mapping[str, str], name: str, default: str) -> str:
    """One or several characters; as they are, or by their codes."""
    text = options.get(name, default)
    if text.upper() == "NONE":
        return ""
    plain = _NAMED.get(text) or _CODE.sub(lambda code: chr(_number(code)), text)
    if text.startswith("0x") and plain == text:
        raise _bad(name, text)
    return plain


def _number(code: re.Match[str]) -> int:
    return int(code[2], 8) if code[2] else int(code[1] or code[3], 16)


def character(options: Mapping[str, str], name: str, default: str = "") -> str:
    text = separator(options, name, default)
    if len(text) > 1:
        raise _bad(name, text)
    return text


def _bad(name: str, text: str) -> SqlError:
    return compilation_error(f"invalid value [{text}] for parameter '{name}'", 1006, "22023")


def null_texts(options: Mapping[str, str]) -> list[str]:
    """NULL_IF, in its order."""
    given = options.get("NULL_IF")
    if given is None:
        return [r"\N"]
    listed = given.strip("()") if given.startswith("(") else given or "''"
    return [str(token.text) for token in Statement.of(listed).tokens if token.text != ","]
