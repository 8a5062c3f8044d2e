"""A cursor over the tokens of a statement: for the grammars that sqlglot does not parse."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from neve.local.errors import SqlError, syntax_error
from neve.local.sqltext import Statement, Token, identifier_of, is_string, is_word, plain_text, tokenize

_DEEPEST = 100
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")


@dataclass(slots=True)
class Reader:
    """`tokens` were cut from `text`; `position` counts tokens."""

    text: str
    tokens: Sequence[Token]
    position: int = 0
    depth: int = 0

    @classmethod
    def of(cls, text: str) -> "Reader":
        """A reader at the start of `text`; raises SqlError when it has no tokens (an open string or comment)."""
        return cls(text, tokenize(text))

    @classmethod
    def over(cls, statement: Statement) -> "Reader":
        """A reader at the start of a statement."""
        return cls(statement.text, statement.tokens)

    # Looking
    def at_end(self) -> bool:
        return self.position >= len(self.tokens)

    def word(self, ahead: int = 0) -> str:
        """The upper-cased word or symbol there; empty for a string, a quoted name, or the end."""
        index = self.position + ahead
        return plain_text(self.tokens[index]).upper() if 0 <= index < len(self.tokens) else ""

    def sees(self, *words: str) -> bool:
        return all(self.word(ahead) == word for ahead, word in enumerate(words))

    def sees_string(self) -> bool:
        return not self.at_end() and is_string(self.tokens[self.position])

    @property
    def offset(self) -> int:
        """Where the current token starts; the end of the text when there is none."""
        return len(self.text) if self.at_end() else self.tokens[self.position].start

    @property
    def done(self) -> int:
        """The offset after the last token taken."""
        return self.tokens[self.position - 1].end + 1 if self.position else 0

    # Taking
    def take(self, *words: str) -> bool:
        """Take these words if they come next."""
        if not self.sees(*words):
            return False
        self.position += len(words)
        return True

    def take_any(self, *words: str) -> str:
        """Take the one of `words` that comes next, and return it; empty if none does."""
        word = self.word()
        if word and word in words:
            self.position += 1
            return word
        return ""

    def expect(self, *words: str) -> None:
        for word in words:
            if not self.take(word):
                raise self.unexpected()

    def name(self) -> str:
        """Take an identifier: upper case unless quoted."""
        if self.at_end() or not is_word(self.tokens[self.position]):
            raise self.unexpected()
        self.position += 1
        return identifier_of(self.tokens[self.position - 1])

    def string(self) -> str:
        """Take a string literal and return what it says."""
        if not self.sees_string():
            raise self.unexpected()
        self.position += 1
        return str(self.tokens[self.position - 1].text)

    def number(self) -> int:
        """Take a whole number, with a sign perhaps."""
        sign = -1 if self.take("-") else 1
        if not self.word().isdecimal():
            raise self.unexpected()
        self.position += 1
        return sign * int(self.tokens[self.position - 1].text)

    def bare(self) -> str:
        """Take one unquoted word or number, as written."""
        if not self.word():
            raise self.unexpected()
        self.position += 1
        return str(self.tokens[self.position - 1].text)

    def rest(self) -> str:
        """Take all that is left: its text, without a last semicolon."""
        if self.at_end():
            raise self.unexpected()
        tokens = self.tokens[self.position :]
        self.position = len(self.tokens)
        return self.slice(tokens[:-1] if tokens[-1].text == ";" and len(tokens) > 1 else tokens)

    def slice(self, tokens: Sequence[Token]) -> str:
        """The text from the first to the last of `tokens`."""
        return self.text[tokens[0].start : tokens[-1].end + 1] if tokens else ""

    def until(self, *words: str) -> Sequence[Token]:
        """Take the tokens before the first of `words` outside parentheses and CASE … END, or before the end."""
        start, depth, cases = self.position, 0, 0
        while not self.at_end():
            word = self.word()
            if not depth and not cases and word in words:
                break
            depth += (word in _OPENING) - (word in _CLOSING)
            cases += (word == "CASE") - (word == "END" and cases > 0)
            if depth < 0:
                break
            self.position += 1
        return self.tokens[start : self.position]

    def group(self) -> "Reader":
        """Take a parenthesized group and return a reader of what it holds."""
        self.expect("(")
        inside = self.until(")")
        self.expect(")")
        return Reader(self.text, inside, depth=self.depth + 1)

    # Names and options
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

    # Refusing
    def unexpected(self) -> SqlError:
        """The error of a token that cannot stand here."""
        if self.at_end():
            return syntax_error(self.text, self.done, "<EOF>")
        token = self.tokens[self.position]
        return syntax_error(self.text, token.start, self.text[token.start : token.end + 1])

    def finish(self) -> None:
        """Nothing but a last semicolon may follow."""
        self.take(";")
        if not self.at_end():
            raise self.unexpected()

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Refuse text that is nested beyond what the parser follows."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.unexpected()
        yield
        self.depth -= 1
