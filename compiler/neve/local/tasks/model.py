"""A task as the catalog keeps it, and as a graph version freezes it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from neve.local.sqltext import quote_identifier
from neve.local.tasks.options import DEFAULTS, Settings

TIMES = ("created_on", "base", "last_committed_on", "last_suspended_on")


@dataclass(frozen=True, slots=True)
class Task:
    """Predecessors and the finalized root are simple names: a graph lives in one schema."""

    id: str
    database: str
    schema: str
    name: str
    owner: str
    created_by: str
    created_on: datetime
    definition: str
    condition: str | None = None
    predecessors: tuple[str, ...] = ()
    finalizes: str | None = None
    execute_as: str | None = None
    settings: Settings = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    contacts: Mapping[str, str] = field(default_factory=dict)
    is_started: bool = False
    base: datetime | None = None
    """What an interval schedule is counted from: the instant of RESUME."""
    last_committed_on: datetime | None = None
    last_suspended_on: datetime | None = None
    suspended_reason: str | None = None
    revision: int = 0
    """Of a root: how often its graph was changed."""

    @property
    def is_root(self) -> bool:
        return not self.predecessors and self.finalizes is None

    @property
    def full_name(self) -> str:
        return self.beside(self.name)

    def beside(self, name: str) -> str:
        """The full name of a task of the same schema."""
        return ".".join(map(quote_identifier, (self.database, self.schema, name)))

    def number(self, option: str) -> int:
        return int(self.settings.get(option) or DEFAULTS[option])


def suspended(task: Task, reason: str, now: datetime) -> Task:
    return replace(task, is_started=False, base=None, last_suspended_on=now, suspended_reason=reason)


def to_json(tasks: Iterable[Task]) -> str:
    return json.dumps([asdict(task) for task in tasks], default=datetime.isoformat, ensure_ascii=False)


def from_json(text: str) -> tuple[Task, ...]:
    return tuple(map(_task, json.loads(text)))


def _task(fields: dict[str, Any]) -> Task:
    times = {name: datetime.fromisoformat(fields[name]) for name in TIMES if fields[name]}
    return Task(**{**fields, **times, "predecessors": tuple(fields["predecessors"])})
