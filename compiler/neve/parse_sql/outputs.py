"""Where a query says what it gives: read again from the text, for the few times that somebody has to be shown it."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sqlglot import TokenType, exp

from neve.parse_sql.dialect import Token, parse, tokenize
from neve.parse_sql.tree import stored

_BEFORE_STAR = {TokenType.SELECT, TokenType.DISTINCT, TokenType.COMMA}


def second_output(text: str, start: int, end: int, name: str) -> tuple[int, int]:
    """The place of the output to blame for a second column of this name, in the query from `start` to `end`:
    the second that is called so, else the one beside a star, else the second star.
    """
    tokens = [token for token in tokenize(text) if start <= token.start < end]
    query = parse(tokens, text)
    while not isinstance(query, exp.Select) and isinstance(query.this, exp.Query):
        query = query.this
    places = list(_places(query.expressions, tokens))
    named = [place for one, place in zip(query.expressions, places, strict=True) if _named(one) == name]
    stars = [place for one, place in zip(query.expressions, places, strict=True) if not _named(one)]
    return (named[1:] or named or stars[1:] or stars or [(start, end)])[0]


def _named(output: Any) -> str:
    """The name of an output; "" for a star, which has many, and for what has none."""
    return "" if output.is_star else stored(output.args.get("alias") or output.args.get("this"))


def _places(outputs: list[Any], tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """Where each output is named: its alias, its column, or its star."""
    at = tokens[0].start
    for output in outputs:
        alias = output.args.get("alias")
        named = (one.meta for one in (alias or output).find_all(exp.Identifier) if "start" in one.meta)
        marks = sorted(named, key=lambda meta: int(meta["start"]))
        if not output.is_star and marks:
            yield marks[0]["start"], marks[-1]["end"] + 1
        else:
            star = _star(tokens, marks[0]["start"] if isinstance(output, exp.Column) and marks else at)
            yield star
            marks = [*marks, {"end": star[1] - 1}]
        at = max(one["end"] for one in marks)


def _star(tokens: list[Token], start: int) -> tuple[int, int]:
    """From `start`, a table's name or something before, to the next star that is no multiplication."""
    for before, token in pairwise(tokens):
        if token.token_type is TokenType.STAR and token.start >= start:
            if before.token_type is TokenType.DOT:
                return start, token.end + 1
            if before.token_type in _BEFORE_STAR:
                return token.start, token.end + 1
    return start, start
