"""SQL as text: tokens with exact offsets, statements, names."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from neve.local.errors import compilation_error, no_current, syntax_error

if TYPE_CHECKING:
    from neve.local.session import Session

Token = Any
"""sqlglot's token: `text` (unescaped), `start` and `end` (the last character's offset), `token_type.name`."""

Binds: TypeAlias = Sequence[object] | Mapping[str, object]
"""Values for `?` and `:1` in order, or for `:name` by upper-case name."""

NONE: Binds = ()


class Batch(tuple[Any, ...]):
    """The values of one place for every row of an executemany."""

    __slots__ = ()


_STRINGS = frozenset({"STRING", "RAW_STRING", "HEREDOC_STRING", "NATIONAL_STRING"})
_WORD = re.compile(r"[^\W\d][\w$]*")
_COPIES = re.compile(r"\s*(?:PUT|GET)\s", re.IGNORECASE)
_CLIENT_PATH = re.compile(r"(?<!')file://[^\s']+", re.IGNORECASE)
_BARE = re.compile(r"[A-Z_][A-Z0-9_$]*")


@cache
def _dialect() -> Any:
    from sqlglot.dialects.snowflake import Snowflake

    class Words(Snowflake):
        """Snowflake's, without the statements that its tokenizer would swallow whole."""

        class Tokenizer(Snowflake.Tokenizer):
            COMMANDS = set[Any]()  # noqa: RUF012 - the form that sqlglot wants

    return Words()


def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of `text`. Raises SqlError 1003 for an open string or comment."""
    from sqlglot.errors import TokenError

    try:
        return tuple(_dialect().tokenize(text))
    except TokenError as error:
        raise syntax_error(text, len(text), "<EOF>") from error


def is_string(token: Token) -> bool:
    return token.token_type.name in _STRINGS


def is_word(token: Token) -> bool:
    """Whether it can be read as an identifier: a bare word, keyword or not, or a quoted name."""
    return token.token_type.name == "IDENTIFIER" or (not is_string(token) and bool(_WORD.fullmatch(token.text)))


def plain_text(token: Token) -> str:
    """A bare word's or symbol's text; empty for strings and quoted names."""
    return "" if is_string(token) or token.token_type.name == "IDENTIFIER" else str(token.text)


def identifier_of(token: Token) -> str:
    """The name that a word stands for: as written when quoted, else in upper case."""
    return str(token.text) if token.token_type.name == "IDENTIFIER" else str(token.text).upper()


# Leading words that may stand between a verb and its kind of object.
_MODIFIERS = frozenset(
    ("OR", "REPLACE", "ALTER", "TEMP", "TEMPORARY", "TRANSIENT", "VOLATILE", "LOCAL", "GLOBAL", "SCOPED", "SECURE")
) | {"RECURSIVE"}


@dataclass(frozen=True)
class Statement:
    """One statement: its text without the closing semicolon, and its tokens. `binds` are not yet put in when raw.
    `written` is the statement before that, where something was put in.
    """

    text: str
    tokens: tuple[Token, ...]
    binds: Binds = NONE
    written: "Statement | None" = None

    @classmethod
    def of(cls, text: str, binds: Binds = NONE) -> "Statement":
        tokens = tokenize(_without_paths(text))
        while tokens and tokens[-1].token_type.name == "SEMICOLON":
            tokens = tokens[:-1]
        end = tokens[-1].end + 1 if tokens else 0
        return cls(text[:end], tokens, binds)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The leading bare words in upper case; after CREATE, without OR REPLACE, OR ALTER, TEMPORARY and the like."""
        words: list[str] = []
        for token in self.tokens[:12]:
            word = plain_text(token).upper()
            if words[:1] == ["CREATE"] and len(words) == 1 and word in _MODIFIERS:
                continue
            if not word:
                break
            words.append(word)
        return tuple(words)

    def starts(self, *words: str) -> bool:
        return self.words[: len(words)] == words

    def slice(self, first: int, last: int | None = None) -> str:
        """The text from token `first` up to and including token `last` (the end when None)."""
        end = len(self.text) if last is None else self.tokens[last].end + 1
        return self.text[self.tokens[first].start : end]


