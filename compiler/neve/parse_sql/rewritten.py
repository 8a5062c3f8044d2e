"""What Snowflake takes and sqlglot's parser does not, written as something of the same tables that it does take.

Tokens keep their places, so that whatever is found stands where the user wrote it.
"""

from collections.abc import Iterator, Sequence

from neve.parse_sql.dialect import Token, moved, tokenize, word

_BY_NAME = {"UPDATE": "delete", "INSERT": "insert values (1)"}


def for_parser(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens of a statement as the parser takes them."""
    first = word(tokens[0]) if tokens else ""
    if first == "MERGE":
        return list(_without_by_name(tokens))
    if first == "WITH" and [word(token) for token in tokens[2:4]] == ["AS", "MODEL"]:
        return _without_models(tokens)
    return tokens


def without_into(tokens: Sequence[Token]) -> Sequence[Token]:
    """Without the INTO :a, :b of a SELECT in a block, whose colons may be left out."""
    words = [word(token) for token in tokens]
    for at, found in enumerate(words):
        if found == "INTO" and (words[at + 1 : at + 2] == [":"] or words[0] in {"SELECT", "WITH"}):
            end = _behind_variable(words, at + 1)
            while words[end : end + 1] == [","]:
                end = _behind_variable(words, end + 1)
            return [*tokens[:at], *tokens[end:]]
    return tokens


def _behind_variable(words: Sequence[str], at: int) -> int:
    return at + 2 if words[at : at + 1] == [":"] else at + 1


def _without_by_name(tokens: Sequence[Token]) -> Iterator[Token]:
    """MERGE's UPDATE ALL BY NAME and INSERT ALL BY NAME, as what names no column."""
    words = [word(token) for token in tokens]
    at = 0
    while at < len(tokens):
        instead = _BY_NAME.get(words[at]) if words[at + 1 : at + 4] == ["ALL", "BY", "NAME"] else None
        if instead:
            yield from (moved(one, tokens[at].start, tokens[at + 3].end) for one in tokenize(instead))
        else:
            yield tokens[at]
        at += 4 if instead else 1


def _without_models(tokens: Sequence[Token]) -> Sequence[Token]:
    """Without the `m AS MODEL db.s.model [VERSION v]` in a WITH: a model is no table."""
    words = [word(token) for token in tokens]
    at = 1
    while words[at + 1 : at + 3] == ["AS", "MODEL"]:
        at += 4
        while at + 1 < len(tokens) and words[at] == ".":
            at += 2
        at += 2 if words[at : at + 1] == ["VERSION"] else 0
        if words[at : at + 1] != [","]:
            return tokens[at:]
        at += 1
    return [tokens[0], *tokens[at:]]
