"""One HTTP request, and what is said to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """`token` is the session's (or master's), `password` what a login must give; names of headers are in lower case."""

    method: str
    path: str
    arguments: Mapping[str, str]
    body: bytes
    token: str
    password: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")

    def with_path(self, groups: Mapping[str, str]) -> "Request":
        return replace(self, arguments={**self.arguments, **groups})

    def json(self) -> dict[str, Any]:
        loaded = json.loads(self.body or b"{}")
        return loaded if isinstance(loaded, dict) else {}


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP status, and a body that becomes JSON unless it is bytes."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
