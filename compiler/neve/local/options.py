"""The `NAME = value` options at the end of a statement, and the object's name before them."""

from collections.abc import Sequence
from dataclasses import dataclass

from neve.local.errors import compilation_error, syntax_error
from neve.local.sqltext import Statement, Token, identifier_of, is_string, is_word, plain_text


@dataclass(slots=True)
class Reader:
    """A place in a statement's tokens."""

    text: str
    tokens: Sequence[Token]
    place: int = 0

    @classmethod
    def of(cls, statement: Statement) -> "Reader":
        return cls(statement.text, statement.tokens)

    @property
    def ended(self) -> bool:
        return self.place >= len(self.tokens)

    def word(self, ahead: int = 0) -> str:
        """The bare word or sign there in upper case; empty for strings, quoted names and the end."""
        index = self.place + ahead
        return plain_text(self.tokens[index]).upper() if index < len(self.tokens) else ""

    def take(self, *words: str) -> bool:
        """Moves past `words` when they stand here."""
        if all(self.word(i) == word for i, word in enumerate(words)):
            self.place += len(words)
            return True
        return False

    def expect(self, *words: str) -> None:
        for word in words:
            if not self.take(word):
                raise self.unexpected()

    def unexpected(self) -> Exception:
        if self.ended:
            return syntax_error(self.text, len(self.text), "<EOF>")
        token = self.tokens[self.place]
        return syntax_error(self.text, token.start, self.text[token.start : token.end + 1])

    def next(self) -> Token:
        if self.ended:
            raise self.unexpected()
        self.place += 1
        return self.tokens[self.place - 1]

    def name(self) -> tuple[str, ...]:
        """A dotted name, its parts as stored; `a..b` has an empty middle."""
        parts = [self._part()]
        while self.take("."):
            parts.append("" if self.word() == "." else self._part())
        return tuple(parts)

    def _part(self) -> str:
        if self.ended or not is_word(self.tokens[self.place]):
            raise self.unexpected()
        return identifier_of(self.next())

    def string(self) -> str:
        token = self.next()
        if not is_string(token):
            self.place -= 1
            raise self.unexpected()
        return str(token.text)

    def value(self) -> str:
        """One word, number or string, as text; a parenthesized group as its text."""
        if self.word() == "(":
            return self.group()
        token = self.next()
        if plain_text(token) in {"-", "+"}:
            return plain_text(token) + str(self.next().text)
        return str(token.text)

    def group(self) -> str:
        """A parenthesized group, with its parentheses."""
        start, depth = self.place, 0
        while True:
            word = plain_text(self.next())
            depth += (word == "(") - (word == ")")
            if depth == 0:
                return self.text[self.tokens[start].start : self.tokens[self.place - 1].end + 1]

    def options(self) -> dict[str, str]:
        """All that is left as NAME = value (the sign may be left out before a string or a group)."""
        found: dict[str, str] = {}
        while not self.ended:
            if self.take(","):
                continue
            name = self._part()
            if not self.take("=") and not (
                not self.ended and (is_string(self.tokens[self.place]) or self.word() == "(")
            ):
                raise self.unexpected()
            found[name] = self.value()
        return found


@dataclass(frozen=True, slots=True)
class Head:
    """How a CREATE, ALTER or DROP starts: what it may replace, and whose name it gives."""

    name: tuple[str, ...]
    replace: bool = False
    or_alter: bool = False
    tolerant: bool = False
    modifiers: frozenset[str] = frozenset()


def read_head(reader: Reader, *kind: str) -> Head:
    """CREATE [OR REPLACE] [modifiers] kind [IF NOT EXISTS] name, or DROP/ALTER kind [IF EXISTS] name."""
    reader.next()
    replace = or_alter = False
    modifiers: set[str] = set()
    while not reader.take(*kind):
        if reader.take("OR", "REPLACE"):
            replace = True
        elif reader.take("OR", "ALTER"):
            or_alter = True
        elif reader.word():
            modifiers.add(reader.word())
            reader.next()
        else:
            raise reader.unexpected()
    tolerant = reader.take("IF", "NOT", "EXISTS") or reader.take("IF", "EXISTS")
    name = reader.name()
    tolerant = reader.take("IF", "NOT", "EXISTS") or reader.take("IF", "EXISTS") or tolerant
    if replace and tolerant:
        raise compilation_error("options OR REPLACE and IF NOT EXISTS are incompatible.", 2051, "42601")
    return Head(name, replace, or_alter, tolerant, frozenset(modifiers))
