"""Snowflake Scripting by its tokens: a block as the SQL statements and expressions inside it (fact sheet 7.1)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from neve.parse_sql.dialect import Token, Unreadable, word

_SIMPLE = {"BREAK", "EXIT", "CONTINUE", "ITERATE", "OPEN", "CLOSE", "FETCH", "RAISE", "NULL", "AWAIT", "CANCEL"}
_TRANSACTION = {"TRANSACTION", "WORK", "NAME", ";", ""}
_DECLARED = {"DEFAULT", ":=", "FOR"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Tokens of a block that hold SQL: a whole statement, or an expression, perhaps what `variable` is assigned."""

    tokens: Sequence[Token]
    expression: bool
    variable: str = ""


@dataclass(slots=True)
class _Reader:
    tokens: Sequence[Token]
    at: int
    pieces: list[Piece] = field(default_factory=list)

    def peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return word(self.tokens[at]) if at < len(self.tokens) else ""

    def done(self) -> bool:
        return self.at >= len(self.tokens)

    def take(self, *expected: str) -> str:
        found = self.peek()
        if self.done() or (expected and found not in expected):
            raise self.unexpected(" or ".join(expected) or "more")
        self.at += 1
        return found

    def skip(self, *wanted: str) -> bool:
        hit = not self.done() and self.peek() in wanted
        self.at += hit
        return hit

    def unexpected(self, wanted: str) -> Unreadable:
        token = self.tokens[min(self.at, len(self.tokens) - 1)]
        found = "the end" if self.done() else f"`{token.text}`"
        return Unreadable(f"In this block {wanted} is expected, not {found}", token.start, token.end + 1)

    def until(self, *ends: str) -> Sequence[Token]:
        """The tokens up to one of `ends` outside of parentheses and CASE; the end itself stays."""
        start, depth = self.at, 0
        while not self.done():
            found = self.peek()
            if depth <= 0 and found in ends:
                return self.tokens[start : self.at]
            if found == ";":
                break
            depth += (found in "([{" and bool(found)) + (found == "CASE") - (found in ")]}" and bool(found))
            depth -= found == "END"
            self.at += 1
        raise self.unexpected(" or ".join(ends))

    def expression(self, *ends: str, variable: str = "") -> None:
        self.pieces.append(Piece(self.until(*ends), expression=True, variable=variable))


def starts_block(tokens: Sequence[Token], at: int) -> bool:
    """Whether a block begins here: DECLARE, or a BEGIN that opens no transaction."""
    first = word(tokens[at])
    after = word(tokens[at + 1]) if at + 1 < len(tokens) else ""
    return first == "DECLARE" or (first == "BEGIN" and (after not in _TRANSACTION or _quoted_next(tokens, at)))


def read_block(tokens: Sequence[Token], at: int) -> tuple[list[Piece], int]:
    """The pieces of the block that begins at `at`, and the index after its END; raises Unreadable."""
    reader = _Reader(tokens, at)
    try:
        _block(reader)
    except RecursionError:
        raise Unreadable("This block is nested too deeply", tokens[at].start, tokens[at].end + 1) from None
    return reader.pieces, reader.at


def _quoted_next(tokens: Sequence[Token], at: int) -> bool:
    return at + 1 < len(tokens) and not word(tokens[at + 1])


def _block(reader: _Reader) -> None:
    if reader.skip("DECLARE"):
        while reader.peek() != "BEGIN":
            _declaration(reader)
    reader.take("BEGIN")
    _statements(reader, "END", "EXCEPTION")
    if reader.skip("EXCEPTION"):
        while reader.skip("WHEN"):
            reader.until("THEN")
            reader.take("THEN")
            _statements(reader, "WHEN", "END")
    reader.take("END")
    if reader.peek() not in {";", ""}:
        reader.take()  # the block's label


def _statements(reader: _Reader, *ends: str) -> None:
    while reader.peek() not in ends:
        if reader.done():
            raise reader.unexpected(" or ".join(ends))
        _statement(reader)


def _statement(reader: _Reader) -> None:
    if starts_block(reader.tokens, reader.at):
        _block(reader)
    elif reader.peek() in _COMPOUND:
        _COMPOUND[reader.take()](reader)
    elif reader.peek() in _SIMPLE:
        reader.until(";")
    elif reader.skip("LET"):
        _declared(reader)
    elif reader.peek(1) == ":=":
        variable = reader.take()
        reader.take()
        _value(reader, variable)
    elif reader.skip("RETURN"):
        reader.expression(";")
    elif reader.peek() == "ASYNC":
        _value(reader, "")
    else:
        reader.pieces.append(Piece(reader.until(";"), expression=False))
    reader.take(";")


def _declaration(reader: _Reader) -> None:
    if reader.done():
        raise reader.unexpected("BEGIN")
    _declared(reader)
    reader.take(";")


def _declared(reader: _Reader) -> None:
    """`name [type] [DEFAULT | := expression]`, `name CURSOR FOR query` or `name PROCEDURE ... AS block`."""
    variable = reader.take()
    if reader.peek() == "PROCEDURE":
        reader.until("AS")
        reader.take("AS")
        _block(reader)
        return
    reader.until(";", *_DECLARED)
    if reader.skip(*_DECLARED):
        _value(reader, variable)


def _value(reader: _Reader, variable: str) -> None:
    """What a variable is given, up to the semicolon; or a statement that runs beside the others."""
    if not reader.skip("ASYNC"):
        reader.expression(";", variable=variable)
        return
    reader.take("(")
    reader.pieces.append(Piece(reader.until(")"), expression=False))
    reader.take(")")


def _if(reader: _Reader) -> None:
    reader.expression("THEN")
    reader.take("THEN")
    _statements(reader, "ELSEIF", "ELSE", "END")
    while reader.skip("ELSEIF"):
        reader.expression("THEN")
        reader.take("THEN")
        _statements(reader, "ELSEIF", "ELSE", "END")
    if reader.skip("ELSE"):
        _statements(reader, "END")
    reader.take("END")
    reader.take("IF")


def _case(reader: _Reader) -> None:
    if reader.peek() != "WHEN":
        reader.expression("WHEN")
    while reader.skip("WHEN"):
        reader.expression("THEN")
        reader.take("THEN")
        _statements(reader, "WHEN", "ELSE", "END")
    if reader.skip("ELSE"):
        _statements(reader, "END")
    reader.take("END")
    reader.skip("CASE")


def _loop_of(*opening: str) -> Callable[[_Reader], None]:
    def read(reader: _Reader) -> None:
        if opening:
            reader.expression(*opening)
            reader.take(*opening)
        _statements(reader, "END")
        reader.take("END")
        reader.take("FOR", "WHILE", "LOOP")
        if reader.peek() != ";":
            reader.take()  # the loop's label

    return read


def _repeat(reader: _Reader) -> None:
    _statements(reader, "UNTIL")
    reader.take("UNTIL")
    reader.expression("END")
    reader.take("END")
    reader.take("REPEAT")
    if reader.peek() != ";":
        reader.take()


_COMPOUND = {
    "IF": _if,
    "CASE": _case,
    "FOR": _loop_of("DO", "LOOP"),
    "WHILE": _loop_of("DO", "LOOP"),
    "LOOP": _loop_of(),
    "REPEAT": _repeat,
}
