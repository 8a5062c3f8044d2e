"""SHOW ROLES, USERS, WAREHOUSES, TAGS; DESCRIBE WAREHOUSE."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from neve.local.access import catalog
from neve.local.access.catalog import Named
from neve.local.errors import not_exist
from neve.local.reader import Reader
from neve.local.result import Column, Result, from_rows
from neve.local.show.request import answer, read
from neve.local.sqltext import Statement, parse_name
from neve.local.types import TIMESTAMP_LTZ

if TYPE_CHECKING:
    from neve.local.session import Session

_COLUMNS: dict[str, Sequence[str]] = {
    "ROLE": ("created_on", "name", "is_default", "is_current", "is_inherited", "assigned_to_users", "granted_to_roles",
             "granted_roles", "owner", "comment"),
    "USER": ("name", "created_on", "login_name", "display_name", "email", "comment", "disabled", "default_warehouse",
             "default_namespace", "default_role", "owner"),
    "WAREHOUSE": ("name", "state", "type", "size", "running", "queued", "is_default", "is_current", "auto_suspend",
                  "auto_resume", "created_on", "owner", "comment"),
    "TAG": ("created_on", "name", "database_name", "schema_name", "owner", "comment", "allowed_values"),
}  # fmt: skip


def show(kind: str, session: "Session", statement: Statement) -> Result:
    request = read(session, statement, f"{kind}S")
    return answer(request, _COLUMNS[kind], [_row(session, one) for one in catalog.named(session, kind)])


def _row(session: "Session", one: Named) -> dict[str, Any]:
    told = one.properties
    row: dict[str, Any] = {
        "created_on": one.created_on,
        "name": one.name,
        "owner": one.owner,
        "comment": told.get("COMMENT", ""),
        "is_default": "N",
        "is_current": "Y" if one.name == {"ROLE": session.role, "WAREHOUSE": session.warehouse}.get(one.kind) else "N",
    }
    if one.kind == "WAREHOUSE":
        size = told.get("WAREHOUSE_SIZE", "XSMALL").replace("-", "").upper()
        state = "SUSPENDED" if told.get("INITIALLY_SUSPENDED", "").upper() == "TRUE" else "STARTED"
        row |= {"state": state, "type": told.get("WAREHOUSE_TYPE", "STANDARD"), "size": size, "running": "0"}
        row |= {"queued": "0", "auto_suspend": told.get("AUTO_SUSPEND", "600")}
        row |= {"auto_resume": told.get("AUTO_RESUME", "true").lower()}
    elif one.kind == "TAG":
        database, schema, name = parse_name(one.name)
        row |= {"name": name, "database_name": database, "schema_name": schema}
        row |= {"allowed_values": told.get("ALLOWED_VALUES")}
    elif one.kind == "USER":
        row |= {"login_name": told.get("LOGIN_NAME", one.name), "display_name": told.get("DISPLAY_NAME", one.name)}
        row |= {key.lower(): told.get(key, "") for key in ("EMAIL", "DEFAULT_WAREHOUSE", "DEFAULT_ROLE")}
        row |= {"disabled": told.get("DISABLED", "false").lower()}
    return row


def describe_warehouse(session: "Session", statement: Statement) -> Result:
    reader = Reader.over(statement)
    reader.token()
    reader.expect("WAREHOUSE")
    name = reader.dotted()[-1]
    known = catalog.find(session, "WAREHOUSE", name)
    if known is None:
        raise not_exist("Warehouse", name)
    columns = [Column("created_on", TIMESTAMP_LTZ), Column("name"), Column("kind")]
    return from_rows(columns, [(known.created_on, name, "WAREHOUSE")])


ROUTES = (
    *((("SHOW", f"{kind}S"), partial(show, kind)) for kind in _COLUMNS),
    *(((verb, "WAREHOUSE"), describe_warehouse) for verb in ("DESCRIBE", "DESC")),
)
