"""CSV whose fields are not enclosed and have escaped characters, which DuckDB's reader cannot read: line by line."""

import gzip
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from neve.local.tables.names import text_literal

_NOWHERE, _NO_NULL = "\x01", "\x02"
"""What stands in no text."""


def has_escapes(files: Sequence[Path], escape: str) -> bool:
    return any(escape.encode() in _content(file) for file in files)


@dataclass(frozen=True, slots=True)
class Lines:
    """How fields stand in a line; `skip` lines come before the first row."""

    delimiter: str
    escape: str
    skip: int
    nulls: Sequence[str]
    compression: str


def lines_sql(files: Sequence[Path], lines: Lines) -> str:
    """DuckDB's subquery with the columns column0, column1 …"""
    names = ", ".join(text_literal(str(file)) for file in files)
    settings = f"columns = {{'line': 'VARCHAR'}}, auto_detect = false, header = false, skip = {lines.skip}"
    unquoted = f"delim = '{_NOWHERE}', quote = '', escape = '', nullstr = '{_NO_NULL}'"
    source = f"read_csv([{names}], {settings}, {unquoted}, compression = {text_literal(lines.compression)})"
    escape, delimiter = re.escape(lines.escape), re.escape(lines.delimiter)
    field = rf"((?:{escape}.|[^{escape}{delimiter}])*)(?:{delimiter}|$)"
    split = f"regexp_extract_all(line, {text_literal(field)}, 1) AS f"
    missing = ", ".join(map(text_literal, lines.nulls))
    plainly = text_literal(rf"{escape}(.)")
    width = _width(files, re.compile(field), lines.skip)
    values = ", ".join(
        f"CASE WHEN f[{n}] IN ({missing}) THEN NULL ELSE regexp_replace(f[{n}], {plainly}, '\\1', 'g') END"
        f" AS column{n - 1}"
        for n in range(1, width + 1)
    )
    return f"(SELECT {values} FROM (SELECT {split} FROM {source}))"


def _width(files: Sequence[Path], field: re.Pattern[str], skip: int) -> int:
    lines = [line for file in files for line in _content(file).decode(errors="replace").splitlines()[skip:]]
    return max((_count(line, field) for line in lines), default=1)


def _count(line: str, field: re.Pattern[str]) -> int:
    """The fields of a line: the last is the one that no delimiter follows."""
    count = 0
    for match in field.finditer(line):
        count += 1
        if match.end() == match.end(1):
            break
    return count


def _content(file: Path) -> bytes:
    raw = file.read_bytes()
    return gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
