"""The text of an EXECUTE IMMEDIATE: a literal, some with `||` between them, or a variable that holds such a text."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from neve.names import HOLE, parse_name, quote_identifier
from neve.parse_sql.dialect import Token, is_string, moved, tokenize, word
from neve.parse_sql.literals import decode
from neve.parse_sql.scripting import Piece

_DEEP = 20
_BEFORE_TABLE = {"FROM", "INTO", "JOIN", "UPDATE", "USING", "TABLE", "OVERWRITE"}


@dataclass(frozen=True, slots=True)
class Variable:
    """What a variable is assigned, once; `alone` says that its value is used in one place only."""

    tokens: Sequence[Token]
    alone: bool


Known = Mapping[str, Variable]
"""The variables that are assigned once, by their names in upper case."""


@dataclass(frozen=True, slots=True)
class Executed:
    """A text that is executed, and for each character its place in the outer text and the part that it is of.

    What is known only in the run is a name that means no table; `whole` says that there is none.
    """

    text: str
    places: Sequence[int]
    parts: Sequence[int]
    whole: bool

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the text stands; empty where nothing else can be written: in several parts, or in a
        variable's value that is used elsewhere too.
        """
        first, last = (min(at, len(self.places) - 1) for at in (start, max(end - 1, start)))
        at = self.places[first]
        return at, self.places[last] + 1 if self.parts[first] == self.parts[last] >= 0 else at


@dataclass(frozen=True, slots=True)
class _Part:
    """A text (None: not known before the run) that begins at `start`, and the place of each of its characters."""

    start: int
    text: str | None = None
    places: Sequence[int] = ()
    alone: bool = True


def executed(tokens: Sequence[Token], text: str, known: Known) -> Executed | None:
    """The text that an expression of `text` gives; None when nothing of it is known."""
    found = list(_parts(tokens, text, known))
    if not any(part.text for part in found):
        return None
    characters: list[str] = []
    places: list[int] = []
    parts: list[int] = []
    for part in found:
        piece = quote_identifier(HOLE) if part.text is None else part.text
        characters.append(piece)
        places += [part.start] * len(piece) if part.text is None else part.places
        parts += [part.start if part.alone else -1] * len(piece)
    return Executed("".join(characters), places, parts, whole=all(part.text is not None for part in found))


def known_of(pieces: Sequence[Piece], tokens: Sequence[Token]) -> Known:
    """The variables of a block that are assigned once, and only by what stands there."""
    assigned = [piece for piece in pieces if piece.variable]
    times = Counter([piece.variable for piece in assigned] + list(_filled(tokens)))
    named = Counter(map(word, tokens))
    return {
        piece.variable: Variable(piece.tokens, alone=named[piece.variable] == 2)
        for piece in assigned
        if times[piece.variable] == 1
    }


def with_names(tokens: Sequence[Token], text: str, known: Known) -> Iterator[Token]:
    """With the name itself for each IDENTIFIER(:v) or TABLE(:v) whose variable is known, in the place of the whole."""
    words = [word(token) for token in tokens]
    at = 0
    while at < len(tokens):
        call = words[at : at + 5]
        named = call[:1] in (["IDENTIFIER"], ["TABLE"]) and call[1:3] == ["(", ":"] and call[4:] == [")"]
        name = call[3] if named else ""
        inner = executed(known[name].tokens, text, known) if name in known else None
        if inner is None or not inner.whole or not parse_name(inner.text):
            yield tokens[at]
            at += 1
            continue
        yield from (moved(part, tokens[at].start, tokens[at + 4].end) for part in tokenize(inner.text))
        at += 5


def unknown_names(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """The places of tables that are called IDENTIFIER(:v) or IDENTIFIER($v), where the run gives the name."""
    for at in range(1, len(tokens) - 4):
        if word(tokens[at]) == "IDENTIFIER" and word(tokens[at - 1]) in _BEFORE_TABLE:
            sign, closing = word(tokens[at + 2]), word(tokens[at + 4])
            if sign in {":", "$"} and closing == ")":
                yield tokens[at].start, tokens[at + 4].end + 1


def _parts(tokens: Sequence[Token], text: str, known: Known, *, alone: bool = True, depth: int = 0) -> Iterator[_Part]:
    """The operands of a sum, which is used in one place only when it is `alone`."""
    for operand in _operands(_bare(tokens)):
        names = [word(token) for token in operand if word(token) != ":"]
        if len(operand) == 1 and is_string(operand[0]):
            start = operand[0].start
            inner, where = decode(text[start : operand[0].end + 1])
            yield _Part(start, inner, [start + where(at) for at in range(len(inner))], alone)
        elif len(names) == 1 and names[0] in known and depth < _DEEP:
            variable = known[names[0]]
            yield from _parts(variable.tokens, text, known, alone=alone and variable.alone, depth=depth + 1)
        elif operand:
            yield _Part(operand[0].start)


def _bare(tokens: Sequence[Token]) -> Sequence[Token]:
    """Without parentheses around the whole."""
    inside = tokens[1:-1]
    around = len(tokens) > 1 and (word(tokens[0]), word(tokens[-1])) == ("(", ")")
    return inside if around and not any(word(token) in {"(", ")"} for token in inside) else tokens


def _operands(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    start, depth = 0, 0
    for at, token in enumerate(tokens):
        depth += (word(token) == "(") - (word(token) == ")")
        if word(token) == "||" and not depth:
            yield tokens[start:at]
            start = at + 1
    yield tokens[start:]


def _filled(tokens: Sequence[Token]) -> Iterator[str]:
    """The variables that queries, cursors and calls put values INTO."""
    inside = False
    for token in tokens:
        name = word(token)
        inside = name == "INTO" or (inside and (name in {":", ","} or name.isidentifier()))
        if inside and name.isidentifier():
            yield name
