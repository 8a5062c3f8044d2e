"""What sqlglot lets pass and Snowflake does not: lists with nothing between their commas, and empty clauses.

A comma behind the last column of a SELECT is fine in Snowflake, and so is not looked at here.
"""

from collections.abc import Sequence
from itertools import pairwise

from sqlglot import TokenType

from neve.parse_sql.dialect import Token, Unreadable, word

_COMMA, _OPEN, _CLOSE = TokenType.COMMA, TokenType.L_PAREN, TokenType.R_PAREN
_CLAUSES = {TokenType.WHERE, TokenType.HAVING, TokenType.QUALIFY, TokenType.GROUP_BY, TokenType.ORDER_BY}
_OPENING = {TokenType.SELECT, TokenType.ON, TokenType.GROUP_BY, TokenType.ORDER_BY, TokenType.PARTITION_BY}
_ENDING = {*_CLAUSES, TokenType.FROM, TokenType.UNION, TokenType.INTERSECT, TokenType.EXCEPT, _CLOSE}
_PATHS = {TokenType.DOT, TokenType.COLON}
_AFTER_COMMA = {_COMMA, _CLOSE, *_CLAUSES}
_SUSPECT = frozenset(
    {
        (_OPEN, _COMMA),
        *((_COMMA, after) for after in _AFTER_COMMA),
        *((word, end) for word in (*_OPENING, TokenType.DISTINCT) for end in (_COMMA, *_ENDING)),
    }
)
_EMPTY_LIST = (TokenType.IN, _OPEN, _CLOSE)
"""Tokens in a row without which nothing is missing: few statements have to be looked at one token after the other."""


def refuse_gaps(tokens: Sequence[Token]) -> None:
    """Raises Unreadable at the first token before which something is missing."""
    kinds = [token.token_type for token in tokens]
    suspect = not _SUSPECT.isdisjoint(pairwise(kinds))
    if suspect or _EMPTY_LIST in zip(kinds, kinds[1:], kinds[2:], strict=False):
        _look_through(tokens, kinds)
    if _wants_more(kinds, len(kinds) - 1):
        raise Unreadable(f"Something is missing behind `{tokens[-1].text}`", tokens[-1].start, tokens[-1].end + 1)


def _look_through(tokens: Sequence[Token], kinds: Sequence[TokenType]) -> None:
    opened: list[bool] = []
    for at, kind in enumerate(kinds):
        in_query = False
        if kind is _OPEN:
            opened.append(at + 1 < len(tokens) and word(tokens[at + 1]) in {"SELECT", "WITH"})
        elif kind is _CLOSE and opened:
            in_query = opened.pop()
        if at and _is_gap(kinds, at, in_query=in_query):
            raise Unreadable(f"`{tokens[at].text}` is unexpected here", tokens[at].start, tokens[at].end + 1)


def _is_gap(kinds: Sequence[TokenType], at: int, *, in_query: bool) -> bool:
    kind, before = kinds[at], kinds[at - 1]
    if before is _COMMA:
        return kind in _AFTER_COMMA and not (kind is _CLOSE and in_query)
    if before is _OPEN:
        return kind is _COMMA or (kind is _CLOSE and at > 1 and kinds[at - 2] is TokenType.IN)
    return (kind is _COMMA or kind in _ENDING) and _wants_more(kinds, at - 1)


def _wants_more(kinds: Sequence[TokenType], at: int) -> bool:
    """Whether a word says that something follows; behind a dot or colon it is a name."""
    before = kinds[at - 1] if at else None
    if kinds[at] is TokenType.DISTINCT:
        return before in {TokenType.SELECT, _OPEN}
    return kinds[at] in _OPENING and before not in _PATHS
