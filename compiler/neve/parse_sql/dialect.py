"""sqlglot's Snowflake tokenizer and parser, with every offset counted from the start of the whole text."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import ErrorLevel, TokenType, exp
from sqlglot.dialects.snowflake import Snowflake
from sqlglot.errors import ParseError, TokenError

# sqlglot logs a warning when it gives up on a statement's details; the callers look at the tree instead.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

Token = Any
"""A token of sqlglot: `token_type`, `text`, `line`, `col`, `start` and `end`, the offset of its last character."""


class _Dialect(Snowflake):
    class Tokenizer(Snowflake.Tokenizer):
        COMMANDS = set()  # noqa: RUF012  sqlglot's own shape; CALL and EXECUTE IMMEDIATE get tokens like the rest


_DIALECT = _Dialect()
_TOKENIZER = _DIALECT.tokenizer()
_STRINGS = (TokenType.STRING, TokenType.RAW_STRING)
_QUOTED = (*_STRINGS, TokenType.IDENTIFIER, TokenType.HEREDOC_STRING, TokenType.NATIONAL_STRING)
# Whatever may hold a quote without meaning one, whole; else the mark that opens what is never closed.
_LEXED = re.compile(
    r"""--[^\n]*|//[^\n]*|/\*.*?\*/|'(?:[^'\\]|\\.|'')*'|"(?:[^"]|"")*"|\$\$.*?\$\$|(?P<open>/\*|'|"|\$\$)""", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Unreadable(Exception):  # noqa: N818  a value that is also raised, from the parser to its caller
    """Text that the tokenizer or the parser refused: what is wrong, and where."""

    message: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """The tokens of `text`, comments left out; raises Unreadable."""
    try:
        return _TOKENIZER.tokenize(text)
    except TokenError:
        raise _unclosed(text) from None
    except Exception as error:  # noqa: BLE001  whatever the tokenizer trips over is the text's fault
        raise Unreadable(f"This SQL cannot be read ({type(error).__name__})", 0, len(text)) from None


def parse(tokens: Sequence[Token], text: str) -> Any:
    """The tree of the one statement that `tokens` make up; raises Unreadable."""
    try:
        trees = _DIALECT.parser(error_level=ErrorLevel.IMMEDIATE).parse(list(tokens), text)
    except ParseError as error:
        raise _unexpected(error, tokens) from None
    except Exception as error:  # noqa: BLE001  sqlglot is known to fail in many ways on odd input
        name = type(error).__name__
        raise Unreadable(f"This statement cannot be parsed ({name})", tokens[0].start, tokens[-1].end + 1) from None
    return trees[0]


def given_up(tree: Any) -> bool:
    """Whether the parser knows the statement by its first word only."""
    return isinstance(tree, exp.Command)


def select_token() -> Token:
    """A SELECT to put before an expression, so that it parses as a statement."""
    return tokenize("select")[0]


def moved(token: Token, start: int, end: int) -> Token:
    """The token as if it stood at another place."""
    return type(token)(token.token_type, token.text, token.line, token.col, start, end)


def word(token: Token) -> str:
    """The token in upper case; for a quoted name or a string the empty text, which is no keyword."""
    return "" if token.token_type in _QUOTED else token.text.upper()


def is_string(token: Token) -> bool:
    return token.token_type in _STRINGS


def is_semicolon(token: Token) -> bool:
    return token.token_type is TokenType.SEMICOLON


def next_semicolon(tokens: Sequence[Token], at: int) -> int:
    """The index of the first semicolon from `at` on; behind the last token where there is none."""
    semicolon = TokenType.SEMICOLON
    for here in range(at, len(tokens)):
        if tokens[here].token_type is semicolon:
            return here
    return len(tokens)


def _unexpected(error: ParseError, tokens: Sequence[Token]) -> Unreadable:
    first: dict[str, Any] = error.errors[0] if error.errors else {}
    at = next((t for t in tokens if (t.line, t.col) == (first.get("line"), first.get("col"))), tokens[-1])
    what = str(first.get("description") or "").rstrip(".")
    found = f"`{at.text}`" if at.text else "the end"
    if what.startswith("Required keyword"):
        message = f"Something is missing before {found}"
    elif what.startswith("Expecting "):
        message = f"`{what.removeprefix('Expecting ')}` is expected at {found}"
    else:
        message = f"{found} is unexpected here"
    return Unreadable(message, at.start, at.end + 1)


def _unclosed(text: str) -> Unreadable:
    """The first quote or comment without an end."""
    for found in _LEXED.finditer(text):
        if found["open"]:
            return Unreadable(f"`{found['open']}` is never closed", found.start(), found.start() + len(found["open"]))
    return Unreadable("This SQL cannot be read", 0, len(text))
