"""How a CREATE, ALTER or DROP starts."""

from dataclasses import dataclass

from neve.local.errors import compilation_error
from neve.local.reader import Reader


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
