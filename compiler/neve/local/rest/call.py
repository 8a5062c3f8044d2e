"""One request to the REST API: the names in its path, its parameters, its body; and what all kinds of objects share."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from neve.local.errors import SqlError
from neve.local.protocol.request import Reply, Request
from neve.local.sqltext import QualifiedName, parse_name, quote_string

if TYPE_CHECKING:
    from neve.local.session import Session

_CREATE = {
    "errorIfExists": "CREATE {} {}",
    "orReplace": "CREATE OR REPLACE {} {}",
    "ifNotExists": "CREATE {} IF NOT EXISTS {}",
}


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

    def properties(self, kind: str, known: Collection[str]) -> Mapping[str, Any]:
        """The body, an object that sets these properties and no others; null and false set nothing."""
        if not isinstance(self.body, dict):
            raise bad_request(f"the body is not a {kind}")
        if unknown := sorted({key for key, value in self.body.items() if value not in (None, False)} - set(known)):
            raise bad_request(f"the local engine knows no property {', '.join(unknown)} of a {kind}")
        return self.body

    @property
    def verb(self) -> str:
        """The head of a CREATE statement by the parameter createMode, to be formatted with kind and name."""
        mode = self.arguments.get("createMode", "errorIfExists")
        if mode not in _CREATE:
            raise bad_request(f"createMode is {mode!r}, not one of {', '.join(_CREATE)}")
        return _CREATE[mode]

    @property
    def if_exists(self) -> str:
        return "IF EXISTS " if self.flag("ifExists") else ""

    def flag(self, name: str) -> bool:
        return self.arguments.get(name, "").lower() == "true"

    def number(self, name: str) -> int | None:
        text = self.arguments.get(name)
        if text is not None and not text.isdecimal():
            raise bad_request(f"{name} is {text!r}, not a number")
        return None if text is None else int(text)


def show(what: str, scope: str, call: Call) -> str:
    """The SHOW statement of a list, with the parameters like, startsWith, rootOnly, showLimit and fromName."""
    sql = [f"SHOW {what}", *_clause(call, "LIKE", "like"), *([f"IN {scope}"] if scope else [])]
    sql += [*_clause(call, "STARTS WITH", "startsWith"), *(["ROOT ONLY"] if call.flag("rootOnly") else [])]
    if "showLimit" in call.arguments or "fromName" in call.arguments:
        limit = call.number("showLimit")
        sql += [f"LIMIT {10_000 if limit is None else limit}", *_clause(call, "FROM", "fromName")]
    return " ".join(sql)


def _clause(call: Call, words: str, parameter: str) -> list[str]:
    text = call.arguments.get(parameter)
    return [] if text is None else [f"{words} {quote_string(text)}"]


def done(session: "Session", sql: str) -> Reply:
    """The status that a statement answers with."""
    return Reply(200, {"status": session.execute(sql).rows[0][0]})


def _one(text: str) -> str:
    parts = parse_name(text)
    if len(parts) != 1:
        raise bad_request(f"{text!r} is not one identifier")
    return parts[0]
