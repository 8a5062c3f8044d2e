"""Names among the tokens of a statement, for what is read without the parser."""

from collections.abc import Iterator, Sequence

from sqlglot import TokenType

from neve.ir import Access, Reference
from neve.names import fold
from neve.parse_sql.dialect import Token, is_string, word

_MODIFIERS = {
    *("OR", "REPLACE", "ALTER", "TRANSIENT", "TEMP", "TEMPORARY", "LOCAL", "GLOBAL", "VOLATILE", "SECURE", "RECURSIVE"),
    *("MATERIALIZED", "DYNAMIC", "HYBRID", "ICEBERG", "EXTERNAL", "EVENT"),
}


def dotted(tokens: Sequence[Token], access: Access) -> Reference | None:
    """The dotted name that `tokens` begin with."""
    parts: list[Token] = []
    for i, token in enumerate(tokens):
        if i % 2 == 0:
            parts.append(token)
        elif word(token) != ".":
            break
    names = [t for t in parts if word(t) != "."]
    if not names or len(names) != len(parts) or is_string(names[0]):
        return None
    stored = tuple(fold(t.text) if word(t) else t.text for t in names)
    return Reference(stored, access, names[0].start, names[-1].end + 1)


def kind(tokens: Sequence[Token]) -> str:
    """What a CREATE, ALTER or DROP is about: TABLE also for DYNAMIC TABLE and its like."""
    return next((word(token) for token in tokens[1:] if word(token) not in _MODIFIERS), "")


def named_after(tokens: Sequence[Token], of_kind: str) -> Reference | None:
    """The name that follows the kind of an object."""
    words = [word(token) for token in tokens]
    at = words.index(of_kind) + 1 if of_kind else len(words)
    while at < len(tokens) and words[at] in {"IF", "NOT", "EXISTS"}:
        at += 1
    return dotted(tokens[at:], "replace" if "REPLACE" in words[:3] else "create")


def stream(tokens: Sequence[Token]) -> Iterator[Reference]:
    """A stream that is made, and what it is on."""
    words = [word(token) for token in tokens]
    named = named_after(tokens, "STREAM")
    if named:
        yield named
    if "ON" in words:
        at = words.index("ON") + 1
        while at < len(tokens) and words[at] in {"TABLE", "VIEW", "EXTERNAL", "DYNAMIC"}:
            at += 1
        read = dotted(tokens[at:], "read")
        if read and words[at - 1] in {"TABLE", "VIEW"}:
            yield read


def handed_over(tokens: Sequence[Token]) -> Iterator[Reference]:
    """The tables that a function gets whole: `input_data => TABLE(t)`."""
    for at, token in enumerate(tokens):
        if token.token_type is TokenType.FARROW and [word(one) for one in tokens[at + 1 : at + 3]] == ["TABLE", "("]:
            named = dotted(tokens[at + 3 :], "read")
            if named:
                yield named
