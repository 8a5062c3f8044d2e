"""Likeness of texts, and words in them."""

import re

_CODES = {
    **dict.fromkeys("BFPV", "1"),
    **dict.fromkeys("CGJKQSXZ", "2"),
    **dict.fromkeys("DT", "3"),
    "L": "4",
    **dict.fromkeys("MN", "5"),
    "R": "6",
}
_DELIMITERS = '!?@"^#$&~_,.:;+-*%/|\\[](){}<> \t\n\r\f\v'


def soundex(text: str) -> str:
    """SOUNDEX: a letter and three digits."""
    return _soundex(text, first_counts=True)


def soundex_p123(text: str) -> str:
    """SOUNDEX_P123: a second letter that sounds as the first has its digit too."""
    return _soundex(text, first_counts=False)


def _soundex(text: str, *, first_counts: bool) -> str:
    letters = [letter for letter in text.upper() if letter.isalpha()]
    if not letters:
        return ""
    codes, before = "", _CODES.get(letters[0], "") if first_counts else ""
    for letter in letters[1:]:
        code = _CODES.get(letter, "")
        if code and code != before:
            codes += code
        if letter not in "HW":
            before = code
    return (letters[0] + codes + "000")[:4]


def edit_distance(one: str, other: str) -> int:
    """EDITDISTANCE: insertions, deletions and substitutions of characters."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        diagonal, row[0] = row[0], place
        for column, against in enumerate(other, 1):
            diagonal, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, diagonal + (letter != against)),
            )
    return row[-1]


def jarowinkler(one: str, other: str) -> int:
    """JAROWINKLER_SIMILARITY: 0 to 100, whatever the case."""
    one, other = one.lower(), other.lower()
    similarity = _jaro(one, other)
    common = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return int(100 * (similarity + 0.1 * min(common, 10) * (1 - similarity)) + 1e-9)


def _jaro(one: str, other: str) -> float:
    reach = max(max(len(one), len(other)) // 2 - 1, 0)
    taken, matched = [False] * len(other), list[str]()
    for place, letter in enumerate(one):
        for at in range(max(place - reach, 0), min(place + reach + 1, len(other))):
            if not taken[at] and other[at] == letter:
                taken[at] = True
                matched.append(letter)
                break
    if not matched:
        return 0.0
    there = [letter for letter, hit in zip(other, taken, strict=True) if hit]
    moved = sum(a != b for a, b in zip(matched, there, strict=True)) / 2
    count = len(matched)
    return (count / len(one) + count / len(other) + (count - moved) / count) / 3


def initcap(text: str, delimiters: str) -> str:
    """INITCAP(text, delimiters)."""
    out, starts = [], True
    for letter in text:
        between = letter in delimiters
        out.append(letter.upper() if starts and not between else letter.lower())
        starts = between
    return "".join(out)


def initcap_plain(text: str) -> str:
    """INITCAP(text), with Snowflake's delimiters."""
    return initcap(text, _DELIMITERS)


def tokens(text: str, delimiters: str) -> list[str]:
    """STRTOK and its kin: the parts between any of the delimiters, without empty ones."""
    if not delimiters:
        return [text] if text else []
    return [part for part in re.split(f"[{re.escape(delimiters)}]", text) if part]


FUNCTIONS = (
    ("sf_soundex", soundex, ["VARCHAR"], "VARCHAR"),
    ("sf_soundex_p123", soundex_p123, ["VARCHAR"], "VARCHAR"),
    ("sf_edit_distance", edit_distance, ["VARCHAR", "VARCHAR"], "BIGINT"),
    ("sf_jarowinkler", jarowinkler, ["VARCHAR", "VARCHAR"], "BIGINT"),
    ("sf_initcap", initcap_plain, ["VARCHAR"], "VARCHAR"),
    ("sf_initcap_by", initcap, ["VARCHAR", "VARCHAR"], "VARCHAR"),
    ("sf_tokens", tokens, ["VARCHAR", "VARCHAR"], "VARCHAR[]"),
)
