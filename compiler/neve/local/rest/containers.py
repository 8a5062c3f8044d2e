"""Databases, schemas and stages, as far as a client makes them for its tasks: create, fetch, list, drop."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from neve.local.errors import not_exist
from neve.local.protocol.request import Reply
from neve.local.rest.call import Call, done, show
from neve.local.rest.statement import literal
from neve.local.sqltext import parse_name, quote_identifier

if TYPE_CHECKING:
    from neve.local.session import Session

Handler = Callable[["Session", Call], Reply]


@dataclass(frozen=True, slots=True)
class Kind:
    """`word` is SQL's, `within` the parts of the path that hold it."""

    word: str
    within: tuple[str, ...]

    @property
    def path(self) -> str:
        """The pattern of the path of all of them."""
        return "/api/v2" + "".join(f"/{part}s/(?P<{part}>[^/]+)" for part in self.within) + f"/{self.word.lower()}s"

    def container(self, call: Call) -> str:
        return ".".join(quote_identifier(call.path[part]) for part in self.within)

    def target(self, call: Call, name: str) -> str:
        return ".".join(filter(None, (self.container(call), quote_identifier(name))))


KINDS = (Kind("DATABASE", ()), Kind("SCHEMA", ("database",)), Kind("STAGE", ("database", "schema")))


def create(kind: Kind, session: "Session", call: Call) -> Reply:
    """Raises SqlError for properties beside name, kind, comment and those of stages that have no effect here."""
    body = call.properties(kind.word.lower(), {"name", "kind", "comment", "directory_table", "encryption"})
    lasting = str(body.get("kind") or call.arguments.get("kind") or "").upper()
    word = kind.word if lasting in {"", "PERMANENT"} else f"{lasting} {kind.word}"
    name = kind.target(call, parse_name(str(body.get("name", "")))[-1])
    comment = f" COMMENT = {literal(body['comment'])}" if body.get("comment") else ""
    return done(session, call.verb.format(word, name) + comment)


def listed(kind: Kind, session: "Session", call: Call) -> Reply:
    return Reply(200, [model(row) for row in rows(kind, session, call)])


def fetch(kind: Kind, session: "Session", call: Call) -> Reply:
    name = call.path["name"]
    for row in rows(kind, session, call):
        if row["name"] == name:
            return Reply(200, model(row))
    raise not_exist(kind.word.capitalize(), kind.target(call, name))


def drop(kind: Kind, session: "Session", call: Call) -> Reply:
    return done(session, f"DROP {kind.word} {call.if_exists}{kind.target(call, call.path['name'])}")


def rows(kind: Kind, session: "Session", call: Call) -> list[dict[str, Any]]:
    scope = f"{kind.within[-1].upper()} {kind.container(call)}" if kind.within else ""
    return session.execute(show(f"{kind.word}S", scope, call)).dicts()


def model(row: Mapping[str, Any]) -> dict[str, Any]:
    texts = {key: row.get(key) or None for key in ("owner", "comment", "options", "owner_role_type")}
    flags = {key: row[key] == "Y" for key in ("is_default", "is_current") if key in row}
    names = {key: quote_identifier(row[key]) for key in ("name", "database_name", "schema_name") if key in row}
    return {**texts, **flags, **names, "created_on": row["created_on"] and row["created_on"].isoformat()}


ROUTES: tuple[tuple[str, str, Handler], ...] = tuple(
    (method, path, partial(run, kind))
    for kind in KINDS
    for method, path, run in (
        ("GET", kind.path, listed),
        ("POST", kind.path, create),
        ("GET", f"{kind.path}/(?P<name>[^/:]+)", fetch),
        ("DELETE", f"{kind.path}/(?P<name>[^/:]+)", drop),
    )
)
