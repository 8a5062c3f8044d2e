"""What CREATE, ALTER, DROP and EXECUTE TASK say, as values (fact sheet 1.1, 2.1, 2.3, 2.4).

Names stay as they were written (one to three parts): who reads a statement resolves them against a session.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from neve.local.tasks.options import Setting
from neve.local.tasks.reading import Name

Pairs = Mapping[str, str]


class Mode(Enum):
    """What CREATE does when the task is there already."""

    NEW = "NEW"
    REPLACE = "OR REPLACE"
    ALTER = "OR ALTER"
    KEEP = "IF NOT EXISTS"


@dataclass(frozen=True, slots=True)
class Create:
    name: Name
    mode: Mode
    settings: tuple[Setting, ...]
    tags: Pairs
    contacts: Pairs
    finalize: Name | None
    after: tuple[Name, ...]
    execute_as: str | None
    when: str | None
    body: str


@dataclass(frozen=True, slots=True)
class Clone:
    name: Name
    mode: Mode
    source: Name


@dataclass(frozen=True, slots=True)
class Resume:
    pass


@dataclass(frozen=True, slots=True)
class Suspend:
    pass


@dataclass(frozen=True, slots=True)
class AddAfter:
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class RemoveAfter:
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Set:
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Unset:
    names: tuple[str, ...]
    """As they are spelled."""


@dataclass(frozen=True, slots=True)
class SetTags:
    tags: Pairs


@dataclass(frozen=True, slots=True)
class UnsetTags:
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetContacts:
    contacts: Pairs


@dataclass(frozen=True, slots=True)
class UnsetContacts:
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetExecuteAs:
    user: str | None
    """None: UNSET."""


@dataclass(frozen=True, slots=True)
class SetFinalize:
    root: Name | None
    """None: UNSET."""


@dataclass(frozen=True, slots=True)
class SetBody:
    body: str


@dataclass(frozen=True, slots=True)
class SetWhen:
    condition: str | None
    """None: REMOVE WHEN."""


Action = (
    Resume
    | Suspend
    | AddAfter
    | RemoveAfter
    | Set
    | Unset
    | SetTags
    | UnsetTags
    | SetContacts
    | UnsetContacts
    | SetExecuteAs
    | SetFinalize
    | SetBody
    | SetWhen
)


@dataclass(frozen=True, slots=True)
class Alter:
    name: Name
    if_exists: bool
    action: Action


@dataclass(frozen=True, slots=True)
class Drop:
    name: Name
    if_exists: bool


@dataclass(frozen=True, slots=True)
class Run:
    """EXECUTE TASK, with the config that overrides the root's."""

    name: Name
    config: str | None
    wait: bool


@dataclass(frozen=True, slots=True)
class Retry:
    """EXECUTE TASK … RETRY: the last run, or the one of a group."""

    name: Name
    group: str | None
