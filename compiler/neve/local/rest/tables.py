"""Tables: made from their columns or a query, fetched with their columns, listed, dropped."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from neve.local.errors import not_exist
from neve.local.protocol.request import Reply
from neve.local.rest import containers
from neve.local.rest.call import Call, bad_request, done
from neve.local.rest.containers import Handler, Kind
from neve.local.rest.statement import identifier, literal
from neve.local.sqltext import parse_name, quote_identifier

if TYPE_CHECKING:
    from neve.local.session import Session

TABLE = Kind("TABLE", ("database", "schema"))
_KNOWN = {"name", "kind", "columns", "constraints", "comment", "cluster_by", "data_retention_time_in_days"}
_COLUMN = {"name", "datatype", "nullable", "default", "comment", "autoincrement", "autoincrement_start",
           "autoincrement_increment", "constraints"}  # fmt: skip


def create(session: "Session", call: Call) -> Reply:
    """Raises SqlError for properties that tables do not have here."""
    body = call.properties("table", _KNOWN)
    parts = [_column(column) for column in body.get("columns") or ()]
    parts += [_constraint(one) for one in body.get("constraints") or ()]
    return done(session, f"{_head(call, body)} ({', '.join(parts)}){_tail(body)}")


def create_as(session: "Session", call: Call) -> Reply:
    body = call.properties("table", _KNOWN)
    return done(session, f"{_head(call, body)}{_tail(body)} AS {call.arguments.get('query', '')}")


def _head(call: Call, body: Mapping[str, Any]) -> str:
    lasting = str(body.get("kind") or "").upper()
    word = "TABLE" if lasting in {"", "PERMANENT", "TABLE"} else f"{lasting} TABLE"
    return call.verb.format(word, TABLE.target(call, parse_name(str(body.get("name", "")))[-1]))


def _tail(body: Mapping[str, Any]) -> str:
    keys = body.get("cluster_by")
    cluster = f" CLUSTER BY ({', '.join(keys)})" if keys else ""
    days = body.get("data_retention_time_in_days")
    kept = "" if days is None else f" DATA_RETENTION_TIME_IN_DAYS = {literal(days)}"
    return cluster + kept + (f" COMMENT = {literal(body['comment'])}" if body.get("comment") else "")


def _column(column: Mapping[str, Any]) -> str:
    if unknown := {key for key, value in column.items() if value not in (None, False, [])} - _COLUMN:
        raise bad_request(f"the local engine knows no property {', '.join(sorted(unknown))} of a column")
    return " ".join(_words(column))


def _words(column: Mapping[str, Any]) -> Iterator[str]:
    yield identifier(column.get("name"))
    yield str(column.get("datatype"))
    if column.get("nullable") is False:
        yield "NOT NULL"
    if column.get("autoincrement"):
        start, step = column.get("autoincrement_start") or 1, column.get("autoincrement_increment") or 1
        yield f"AUTOINCREMENT START {start} INCREMENT {step}"
    if column.get("default") is not None:
        yield f"DEFAULT {column['default']}"
    yield from (_type(one) for one in column.get("constraints") or ())
    if column.get("comment"):
        yield f"COMMENT {literal(column['comment'])}"


def _constraint(one: Mapping[str, Any]) -> str:
    columns = ", ".join(identifier(name) for name in one.get("column_names") or ())
    name = f"CONSTRAINT {identifier(one['name'])} " if one.get("name") else ""
    return f"{name}{_type(one)} ({columns})"


def _type(one: Mapping[str, Any]) -> str:
    kind = str(one.get("constraint_type", "")).upper()
    if kind not in {"PRIMARY KEY", "UNIQUE"}:
        raise bad_request(f"the local engine makes no constraint {kind} over the REST API")
    return kind


def listed(session: "Session", call: Call) -> Reply:
    return Reply(200, [_model(row) for row in containers.rows(TABLE, session, call)])


def fetch(session: "Session", call: Call) -> Reply:
    name = call.path["name"]
    row = next((row for row in containers.rows(TABLE, session, call) if row["name"] == name), None)
    if row is None:
        raise not_exist("Table", TABLE.target(call, name))
    columns = session.execute(f"DESCRIBE TABLE {TABLE.target(call, name)}").dicts()
    return Reply(200, {**_model(row), "columns": [_told(column) for column in columns]})


def _model(row: Mapping[str, Any]) -> dict[str, Any]:
    kind = "PERMANENT" if row["kind"] == "TABLE" else row["kind"]
    return {**containers.model(row), "kind": kind, "rows": row["rows"], "bytes": row["bytes"]}


def _told(column: Mapping[str, Any]) -> dict[str, Any]:
    told = {"default": column["default"], "comment": column["comment"] or None}
    shown = {"name": quote_identifier(column["name"]), "datatype": column["type"], "nullable": column["null?"] == "Y"}
    return {**shown, **{key: value for key, value in told.items() if value is not None}}


_ONE = f"{TABLE.path}/(?P<name>[^/:]+)"
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", TABLE.path, listed),
    ("POST", TABLE.path, create),
    ("POST", f"{TABLE.path}:as-select", create_as),
    ("POST", f"{_ONE}:as_select", create_as),
    ("GET", _ONE, fetch),
    ("DELETE", _ONE, partial(containers.drop, TABLE)),
)
