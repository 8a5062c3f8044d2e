"""The `NAME = value` options at the end of a statement, and the object's name before them."""

from dataclasses import dataclass

from neve.local.errors import compilation_error
from neve.local.reader import Reader
from neve.local.sqltext import Statement, Token, plain_text


class OptionReader(Reader):
    """A reader of statements that are a head, a name and options."""

    __slots__ = ()

    @classmethod
    def over(cls, statement: Statement) -> "OptionReader":
        return cls(statement.text, statement.tokens)

    def token(self) -> Token:
        """Take whatever comes next."""
        if self.at_end():
            raise self.unexpected()
        self.position += 1
        return self.tokens[self.position - 1]

    def dotted(self) -> tuple[str, ...]:
        """Take a dotted name: its parts as stored; `a..b` has an empty middle."""
        parts = [self.name()]
        while self.take("."):
            parts.append("" if self.sees(".") else self.name())
        return tuple(parts)

    def value(self) -> str:
        """Take one word, number or string, as text; or a parenthesized group, as its text."""
        if self.sees("("):
            return self.group_text()
        token = self.token()
        if plain_text(token) in {"-", "+"}:
            return plain_text(token) + str(self.token().text)
        return str(token.text)

    def group_text(self) -> str:
        """Take a parenthesized group: its text, with its parentheses."""
        start = self.offset
        self.group()
        return self.text[start : self.done]

    def options(self) -> dict[str, str]:
        """Take all that is left as NAME = value (the sign may be left out before a string or a group)."""
        found: dict[str, str] = {}
        while not self.at_end():
            if self.take(","):
                continue
            name = self.name()
            if not self.take("=") and not (self.sees_string() or self.sees("(")):
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


def read_head(reader: OptionReader, *kind: str) -> Head:
    """CREATE [OR REPLACE] [modifiers] kind [IF NOT EXISTS] name, or DROP/ALTER kind [IF EXISTS] name."""
    reader.token()
    replace = or_alter = False
    modifiers: set[str] = set()
    while not reader.take(*kind):
        if reader.take("OR", "REPLACE"):
            replace = True
        elif reader.take("OR", "ALTER"):
            or_alter = True
        elif reader.word():
            modifiers.add(reader.word())
            reader.token()
        else:
            raise reader.unexpected()
    tolerant = reader.take("IF", "NOT", "EXISTS") or reader.take("IF", "EXISTS")
    name = reader.dotted()
    tolerant = reader.take("IF", "NOT", "EXISTS") or reader.take("IF", "EXISTS") or tolerant
    if replace and tolerant:
        raise compilation_error("options OR REPLACE and IF NOT EXISTS are incompatible.", 2051, "42601")
    return Head(name, replace, or_alter, tolerant, frozenset(modifiers))
