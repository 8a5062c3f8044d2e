"""Snowflake's names and literals: folding, quoting, and the nearest of a set of names."""

import re
from collections.abc import Iterable
from functools import lru_cache

HOLE = "neve.hole"
"""A quoted name that stands, in a text put together in the run, for what is not known before."""

_BARE = re.compile(r"[A-Z_][A-Z0-9_$]*")
_PART = r'(?:[A-Za-z_][A-Za-z0-9_$]*|"(?:[^"]|"")+")'
_PARTS = re.compile(_PART)
_NAME = re.compile(rf"\s*{_PART}(?:\s*\.\s*{_PART}){{0,2}}\s*")

# https://docs.snowflake.com/en/sql-reference/reserved-keywords: those that cannot stand bare as a table or column.
_RESERVED = frozenset(
    """
    ACCOUNT ALL ALTER AND ANY AS BETWEEN BY CASE CAST CHECK COLUMN CONNECT CONNECTION CONSTRAINT CREATE CROSS CURRENT
    CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DATABASE DELETE DISTINCT DROP ELSE EXISTS FALSE FOLLOWING
    FOR FROM FULL GRANT GROUP GSCLUSTER HAVING ILIKE IN INCREMENT INNER INSERT INTERSECT INTO IS ISSUE JOIN LATERAL
    LEFT LIKE LOCALTIME LOCALTIMESTAMP MINUS NATURAL NOT NULL OF ON OR ORDER ORGANIZATION QUALIFY REGEXP REVOKE RIGHT
    RLIKE ROW ROWS SAMPLE SCHEMA SELECT SET SOME START TABLE TABLESAMPLE THEN TO TRIGGER TRUE TRY_CAST UNION UNIQUE
    UPDATE USING VALUES VIEW WHEN WHENEVER WHERE WITH
    """.split()  # noqa: SIM905 - a list of 90 quoted words is no easier to read
)


def fold(part: str) -> str:
    """One part of a name as Snowflake stores it: in upper case, or as it stands between double quotes."""
    if len(part) > 1 and part[0] == part[-1] == '"':
        return part[1:-1].replace('""', '"')
    return part.upper()


def is_identifier(text: str) -> bool:
    """Whether `text` can be written without quotes (in any case)."""
    upper = text.upper()
    return text.isascii() and len(text) <= 255 and bool(_BARE.fullmatch(upper)) and upper not in _RESERVED


@lru_cache(maxsize=1 << 16)
def quote_identifier(part: str) -> str:
    """A stored name as SQL text: bare when that means the same, else in double quotes."""
    if _BARE.fullmatch(part) and part not in _RESERVED:
        return part
    return '"' + part.replace('"', '""') + '"'


@lru_cache(maxsize=1 << 16)
def qualified(*parts: str) -> str:
    """Stored parts as one dotted name."""
    return ".".join(map(quote_identifier, parts))


def parse_name(text: str) -> tuple[str, ...] | None:
    """One to three dotted parts as Snowflake stores them; None when `text` is no name."""
    if not _NAME.fullmatch(text):
        return None
    return tuple(map(fold, _PARTS.findall(text)))


def quote_string(text: str) -> str:
    """`text` as a string literal, with quotes and backslashes escaped."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def can_dollar_quote(text: str) -> bool:
    """Whether `text` can stand between two `$$` marks, which know no escape."""
    return "$$" not in text and not text.endswith("$")


def dollar_quote(text: str) -> str:
    """`text` between `$$` marks; ValueError when it holds one itself (ask `can_dollar_quote` first)."""
    if not can_dollar_quote(text):
        raise ValueError("a text with $$ in it cannot be quoted with $$")
    return f"$${text}$$"


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `name` was most likely meant to be, or None. Case does not count."""
    from difflib import get_close_matches

    folded: dict[str, str] = {}
    for candidate in sorted(candidates):
        folded.setdefault(candidate.lower(), candidate)
    lengths = range(len(name) * 2 // 3, len(name) * 3 // 2 + 2)
    matches = get_close_matches(name.lower(), [key for key in folded if len(key) in lengths], n=1)
    return folded[matches[0]] if matches else None
