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
             "granted_roles", "owner", "comment", "is_from_organization_user_group"),
    "USER": ("name", "created_on", "login_name", "display_name", "first_name", "last_name", "email", "mins_to_unlock",
             "days_to_expiry", "comment", "disabled", "must_change_password", "snowflake_lock", "default_warehouse",
             "default_namespace", "default_role", "default_secondary_roles", "ext_authn_duo", "ext_authn_uid",
             "mins_to_bypass_mfa", "owner", "last_success_login", "expires_at_time", "locked_until_time",
             "has_password", "has_rsa_public_key", "type", "has_mfa", "has_pat", "has_workload_identity",
             "is_from_organization_user"),
    "WAREHOUSE": ("name", "state", "type", "size", "min_cluster_count", "max_cluster_count", "started_clusters",
                  "running", "queued", "is_default", "is_current", "auto_suspend", "auto_resume", "available",
                  "provisioning", "quiescing", "other", "created_on", "resumed_on", "updated_on", "owner", "comment",
                  "enable_query_acceleration", "query_acceleration_max_scale_factor", "resource_monitor", "actives",
                  "pendings", "failed", "suspended", "uuid", "scaling_policy", "owner_role_type",
                  "resource_constraint", "generation", "query_throughput_multiplier",
                  "max_query_performance_level", "disabled_reasons", "tables"),
    "TAG": ("created_on", "name", "database_name", "schema_name", "owner", "comment", "allowed_values",
            "owner_role_type", "propagate", "on_conflict", "multi_value"),
}  # fmt: skip
_SYSTEM_COMMENTS = {
    "ACCOUNTADMIN": "Account administrator can manage all aspects of the account.",
    "ORGADMIN": "Organization administrator can manage organization and account lifecycle.",
    "PUBLIC": "Public role is automatically available to every user in the account.",
    "SECURITYADMIN": "Security administrator can manage security aspects of the account.",
    "SYSADMIN": "System administrator can create and manage databases and warehouses.",
    "USERADMIN": "User administrator can create and manage users and roles.",
}
_SIZES = {
    "XSMALL": "X-Small", "SMALL": "Small", "MEDIUM": "Medium", "LARGE": "Large", "XLARGE": "X-Large",
    **dict.fromkeys(("XXLARGE", "X2LARGE", "2XLARGE"), "2X-Large"),
    **dict.fromkeys(("XXXLARGE", "X3LARGE", "3XLARGE"), "3X-Large"),
    **{f"{name}LARGE": f"{n}X-Large" for n in (4, 5, 6) for name in (f"X{n}", f"{n}X")},
}  # fmt: skip


def show(kind: str, session: "Session", statement: Statement) -> Result:
    request = read(session, statement, f"{kind}S")
    rows = [_row(session, one) for one in catalog.named(session, kind)]
    return answer(request, _COLUMNS[kind], sorted(rows, key=lambda row: str(row["name"])), _COLUMNS[kind])


def _row(session: "Session", one: Named) -> dict[str, Any]:
    row: dict[str, Any] = {
        "created_on": one.created_on,
        "name": one.name,
        "owner": one.owner,
        "comment": one.properties.get("COMMENT", ""),
        "is_default": "N",
        "is_current": "Y" if one.name == {"ROLE": session.role, "WAREHOUSE": session.warehouse}.get(one.kind) else "N",
        "owner_role_type": "ROLE",
    }
    return row | _OF_KIND[one.kind](session, one)


def _warehouse(_session: "Session", one: Named) -> dict[str, Any]:
    told = one.properties
    suspended = told.get("STATE") == "SUSPENDED"
    size = told.get("WAREHOUSE_SIZE", "XSMALL").replace("-", "").upper()
    return {
        "state": "SUSPENDED" if suspended else "STARTED",
        "type": told.get("WAREHOUSE_TYPE", "STANDARD").upper(),
        "size": _SIZES.get(size, size),
        "min_cluster_count": int(told.get("MIN_CLUSTER_COUNT", "1")),
        "max_cluster_count": int(told.get("MAX_CLUSTER_COUNT", "1")),
        "started_clusters": 0 if suspended else 1,
        **dict.fromkeys(("running", "queued", "actives", "pendings", "failed"), 0),
        "suspended": int(suspended),
        "auto_suspend": int(told["AUTO_SUSPEND"]) if told.get("AUTO_SUSPEND", "").isdecimal() else _AUTO_SUSPEND,
        "auto_resume": told.get("AUTO_RESUME", "true").lower(),
        "available": "" if suspended else "100",
        **dict.fromkeys(("provisioning", "quiescing", "other"), "" if suspended else "0"),
        "resumed_on": one.created_on,
        "updated_on": one.created_on,
        "enable_query_acceleration": told.get("ENABLE_QUERY_ACCELERATION", "false").lower(),
        "query_acceleration_max_scale_factor": int(told.get("QUERY_ACCELERATION_MAX_SCALE_FACTOR", "8")),
        "resource_monitor": told.get("RESOURCE_MONITOR", "null"),
        "scaling_policy": told.get("SCALING_POLICY", "STANDARD").upper(),
        "resource_constraint": told.get("RESOURCE_CONSTRAINT", "STANDARD_GEN_2"),
        "generation": told.get("GENERATION", "2"),
    }


_AUTO_SUSPEND = 600


def _tag(_session: "Session", one: Named) -> dict[str, Any]:
    database, schema, name = parse_name(one.name)
    return {
        "name": name,
        "database_name": database,
        "schema_name": schema,
        "allowed_values": one.properties.get("ALLOWED_VALUES"),
        "propagate": one.properties.get("PROPAGATE", "NONE"),
        "multi_value": "false",
    }


def _user(_session: "Session", one: Named) -> dict[str, Any]:
    told = one.properties
    names = ("FIRST_NAME", "LAST_NAME", "EMAIL", "DEFAULT_WAREHOUSE", "DEFAULT_NAMESPACE", "DEFAULT_ROLE")
    flags = ("disabled", "must_change_password", "snowflake_lock", "ext_authn_duo", "has_password",
             "has_rsa_public_key", "has_mfa", "has_pat", "has_workload_identity")  # fmt: skip
    upper = {name: told[name].upper() for name in ("DEFAULT_WAREHOUSE", "DEFAULT_ROLE") if name in told}
    return {
        "login_name": told.get("LOGIN_NAME", one.name).upper(),
        "display_name": told.get("DISPLAY_NAME", one.name),
        **{name.lower(): upper.get(name, told.get(name, "")) for name in names},
        **{flag: told.get(flag.upper(), "false").lower() for flag in flags},
        "default_secondary_roles": '["ALL"]',
        "type": told.get("TYPE", "PERSON").upper(),
    }


def _role(session: "Session", one: Named) -> dict[str, Any]:
    held = [g for g in catalog.grants(session) if g.granted_on == "ROLE"]
    of_it = [grant.granted_to for grant in held if grant.name == one.name]
    return {
        "comment": _SYSTEM_COMMENTS.get(one.name, one.properties.get("COMMENT", "")),
        "is_inherited": "N",
        "assigned_to_users": of_it.count("USER"),
        "granted_to_roles": of_it.count("ROLE"),
        "granted_roles": sum((grant.granted_to, grant.grantee) == ("ROLE", one.name) for grant in held),
        "is_from_organization_user_group": "N",
    }


_OF_KIND = {"ROLE": _role, "USER": _user, "WAREHOUSE": _warehouse, "TAG": _tag}


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
