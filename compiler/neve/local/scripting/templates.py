"""Where variables stand in a piece of text: tokens -> Template (fact sheet 7.1).

Inside SQL a variable is written `:name`; in a scripting expression the bare name will do as well,
but not inside a subquery of that expression.
"""

from collections.abc import Iterator, Sequence

from neve.local.scripting.tree import Reference, Template
from neve.local.sqltext import Token, identifier_of, is_string, is_word, plain_text

_OPENING, _CLOSING = frozenset("(["), frozenset(")]")
_NO_VARIABLE_AFTER = frozenset({".", "::", "$", "@", ":", "AS"})


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


def _references(text: str, tokens: Sequence[Token], *, expression: bool) -> Iterator[tuple[Reference, int]]:
    """Each reference, and the offset after it."""
    queries = _inside_query(tokens) if expression else [True] * len(tokens)
    for index, token in enumerate(tokens):
        if plain_text(token) == ":" and _binds(tokens, index):
            yield _reference(text, tokens, index + 1, bound=True, fields=not queries[index])
        elif not queries[index] and _stands_for_variable(tokens, index):
            yield _reference(text, tokens, index, bound=False, fields=True)


def _reference(text: str, tokens: Sequence[Token], index: int, *, bound: bool, fields: bool) -> tuple[Reference, int]:
    """The reference whose name is the token at `index`, with the colon before it and the field after it."""
    name, field, end = tokens[index], None, tokens[index].end + 1
    start = tokens[index - bound].start
    if fields and _text(tokens, index + 1) == "." and _is_word(tokens, index + 2):
        field = identifier_of(tokens[index + 2])
        end = tokens[index + 2].end + 1
    before = index - bound
    function = _text(tokens, before - 2).upper() if _text(tokens, before - 1) == "(" else ""
    return Reference(identifier_of(name), text[start:end], start, field, bound, function), end


def _binds(tokens: Sequence[Token], index: int) -> bool:
    """Whether the colon at `index` marks a variable, and not a path into a VARIANT as in `src:name`."""
    if not _is_word(tokens, index + 1) or not _touch(tokens, index):
        return False
    after_operand = _is_word(tokens, index - 1) or _text(tokens, index - 1) in _CLOSING
    return not (after_operand and _touch(tokens, index - 1))


def _stands_for_variable(tokens: Sequence[Token], index: int) -> bool:
    """Whether a bare word can be a variable: not a function, a type, a part of a name or path, or a typed literal."""
    before, after = _text(tokens, index - 1).upper(), _text(tokens, index + 1)
    if not _is_word(tokens, index) or before in _NO_VARIABLE_AFTER or after in {"(", "=>"}:
        return False
    if after == "." and _text(tokens, index + 3) == "(":
        return False
    return index + 1 == len(tokens) or not is_string(tokens[index + 1])


def _inside_query(tokens: Sequence[Token]) -> list[bool]:
    """For each token whether a `(SELECT …)` around it makes it SQL."""
    inside: list[bool] = []
    stack: list[bool] = []
    for index, token in enumerate(tokens):
        inside.append(bool(stack) and stack[-1])
        if plain_text(token) in _OPENING:
            query = _text(tokens, index + 1).upper() in {"SELECT", "WITH"}
            stack.append(query or (bool(stack) and stack[-1]))
        elif plain_text(token) in _CLOSING and stack:
            stack.pop()
    return inside


def _is_word(tokens: Sequence[Token], index: int) -> bool:
    return 0 <= index < len(tokens) and is_word(tokens[index])


def _touch(tokens: Sequence[Token], index: int) -> bool:
    """Whether nothing stands between this token and the next."""
    return bool(tokens[index].end + 1 == tokens[index + 1].start)


def _text(tokens: Sequence[Token], index: int) -> str:
    """The bare word or symbol there; empty for a string, a quoted name, or outside the run."""
    return plain_text(tokens[index]) if 0 <= index < len(tokens) else ""