def _without_paths(text: str) -> str:
    """PUT and GET with the client's bare path blanked: `file:///tmp/*` opens no comment."""
    if not _COPIES.match(text):
        return text
    return _CLIENT_PATH.sub(lambda path: "_" * len(path[0]), text)


def split_statements(text: str) -> list[str]:
    """The statements of `text`, without empty ones; a scripting block stays whole."""
    tokens = tokenize(text)
    words = [plain_text(token).upper() for token in tokens]
    pieces, start = [], 0
    open_: list[str] = []
    for index, word in enumerate(words):
        _nest(open_, words, index, start)
        if word == ";" and not open_:
            pieces.append((start, index))
            start = index + 1
    pieces.append((start, len(tokens)))
    return [text[tokens[first].start : tokens[end - 1].end + 1] for first, end in pieces if first < end]


_OPENERS = frozenset({"BEGIN", ";", "THEN", "ELSE", "DO", "LOOP", "REPEAT"})
_NO_BLOCK = frozenset({";", "TRANSACTION", "WORK", "NAME", ""})


def _nest(open_: list[str], words: Sequence[str], index: int, start: int) -> None:
    """What the word at `index` opens or closes of scripting, in the statement that starts at `start`. A DECLARE is open
    until its BEGIN, with which it is one block.
    """
    word, previous = words[index], words[index - 1] if index > start else ""
    following = words[index + 1] if index + 1 < len(words) else ""
    begins = word == "DECLARE" or (word == "BEGIN" and following not in _NO_BLOCK)
    if not open_:
        if begins and (index == start or previous == "AS"):
            open_.append(word)
    elif word == "END":
        open_.pop()
    elif previous == "END":
        return
    elif word == "BEGIN" and begins and open_[-1] == "DECLARE" and previous != "AS":
        open_[-1] = word
    elif (
        (begins and (previous == "AS" or previous in _OPENERS))
        or word == "CASE"
        or (word in {"IF", "FOR", "WHILE", "LOOP", "REPEAT"} and previous in _OPENERS)
    ):
        open_.append(word)


# Names


class QualifiedName(NamedTuple):
    """A name in full, as stored (unquoted)."""

    database: str
    schema: str
    name: str

    def __str__(self) -> str:
        return ".".join(map(quote_identifier, self))


def quote_identifier(part: str) -> str:
    """A stored name as SQL text: bare when that means the same, else in double quotes."""
    return part if _BARE.fullmatch(part) else '"' + part.replace('"', '""') + '"'


def quote_string(text: str) -> str:
    """`text` as one of Snowflake's string literals."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def parse_name(text: str) -> tuple[str, ...]:
    """A dotted name of one to three parts, as stored. `a..b` has an empty middle (the schema PUBLIC)."""
    parts, expect_part = [], True
    for token in tokenize(text):
        if token.text == "." and token.token_type.name == "DOT":
            if expect_part:
                parts.append("")
            expect_part = True
        elif expect_part and is_word(token):
            parts.append(identifier_of(token))
            expect_part = False
        else:
            raise compilation_error(f"Invalid identifier '{text}'", 1003)
    if expect_part or not parts or len(parts) > 3:
        raise compilation_error(f"Invalid identifier '{text}'", 1003)
    return tuple(parts)


def resolve(session: "Session", parts: Sequence[str]) -> QualifiedName:
    """Stored parts of a schema object's name -> the full name. Raises SqlError 90105 or 90106 without a context."""
    *before, name = parts
    schema = before[-1] or "PUBLIC" if before else session.schema
    database = before[0] if len(before) == 2 else session.database
    if not database:
        raise no_current("database")
    if not schema:
        raise no_current("schema")
    return QualifiedName(database, schema, name)
