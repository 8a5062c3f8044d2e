r"""Regular expressions with a position, an occurrence, parameters and groups.

`parameters` are Snowflake's letters: `i` for any case, `m` for ends of lines, `s` for a dot that matches them, `e` for
a group. `\1` in a replacement is a group. Positions count from 1.
"""

import json
import re
from functools import lru_cache
from itertools import islice

_CLASSES = {
    "alnum": r"0-9A-Za-z",
    "alpha": r"A-Za-z",
    "digit": r"0-9",
    "lower": r"a-z",
    "upper": r"A-Z",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\s",
    "blank": r" \t",
    "xdigit": r"0-9A-Fa-f",
    "word": r"\w",
    "cntrl": r"\x00-\x1f\x7f",
}
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}


@lru_cache(maxsize=256)
def compiled(pattern: str, parameters: str) -> re.Pattern[str]:
    """Raises ValueError, in the form of `faults`, for what is no regular expression."""
    flags = re.NOFLAG
    for letter in parameters:
        flags |= _FLAGS.get(letter, re.NOFLAG)
    if parameters.rfind("c") > parameters.rfind("i"):
        flags &= ~re.IGNORECASE
    text = re.sub(r"\[:(\w+):\]", lambda m: _CLASSES.get(m[1], m[0]), pattern)
    try:
        return re.compile(text, flags)
    except re.error as error:
        raise ValueError(f"#100048 2201B Invalid regular expression: '{pattern}', {error}") from error


def _matches(text: str, pattern: str, position: int, parameters: str) -> "islice[re.Match[str]]":
    return islice(compiled(pattern, parameters).finditer(text, max(position, 1) - 1), None)


def _group(match: re.Match[str], parameters: str, group: int) -> int:
    """Which group is asked for: `e` alone asks for the first; what is not there counts as the whole."""
    wanted = group if group >= 0 else int("e" in parameters)
    return min(wanted, match.re.groups)


def substring(  # noqa: PLR0913, PLR0917 - REGEXP_SUBSTR has that many arguments
    text: str, pattern: str, position: int, occurrence: int, parameters: str, group: int
) -> str | None:
    """REGEXP_SUBSTR; a group of -1 was not given."""
    match = next(islice(_matches(text, pattern, position, parameters), occurrence - 1, None), None)
    return None if match is None else match[_group(match, parameters, group)]


def all_substrings(  # noqa: PLR0913, PLR0917 - REGEXP_SUBSTR_ALL has that many arguments
    text: str, pattern: str, position: int, occurrence: int, parameters: str, group: int
) -> str:
    """REGEXP_SUBSTR_ALL, as JSON."""
    found = islice(_matches(text, pattern, position, parameters), occurrence - 1, None)
    return json.dumps([match[_group(match, parameters, group)] for match in found], ensure_ascii=False)


def place(  # noqa: PLR0913, PLR0917 - REGEXP_INSTR has that many arguments
    text: str, pattern: str, position: int, occurrence: int, after: int, parameters: str, group: int
) -> int:
    """REGEXP_INSTR: where it starts, or, `after` being 1, where the text goes on."""
    match = next(islice(_matches(text, pattern, position, parameters), occurrence - 1, None), None)
    if match is None:
        return 0
    return match.span(_group(match, parameters, group))[after] + 1


def count(text: str, pattern: str, position: int, parameters: str) -> int:
    """REGEXP_COUNT."""
    return sum(1 for match in _matches(text, pattern, position, parameters) if match[0])


def replaced(  # noqa: PLR0913, PLR0917 - REGEXP_REPLACE has that many arguments
    text: str, pattern: str, replacement: str, position: int, occurrence: int, parameters: str
) -> str:
    """REGEXP_REPLACE; the occurrence 0 is all of them."""
    out, at = [], 0
    for number, match in enumerate(_matches(text, pattern, position, parameters), 1):
        if occurrence in {0, number}:
            out += [text[at : match.start()], _filled(replacement, match)]
            at = match.end()
    return "".join((*out, text[at:]))


def _filled(replacement: str, match: re.Match[str]) -> str:
    def group(found: re.Match[str]) -> str:
        number = int(found[1])
        return (match[number] or "") if number <= match.re.groups else ""

    return re.sub(r"\\(\d)", group, replacement)


def like(text: str, pattern: str, parameters: str) -> bool:
    """REGEXP_LIKE: the pattern is the whole text."""
    return compiled(pattern, parameters).fullmatch(text) is not None


_PLACED = ["VARCHAR", "VARCHAR", "BIGINT", "BIGINT", "VARCHAR", "BIGINT"]
FUNCTIONS = (
    ("sf_regexp_substr", substring, _PLACED, "VARCHAR"),
    ("sf_regexp_substr_all", all_substrings, _PLACED, "VARCHAR"),
    ("sf_regexp_instr", place, ["VARCHAR", "VARCHAR", *["BIGINT"] * 3, "VARCHAR", "BIGINT"], "BIGINT"),
    ("sf_regexp_count", count, ["VARCHAR", "VARCHAR", "BIGINT", "VARCHAR"], "BIGINT"),
    ("sf_regexp_replace", replaced, ["VARCHAR"] * 3 + ["BIGINT"] * 2 + ["VARCHAR"], "VARCHAR"),
    ("sf_regexp_like", like, ["VARCHAR"] * 3, "BOOLEAN"),
)
