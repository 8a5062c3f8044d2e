"""JSON as Snowflake takes it: names without quotes or in single ones, words in any case, nothing between commas."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from neve.local.jsontext import read, write
from neve.local.translate.natives.json_values import number_of

_SPACE = re.compile(r"\s*")
_STRING = re.compile(r'"((?:[^"\\\x00-\x1f]|\\.)*)"' + r"|'((?:[^'\\\x00-\x1f]|\\.)*)'")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])")
_NAME = re.compile(r"[^\W\d][\w$]*")
_KEYWORD = re.compile(r"-?[^\s,:\[\]{}\"']+")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_KEYWORDS: Mapping[str, Any] = {
    "true": True, "false": False, "null": None, "undefined": None,
    "nan": float("nan"), "infinity": float("inf"), "-infinity": float("-inf"),
}  # fmt: skip


class FaultError(ValueError):
    """What is no JSON; the message is Snowflake's."""


@dataclass(slots=True)
class _Scanner:
    """Reads on from `place`. A `repeated` key is an error unless it may be."""

    text: str
    repeated: bool = False
    place: int = field(default=0)

    def document(self) -> Any:
        value = self.value()
        if self.peek():
            raise self.fault("more than one document in the input")
        return value

    def value(self) -> Any:
        match self.peek():
            case "{":
                return self.object()
            case "[":
                return self.array()
            case '"' | "'":
                return self.string()
            case "":
                raise self.fault("incomplete document")
        return self.word()

    def object(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        self.place += 1
        while not self.takes("}"):
            if self.takes(","):
                continue
            key = self.key()
            if key in made and not self.repeated:
                raise self.fault(f'duplicate object attribute "{key}"')
            made[key] = self.value()
            if self.peek() != "}":
                self.comma("object")
        return made

    def key(self) -> str:
        if self.peek() in {'"', "'"}:
            key = self.string()
        elif bare := _NAME.match(self.text, self.place):
            self.place, key = bare.end(), bare[0]
        else:
            raise self.fault("expected a name" if self.peek() else "incomplete object value")
        if not self.takes(":"):
            raise self.fault("missing colon")
        return key

    def array(self) -> list[Any]:
        """What is missing before or behind a comma is an element too."""
        made: list[Any] = []
        self.place += 1
        if self.takes("]"):
            return made
        while True:
            made.append(None if self.peek() in {",", "]"} else self.value())
            if self.takes("]"):
                return made
            self.comma("array")

    def takes(self, character: str) -> bool:
        """Whether this comes next; reads on behind it."""
        found = self.peek() == character
        self.place += found
        return found

    def comma(self, kind: str) -> None:
        if not self.takes(","):
            raise self.fault("missing comma" if self.peek() else f"incomplete {kind} value")

    def string(self) -> str:
        found = _STRING.match(self.text, self.place)
        if found is None:
            self.place = len(self.text)
            raise self.fault("unfinished string")
        self.place = found.end()
        return _unescaped(found[1] if found[1] is not None else found[2])

    def word(self) -> Any:
        """A number or a keyword."""
        if number := _NUMBER.match(self.text, self.place):
            self.place = number.end()
            return number_of(number[0])
        found = _KEYWORD.match(self.text, self.place)
        if found is None:
            self.place += 1
            raise self.fault(f"misplaced {self.text[self.place - 1]}")
        self.place = found.end()
        if found[0].lower() not in _KEYWORDS:
            self.place += 1
            raise self.fault(f'unknown keyword "{found[0]}"')
        return _KEYWORDS[found[0].lower()]

    def peek(self) -> str:
        """The next character that is no space, empty at the end."""
        space = _SPACE.match(self.text, self.place)
        self.place = space.end() if space else self.place
        return self.text[self.place : self.place + 1]

    def fault(self, what: str) -> FaultError:
        return FaultError(f"{what}, pos {self.place}")


def documents(text: str, *, repeated: bool) -> Iterator[Any]:
    """The values of a text that follow each other. Raises FaultError."""
    scanner = _Scanner(text, repeated)
    while scanner.peek():
        yield scanner.value()


def _unescaped(text: str) -> str:
    """The text of a string; halves of a character that were written one by one are put together."""
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else _ESCAPED.get(found[2], found[2]), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def read_loosely(text: str, *, repeated: bool) -> str:
    """The text as strict JSON. Raises FaultError."""
    try:
        return write(_strictly(text, repeated=repeated))
    except RecursionError as error:
        raise FaultError("too deep nesting, pos 1") from error
    except ValueError:
        return write(_Scanner(text, repeated).document())


def _strictly(text: str, *, repeated: bool) -> Any:
    """By Python's own reader, which is fast. Raises ValueError for what is no strict JSON, and for a key twice."""
    return read(text, number_of, dict if repeated else _once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key twice")
    return made


def parsed(text: str, repeated: bool) -> str:  # noqa: FBT001 - PARSE_JSON's
    """PARSE_JSON. Raises ValueError, in the form of `faults`."""
    try:
        return read_loosely(text, repeated=repeated)
    except FaultError as error:
        raise ValueError(f"#100069 22P02 Error parsing JSON: {error}") from error


def tried(text: str, repeated: bool) -> str | None:  # noqa: FBT001 - TRY_PARSE_JSON's
    try:
        return read_loosely(text, repeated=repeated)
    except FaultError:
        return None


def checked(text: str) -> str | None:
    """CHECK_JSON: what is wrong."""
    try:
        read_loosely(text, repeated=False)
    except FaultError as error:
        return str(error)
    return None


FUNCTIONS = (
    ("sf_json_parsed", parsed, ["VARCHAR", "BOOLEAN"], "VARCHAR"),
    ("sf_json_tried", tried, ["VARCHAR", "BOOLEAN"], "VARCHAR"),
    ("sf_json_checked", checked, ["VARCHAR"], "VARCHAR"),
)
