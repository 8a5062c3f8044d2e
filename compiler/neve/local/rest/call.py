"""One request to the REST API: the names in its path, its parameters, its body."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from neve.local.errors import SqlError
from neve.local.protocol.request import Request
from neve.local.sqltext import QualifiedName, parse_name


def bad_request(message: str) -> SqlError:
    """What no statement can be made of."""
    return SqlError(1003, "42000", f"Bad request: {message}")


@dataclass(frozen=True, slots=True)
class Call:
    """`path` holds the names of the path as stored: database, schema, and that of an object when it names one."""

    path: Mapping[str, str]
    arguments: Mapping[str, str]
    body: Any

    @classmethod
    def of(cls, request: Request, groups: Mapping[str, str]) -> "Call":
        """Raises SqlError for a name that is no identifier and a body that is no JSON."""
        path = {key: _one(unquote(value)) for key, value in groups.items()}
        try:
            body = json.loads(request.body) if request.body else {}
        except ValueError as error:
            raise bad_request(f"the body is no JSON ({error})") from error
        return cls(path, request.arguments, body)

    @property
    def target(self) -> QualifiedName:
        """The full name of the object that the path names."""
        return self.beside((self.path["name"],))

    def beside(self, parts: tuple[str, ...]) -> QualifiedName:
        """A name of one to three parts, completed by the path's database and schema."""
        whole = (self.path["database"], self.path["schema"])
        return QualifiedName(*whole[: 3 - len(parts)], *parts)

    def flag(self, name: str) -> bool:
        return self.arguments.get(name, "").lower() == "true"

    def number(self, name: str) -> int | None:
        text = self.arguments.get(name)
        if text is not None and not text.isdecimal():
            raise bad_request(f"{name} is {text!r}, not a number")
        return None if text is None else int(text)


def _one(text: str) -> str:
    parts = parse_name(text)
    if len(parts) != 1:
        raise bad_request(f"{text!r} is not one identifier")
    return parts[0]
