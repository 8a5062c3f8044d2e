"""Where variables stand in a piece of text: tokens -> Template (fact sheet 7.1).

Inside SQL a variable is written `:name`; in a scripting expression the bare name will do as well,
but not inside a subquery of that expression.
"""

from collections.abc import Iterator, Sequence

from neve.local.scripting.tree import Reference, Template
from neve.local.sqltext import Token, identifier_of, is_word

_OPENING, _CLOSING = frozenset("(["), frozenset(")]")


def template(text: str, tokens: Sequence[Token], *, expression: bool) -> Template:
    """The Template of the non-empty run of `tokens`, which were cut from `text`."""
    parts: list[str | Reference] = []
    done = start = tokens[0].start
    for reference, end in _references(text, tokens, expression=expression):
        if reference.at > done:
            parts.append(text[done : reference.at])
        parts.append(reference)
        done = end
    stop = tokens[-1].end + 1
    if stop > done:
        parts.append(text[done:stop])
    return Template(start, tuple(parts))


def _references(
    text: str, tokens: Sequence[Token], *, expression: bool
) -> Iterator[tuple[Reference, int]]:
    """Each reference, and the offset after it."""
    queries = _inside_query(tokens) if expression else [True] * len(tokens)
    for index, token in enumerate(tokens):
        if token.text == ":" and _binds(tokens, index):
            name = tokens[index + 1]
            yield _reference(text, tokens, index + 1, token.start, bound=True, fields=not queries[index])
        elif not queries[index] and _stands_for_variable(tokens, index):
            yield _reference(text, tokens, index, token.start, bound=False, fields=True)


def _reference(
    text: str, tokens: Sequence[Token], index: int, start: int, *, bound: bool, fields: bool
) -> tuple[Reference, int]:
    name, field, end = tokens[index], None, tokens[index].end + 1
    if fields and _text(tokens, index + 1) == "." and is_word(_at(tokens, index + 2)):
        field = identifier_of(tokens[index + 2])
        end = tokens[index + 2].end + 1
    table = bound and _text(tokens, index - 2) == "(" and _text(tokens, index - 3).upper() == "TABLE"
    return Reference(identifier_of(name), text[start:end], start, field, bound, table), end


def _binds(tokens: Sequence[Token], index: int) -> bool:
    """Whether the colon at `index` marks a variable, and not a path into a VARIANT as in `src:name`."""
    name = _at(tokens, index + 1)
    if name is None or not is_word(name) or name.start != tokens[index].end + 1:
        return False
    before = _at(tokens, index - 1)
    touching = before is not None and before.end + 1 == tokens[index].start
    return not (touching and before is not None and (is_word(before) or before.text in _CLOSING))


def _stands_for_variable(tokens: Sequence[Token], index: int) -> bool:
    if not is_word(tokens[index]):
        return False
    before, after = _text(tokens, index - 1), _text(tokens, index + 1)
    if before in {".", "::", "$", "@"} or before.upper() == "AS" or after in {"(", "=>"}:
        return False
    if before == ":":
        return False
    if after == "." and _text(tokens, index + 3) == "(":
        return False
    following = _at(tokens, index + 1)
    return following is None or not (_is_string(following) and following.start > tokens[index].end + 1)


def _inside_query(tokens: Sequence[Token]) -> list[bool]:
    """For each token whether a `(SELECT …)` around it makes it SQL."""
    inside: list[bool] = []
    stack: list[bool] = []
    for index, token in enumerate(tokens):
        inside.append(bool(stack) and stack[-1])
        if _is_symbol(token, _OPENING):
            query = _text(tokens, index + 1).upper() in {"SELECT", "WITH"}
            stack.append(query or (bool(stack) and stack[-1]))
        elif _is_symbol(token, _CLOSING) and stack:
            stack.pop()
    return inside


def _is_symbol(token: Token, symbols: frozenset[str]) -> bool:
    return token.end == token.start and token.text in symbols


def _is_string(token: Token) -> bool:
    return token.token_type.name.endswith("STRING")


def _at(tokens: Sequence[Token], index: int) -> Token | None:
    return tokens[index] if 0 <= index < len(tokens) else None


def _text(tokens: Sequence[Token], index: int) -> str:
    """The token's text, empty for a string, a quoted name, or outside the run."""
    token = _at(tokens, index)
    if token is None or token.end - token.start + 1 != len(token.text):
        return ""
    return token.text
