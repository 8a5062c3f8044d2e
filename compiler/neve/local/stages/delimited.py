"""Delimited text, as Snowflake reads it: what DuckDB's reader has no words for, or takes in another way."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from neve.local.errors import SqlError
from neve.local.stages.layout import Layout

_LINE = re.compile(r"\r\n|\n|\r")
_BREAKS = r"\r\n"
Record = list[str | None]


@dataclass(frozen=True)
class _Grammar:
    """A field and what ends it: an enclosed text, or an unenclosed one; then a delimiter, or the end of the record."""

    layout: Layout

    @cached_property
    def field(self) -> re.Pattern[str]:
        how = self.layout
        end = re.escape(how.end) if how.end else _LINE.pattern
        delimiter = f"({re.escape(how.delimiter)})" if how.delimiter else "((?!))"
        return re.compile(rf"(?:{self._enclosed}|({self._unenclosed}*+))(?:{delimiter}|{end}|\Z)", re.DOTALL)

    @property
    def _unenclosed(self) -> str:
        """A part of such a field."""
        how = self.layout
        escape = re.escape(how.escape_unenclosed)
        escaped = rf"|{escape}(?:.|\Z)" if escape else ""
        if len(how.delimiter) <= 1 and len(how.end) <= 1:
            return rf"(?:[^{re.escape(how.delimiter)}{re.escape(how.end) or _BREAKS}{escape}]++{escaped})"
        ends = "|".join(filter(None, (re.escape(how.delimiter), re.escape(how.end) or _LINE.pattern, escape)))
        return f"(?:(?:(?!{ends}).)++{escaped})"

    @property
    def _enclosed(self) -> str:
        how = self.layout
        if not how.enclosed:
            return "((?!))"
        quote, space = re.escape(how.enclosed), r"[^\S\r\n]*" if how.trim else ""
        escaped = f"|{re.escape(how.escape)}." if how.escape else ""
        other = f"[^{quote}{re.escape(how.escape)}]++"
        return f"{space}{quote}((?:{other}|{quote}{quote}{escaped})*+){quote}{space}"

    def records(self, text: str) -> Iterator[Record]:
        """Raises SqlError."""
        place, record = 0, Record()
        while place < len(text):
            found = self.field.match(text, place)
            if found is None:
                raise _open(self.layout)
            record.append(self._value(found))
            place = found.end()
            if not found[3]:
                yield record
                record = []
            elif place == len(text):
                yield [*record, self._read("", enclosed=False)]

    def _value(self, found: re.Match[str]) -> str | None:
        if found[1] is not None:
            return self._read(found[1], enclosed=True)
        quote = self.layout.enclosed
        if quote and found[2].startswith(quote):
            raise _misplaced(found[2], self.layout)
        return self._read(found[2].strip() if self.layout.trim else found[2], enclosed=False)

    def _read(self, text: str, *, enclosed: bool) -> str | None:
        how = self.layout
        if text in how.nulls or (how.empty_is_null and not text and not enclosed):
            return None
        if enclosed:
            text = text.replace(how.enclosed * 2, how.enclosed)
        escape = how.escape if enclosed else how.escape_unenclosed
        return re.sub(rf"{re.escape(escape)}(.)", r"\1", text, flags=re.DOTALL) if escape and escape in text else text


def _open(how: Layout) -> SqlError:
    return SqlError(
        100068, "22000", f"End of record reached while expected to find an end of {how.enclosed or 'a field'}"
    )


def _misplaced(text: str, how: Layout) -> SqlError:
    behind = text[text.find(how.enclosed, 1) + 1 :][:1]
    return SqlError(100016, "22000", f"Found character '{behind}' instead of field delimiter '{how.delimiter}'")


def records(content: bytes, how: Layout) -> Iterator[Record]:
    """The records behind the lines that are skipped; what is NULL is None. Raises SqlError."""
    text = _decoded(content, how)
    for _ in range(how.skip):
        line = _LINE.search(text)
        text = text[line.end() :] if line else ""
    for record in _Grammar(how).records(text):
        if not (how.skip_blank and record in ([None], [""])):
            yield record


def _decoded(content: bytes, how: Layout) -> str:
    try:
        return content.decode(how.codec, "replace" if how.replace_invalid else "strict")
    except UnicodeDecodeError as error:
        raise invalid_utf8(content, error) from error


def invalid_utf8(content: bytes, error: UnicodeDecodeError) -> SqlError:
    shown = content[error.start : error.end].hex().upper()
    return SqlError(100144, "22000", f"Invalid UTF8 detected in string '0x{shown}'")
