"""The texts that an expression may give, where it is a choice between literals: `'a'`, `iff(c, 'a', 'b')`, `case`."""

from collections.abc import Iterator, Sequence

from neve.parse_sql.dialect import Token, is_string, word

_OPENING = {"(": ")", "CASE": "END"}


def argument(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens of a call's only argument, from behind its parenthesis on; none where there are more or none."""
    arguments = list(_parts(tokens, {","}))
    return arguments[0] if len(arguments) == 1 else ()


def alternatives(tokens: Sequence[Token]) -> list[Token] | None:
    """The literals, one of which the expression is; None where it may be something else."""
    first = word(tokens[0]) if tokens else ""
    if len(tokens) == 1 and is_string(tokens[0]):
        return [tokens[0]]
    if first == "IFF" and len(tokens) > 2 and word(tokens[1]) == "(":
        given = list(_parts(tokens[2:], {","}))
        return _all(given[1:]) if len(given) == 3 and _ends(tokens, given) else None
    if first == "CASE" and word(tokens[-1]) == "END":
        return _of_case(tokens)
    return None


def _of_case(tokens: Sequence[Token]) -> list[Token] | None:
    parts = list(_parts(tokens[1:], {"WHEN", "THEN", "ELSE"}))
    if 2 + sum(map(len, parts)) + len(parts) - 1 != len(tokens):
        return None
    marks = [word(token) for token in _marks(tokens[1:], {"WHEN", "THEN", "ELSE"})]
    if "ELSE" not in marks:
        return None  # NULL, when nothing fits
    return _all([part for mark, part in zip(marks, parts[1:], strict=True) if mark in {"THEN", "ELSE"}])


def _all(expressions: Sequence[Sequence[Token]]) -> list[Token] | None:
    found = [alternatives(one) for one in expressions]
    return None if None in found else [token for one in found for token in one or ()]


def _ends(call: Sequence[Token], arguments: Sequence[Sequence[Token]]) -> bool:
    """Whether nothing follows the call."""
    return len(call) == 3 + sum(map(len, arguments)) + len(arguments) - 1


def _parts(tokens: Sequence[Token], marks: set[str]) -> Iterator[Sequence[Token]]:
    """What stands between these marks, up to the parenthesis or END that closes what is open at the start."""
    start = 0
    for at, token in _outer(tokens):
        if word(token) in {*marks, *_OPENING.values()}:
            yield tokens[start:at]
            start = at + 1


def _marks(tokens: Sequence[Token], marks: set[str]) -> Iterator[Token]:
    return (token for _, token in _outer(tokens) if word(token) in marks)


def _outer(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """The tokens outside of inner parentheses and CASEs, with their numbers, up to the one that closes the whole."""
    depth = 0
    for at, token in enumerate(tokens):
        depth += word(token) in _OPENING
        if depth == 0:
            yield at, token
        if word(token) in _OPENING.values():
            depth -= 1
            if depth < 0:
                return
