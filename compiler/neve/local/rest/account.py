"""Warehouses and roles, which have no effect here, but are what clients begin with."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from neve.local.errors import not_exist
from neve.local.protocol.request import Reply
from neve.local.rest import containers
from neve.local.rest.call import Call, done
from neve.local.rest.containers import Handler, Kind
from neve.local.rest.statement import literal
from neve.local.sqltext import parse_name

if TYPE_CHECKING:
    from neve.local.session import Session

WAREHOUSE, ROLE = Kind("WAREHOUSE", ()), Kind("ROLE", ())


def _word(value: Any) -> str:
    return str(value).upper()


_SETTINGS: Mapping[str, Callable[[Any], str]] = {
    "warehouse_type": literal,
    "warehouse_size": literal,
    "auto_suspend": literal,
    "auto_resume": _word,
    "initially_suspended": _word,
    "min_cluster_count": literal,
    "max_cluster_count": literal,
    "scaling_policy": literal,
    "statement_timeout_in_seconds": literal,
    "comment": literal,
}
_IGNORED = {"name", "wait_for_completion", "type", "size"}
_NUMBERS = ("auto_suspend", "running", "queued", "started_clusters", "min_cluster_count", "max_cluster_count")
_TEXTS = ("state", "type", "size", "auto_resume", "comment", "owner", "scaling_policy", "owner_role_type")


def create(session: "Session", call: Call) -> Reply:
    settings = _settings(call)
    name = WAREHOUSE.target(call, parse_name(str(call.body.get("name", "")))[-1])
    return done(session, " ".join([call.verb.format("WAREHOUSE", name), *settings]))


def create_or_alter(session: "Session", call: Call) -> Reply:
    settings, name = _settings(call), WAREHOUSE.target(call, call.path["name"])
    if _row(session, call) is None:
        return done(session, " ".join(["CREATE WAREHOUSE", name, *settings]))
    known = [text for text in settings if not text.startswith("INITIALLY_SUSPENDED")]
    return done(session, f"ALTER WAREHOUSE {name} SET {' '.join(known)}") if known else Reply(200, {"status": ""})


def _settings(call: Call) -> list[str]:
    body = call.properties("warehouse", {*_SETTINGS, *_IGNORED})
    return [f"{name.upper()} = {write(body[name])}" for name, write in _SETTINGS.items() if body.get(name) is not None]


def listed(session: "Session", call: Call) -> Reply:
    return Reply(200, [_warehouse(row) for row in containers.rows(WAREHOUSE, session, call)])


def fetch(session: "Session", call: Call) -> Reply:
    row = _row(session, call)
    if row is None:
        raise not_exist("Warehouse", call.path["name"])
    return Reply(200, _warehouse(row))


def _row(session: "Session", call: Call) -> dict[str, Any] | None:
    found = containers.rows(WAREHOUSE, session, call)
    return next((row for row in found if row["name"] == call.path["name"]), None)


def act(words: str, session: "Session", call: Call) -> Reply:
    return done(session, words.format(WAREHOUSE.target(call, call.path["name"])))


def _warehouse(row: Mapping[str, Any]) -> dict[str, Any]:
    numbers = {name: int(row[name]) for name in _NUMBERS if row.get(name)}
    texts = {name: row.get(name) for name in _TEXTS}
    size = str(row["size"]).replace("-", "").upper()
    same = {"warehouse_type": row.get("type"), "warehouse_size": size, "size": size}
    return {**containers.model(row), **texts, **same, **numbers}


_ONE = f"{WAREHOUSE.path}/(?P<name>[^/:]+)"
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", WAREHOUSE.path, listed),
    ("POST", WAREHOUSE.path, create),
    ("GET", _ONE, fetch),
    ("PUT", _ONE, create_or_alter),
    ("DELETE", _ONE, partial(containers.drop, WAREHOUSE)),
    ("POST", f"{_ONE}:resume", partial(act, "ALTER WAREHOUSE {} RESUME IF SUSPENDED")),
    ("POST", f"{_ONE}:suspend", partial(act, "ALTER WAREHOUSE {} SUSPEND")),
    ("POST", f"{_ONE}:use", partial(act, "USE WAREHOUSE {}")),
    ("GET", ROLE.path, partial(containers.listed, ROLE)),
    ("POST", ROLE.path, partial(containers.create, ROLE)),
    ("DELETE", f"{ROLE.path}/(?P<name>[^/:]+)", partial(containers.drop, ROLE)),
)
