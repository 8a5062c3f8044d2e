"""The objects of an account in our own terms: what tells them apart, whose they are, what a plan rests on.

An object is ours when its COMMENT ends in our mark, `[neve:<project>/<target>:<fingerprint>]`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from neve.deploy.clock import utc
from neve.deploy.connect import Row
from neve.deploy.definition import MARK
from neve.deploy.note import NOTHING_NOTED, Note
from neve.ir import Project, ScriptStatement
from neve.names import parse_name, qualified

DEFINED = {"task", "procedure", "view", "dynamic_table"}
"""The kinds of statements that define an object of their own, and mark it."""
TABLES = {"view", "dynamic_table", "empty_table"}
"""The kinds of statements that make a table or a view, under one of whose names only one of these can be."""


class Key(NamedTuple):
    """What tells objects apart: tables and views share their names, procedures and tasks have their own."""

    space: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What our mark in a COMMENT says."""

    project: str
    target: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class LiveObject:
    """One deployed object. Of a task: its state, the names of what it follows (or finalizes), whom it finalizes."""

    key: Key
    kind: str
    mark: Mark | None
    state: str | None = None
    follows: tuple[tuple[str, ...], ...] = ()
    finalizes: tuple[str, ...] | None = None
    row: Row = field(default_factory=dict)

    @property
    def name(self) -> str:
        return qualified(*self.key.parts)

    @property
    def suspended_by_hand(self) -> bool:
        """Whether somebody suspended it, and not Snowflake itself or CREATE OR ALTER (fact sheet 2.5)."""
        return self.state == "suspended" and self.row.get("last_suspended_reason") == "USER_SUSPENDED"


@dataclass(frozen=True, slots=True)
class Past:
    """What the history tells of suspended tasks: those that an unfinished apply was to resume, with the time when it
    broke off (None: it was killed), and those that the last apply found suspended by somebody and left so.
    """

    left: Mapping[str, datetime | None]
    stays: frozenset[str]


@dataclass(frozen=True, slots=True)
class Live:
    """All that SHOW gave in the schemas asked for, those of these schemas that exist, and what the history notes.

    `past` is what it tells, where that was asked for.
    """

    objects: Mapping[Key, LiveObject]
    schemas: frozenset[tuple[str, ...]]
    note: Note = NOTHING_NOTED
    past: Past | None = None

    def is_replaced(self, found: LiveObject) -> bool:
        """Whether a procedure or view is newer than the last finished apply: one with our mark, as a copy of the script
        makes it, shows nothing else of what it holds now.
        """
        made, whole = utc(found.row.get("created_on")), self.note.whole
        return found.kind in {"procedure", "view"} and made is not None and whole is not None and made > whole

    def root(self, found: LiveObject) -> Key:
        """The root of a task's graph, as far as what it follows is there."""
        seen = {found.key}
        while found.follows:
            above = self.objects.get(Key("task", found.follows[0]))
            if above is None or above.key in seen:
                break
            seen.add(above.key)
            found = above
        return found.key


def key_of(statement: ScriptStatement) -> Key:
    """The key of the object that a statement of the script is about."""
    name = statement.object.split("(", 1)[0] if statement.kind == "procedure" else statement.object
    return Key(_space(statement.kind), parts_of(name))


@lru_cache(maxsize=20_000)
def parts_of(name: str) -> tuple[str, ...]:
    """The stored parts of a full name. ValueError for a text that is none."""
    parts = parse_name(name)
    if parts is None:
        raise ValueError(f"no name: {name}")
    return parts


def _space(kind: str) -> str:
    if kind in TABLES:
        return "table"
    return "procedure" if kind == "procedure" else "task"


def mark_of(comment: str | None) -> Mark | None:
    """The mark at the end of a COMMENT, if there is one."""
    found = MARK.search(comment or "")
    return Mark(**found.groupdict()) if found else None


_UNSTEADY = {"rows", "bytes", "budget"}


def digest(live: Live, defined: Collection[Key], project: Project) -> str:
    """A short text that changes with anything that a plan for these objects rests on.

    That is every column that SHOW gives of them, of what else carries the project's mark, and of tasks below these.
    """
    import hashlib

    ours = {key for key, found in live.objects.items() if key in defined or is_ours(found, project)}
    ours |= {key for key, found in live.objects.items() if live.root(found) in ours}
    told = [
        f"{key} {sorted((name, str(value)) for name, value in live.objects[key].row.items() if name not in _UNSTEADY)}"
        for key in sorted(ours)
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def is_ours(found: LiveObject, project: Project) -> bool:
    """Whether an object carries the mark of this project and target."""
    mark = found.mark
    return mark is not None and (mark.project, mark.target) == (project.name, project.target.name)
