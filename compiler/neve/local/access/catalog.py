"""What is recorded: named objects with their properties, and grants."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from neve.local.session import Session

SCHEMA = """
CREATE TABLE IF NOT EXISTS access_objects (
    kind TEXT NOT NULL, name TEXT NOT NULL, created_on TEXT NOT NULL, owner TEXT NOT NULL, properties TEXT NOT NULL,
    PRIMARY KEY (kind, name)
);
CREATE TABLE IF NOT EXISTS access_grants (
    privilege TEXT NOT NULL, granted_on TEXT NOT NULL, name TEXT NOT NULL, granted_to TEXT NOT NULL,
    grantee TEXT NOT NULL, grant_option INTEGER NOT NULL, granted_by TEXT NOT NULL, created_on TEXT NOT NULL,
    PRIMARY KEY (privilege, granted_on, name, granted_to, grantee)
);
"""
SYSTEM_ROLES = ("ACCOUNTADMIN", "ORGADMIN", "PUBLIC", "SECURITYADMIN", "SYSADMIN", "USERADMIN")


@dataclass(frozen=True, slots=True)
class Named:
    """A role, user, warehouse or tag; `properties` as the statements gave them."""

    kind: str
    name: str
    created_on: datetime | None
    owner: str
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Grant:
    """A privilege on an object, or membership in a role (privilege USAGE on ROLE)."""

    privilege: str
    granted_on: str
    name: str
    granted_to: str
    grantee: str
    grant_option: bool
    granted_by: str
    created_on: datetime


def named(session: "Session", kind: str) -> Iterator[Named]:
    """What there is of a kind, by name; roles with those of the system."""
    with session.engine.store.transaction() as db:
        rows = db.execute("SELECT * FROM access_objects WHERE kind = ? ORDER BY name", (kind,)).fetchall()
    if kind == "ROLE":
        yield from (Named("ROLE", name, None, "", {}) for name in SYSTEM_ROLES)
    if kind == "USER":
        yield Named("USER", session.user, None, "ACCOUNTADMIN", {})
    for row in rows:
        created = datetime.fromisoformat(row["created_on"])
        yield Named(kind, row["name"], created, row["owner"], json.loads(row["properties"]))


def find(session: "Session", kind: str, name: str) -> Named | None:
    return next((one for one in named(session, kind) if one.name == name), None)


def save(session: "Session", one: Named) -> None:
    created = (one.created_on or datetime.now(UTC)).isoformat()
    with session.engine.store.transaction() as db:
        db.execute(
            "INSERT OR REPLACE INTO access_objects VALUES (?, ?, ?, ?, ?)",
            (one.kind, one.name, created, one.owner, json.dumps(dict(one.properties))),
        )


def remove(session: "Session", kind: str, name: str) -> None:
    """The object, and the grants on it and to it."""
    with session.engine.store.transaction() as db:
        db.execute("DELETE FROM access_objects WHERE kind = ? AND name = ?", (kind, name))
        db.execute(
            "DELETE FROM access_grants WHERE (granted_on = ? AND name = ?) OR (granted_to = ? AND grantee = ?)",
            (kind, name, kind, name),
        )


def grants(session: "Session") -> list[Grant]:
    with session.engine.store.transaction() as db:
        rows = db.execute("SELECT * FROM access_grants ORDER BY granted_on, name, privilege, grantee").fetchall()
    return [
        Grant(privilege, granted_on, name, to, grantee, bool(option), by, datetime.fromisoformat(created))
        for privilege, granted_on, name, to, grantee, option, by, created in rows
    ]


def give(session: "Session", one: Grant) -> None:
    """A second grant of the same is the same."""
    with session.engine.store.transaction() as db:
        db.execute(
            "INSERT OR REPLACE INTO access_grants VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (one.privilege, one.granted_on, one.name, one.granted_to, one.grantee, one.grant_option, one.granted_by,
             one.created_on.isoformat()),
        )  # fmt: skip


def take(session: "Session", one: Grant) -> None:
    with session.engine.store.transaction() as db:
        db.execute(
            "DELETE FROM access_grants WHERE privilege = ? AND granted_on = ? AND name = ? AND granted_to = ? "
            "AND grantee = ?",
            (one.privilege, one.granted_on, one.name, one.granted_to, one.grantee),
        )
