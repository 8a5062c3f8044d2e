"""What sqlglot lets pass and Snowflake does not: lists with nothing between their commas, and empty clauses.

A comma behind the last column of a SELECT is fine in Snowflake, and so is not looked at here.
"""

from collections.abc import Sequence
from itertools import pairwise

from neve.parse_sql.dialect import Token, Unreadable, word

_CLAUSES = {"WHERE", "HAVING", "QUALIFY", "GROUP BY", "ORDER BY"}
_OPENING = {"SELECT", "ON", "DISTINCT", "GROUP BY", "ORDER BY", "PARTITION BY"}
_BEFORE = {",", "(", *_OPENING}
_BEHIND = {",", ")", "FROM", "UNION", "INTERSECT", "EXCEPT", "MINUS", *_CLAUSES}


def refuse_gaps(tokens: Sequence[Token]) -> None:
    """Raises Unreadable at the first token before which something is missing."""
    texts = [token.text.upper() for token in tokens]
    for at, (before, behind) in enumerate(pairwise(texts), 1):
        if behind in _BEHIND and before in _BEFORE and _is_gap(tokens, at):
            token = tokens[at]
            raise Unreadable(f"`{token.text}` is unexpected here", token.start, token.end + 1)
    if texts and texts[-1] in _OPENING and _wants_more(tokens, len(tokens) - 1):
        raise Unreadable(f"Something is missing behind `{tokens[-1].text}`", tokens[-1].start, tokens[-1].end + 1)


def _is_gap(tokens: Sequence[Token], at: int) -> bool:
    before, behind = word(tokens[at - 1]), word(tokens[at])
    if before == "(":
        return behind == "," or (behind == ")" and at > 1 and word(tokens[at - 2]) == "IN")
    if before == ",":
        return behind == "," or behind in _CLAUSES or (behind == ")" and not _ends_query(tokens, at))
    return bool(behind) and _wants_more(tokens, at - 1)


def _wants_more(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word says that something follows; behind a dot or colon it is a name."""
    before = word(tokens[at - 1]) if at else ""
    if word(tokens[at]) == "DISTINCT":
        return before in {"SELECT", "("}
    return bool(word(tokens[at])) and before not in {".", ":"}


def _ends_query(tokens: Sequence[Token], at: int) -> bool:
    """Whether the parenthesis that closes here has a query in it."""
    depth = 0
    for here in range(at, -1, -1):
        depth += (word(tokens[here]) == ")") - (word(tokens[here]) == "(")
        if depth == 0:
            return word(tokens[here + 1]) in {"SELECT", "WITH"}
    return False
