"""What an apply would do: the script's statements that are needed, and the drops of what left the project.

Pure: a script and what is live in, a plan out; `apply` sends exactly its steps. The order is the script's: roots are
suspended first and resumed last (fact sheet 9). Tasks that left are dropped right after the roots stand still, since
no member of a started graph can be dropped (fact sheet 2.3); everything else that left is dropped at the end.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from neve.deploy.compare import SENT, Action, Change, Comparison, compare
from neve.deploy.narrow import Part, narrowed
from neve.deploy.note import Note
from neve.deploy.objects import DEFINED, Key, Live, LiveObject, digest, key_of
from neve.ir import Project, Script, ScriptStatement
from neve.names import parse_name, qualified

_PREPARATION = {"context", "database", "schema", "stage"}


@dataclass(frozen=True, slots=True)
class Step:
    """One statement to send, the object it is about, and the user's file behind it ("" for what left the project)."""

    sql: str
    kind: str
    object: str
    path: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes for people, the steps for the connection, and the root tasks that stand still meanwhile.

    `seen` tells one state of the account from another, as far as it matters here; `resumes`: the tasks that will run
    again at the end; `stays`: those that somebody suspended, and that stay so; `note`: what the history noted; `part`:
    to what the plan is limited; `settles`: whether no procedure or view will be left that somebody has replaced.
    """

    project: Project
    script: Script
    steps: tuple[Step, ...]
    changes: tuple[Change, ...]
    stopped: tuple[str, ...]
    resumes: tuple[str, ...]
    stays: tuple[str, ...]
    seen: str
    note: Note
    part: Part | None = None
    settles: bool = True

    @property
    def target(self) -> str:
        return self.project.target.name

    @property
    def conflicts(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.action == "conflict")

    def count(self, action: Action) -> int:
        return sum(change.action == action for change in self.changes)


def make_plan(script: Script, live: Live, project: Project, *, full: bool = False, part: Part | None = None) -> Plan:
    """The plan that brings `live` to what `script` says, or only a part of it.

    With `full` every statement is sent, whether it is needed or not.
    """
    whole = compare(script, live, project)
    found = whole if part is None else narrowed(whole, part)
    steps = tuple(_steps(found, full=full))
    if all(step.kind == "context" for step in steps):
        steps = ()
    return Plan(
        project=project,
        script=script,
        steps=steps,
        changes=tuple(found.told()),
        stopped=tuple(sorted({step.object for step in steps if step.kind == "suspend"})),
        resumes=tuple(step.object for step in steps if step.kind == "resume"),
        stays=tuple(sorted(qualified(*key.parts) for key in found.stays)),
        seen=digest(live, set(whole.changes), project),
        note=live.note,
        part=part,
        settles=not any(
            live.is_replaced(live.objects[key])
            for key in whole.changes.keys() - found.changes.keys()
            if key in live.objects
        ),
    )


def _steps(found: Comparison, *, full: bool) -> Iterator[Step]:
    touched = frozenset(_touched(found))
    script = [s for s in found.script.statements if full or _needed(s, found, touched)]
    yield from (_step(s) for s in script if s.kind in _PREPARATION)
    yield from _suspends(found, [s for s in script if s.kind == "suspend"])
    yield from (_drop(o) for o in found.leaving if o.kind == "task")
    for statement in script:
        if statement.kind in DEFINED:
            yield from _make_room(key_of(statement), statement, found.live)
        if statement.kind not in {*_PREPARATION, "suspend"}:
            yield _step(statement)
    yield from (_drop(o) for o in found.leaving if o.kind != "task")


def _make_room(key: Key, statement: ScriptStatement, live: Live) -> Iterator[Step]:
    """The drop of what has the name and is of another kind: no CREATE OR REPLACE makes a view of a dynamic table."""
    there = live.objects.get(key)
    if there is not None and there.kind != statement.kind:
        yield _drop(there)


def _touched(found: Comparison) -> Iterator[str | None]:
    """The graphs that must stand still: those of which a member changes, is resumed, or leaves; before and after."""
    for key, change in found.changes.items():
        root_only = key in found.roots and change.action in {"resume", "suspend"}
        if change.kind == "task" and change.action not in {"untouched", "conflict"} and not root_only:
            yield found.graphs[key]
    for root in _live_roots(found):
        if root.key in found.graphs:
            yield found.graphs[root.key]


def _live_roots(found: Comparison) -> list[LiveObject]:
    """The roots above the tasks that change or leave, as things are now."""
    changed = [found.live.objects.get(key) for key, change in found.changes.items() if change.action in SENT]
    tasks = [o for o in (*changed, *found.leaving) if o is not None and o.kind == "task"]
    roots = {found.live.root(o): None for o in tasks}
    return [found.live.objects[key] for key in roots]


def _suspends(found: Comparison, statements: list[ScriptStatement]) -> Iterator[Step]:
    """What must stand still: first what is a root now, since nothing below a started root can be suspended."""
    named = {key_of(statement): _step(statement) for statement in statements}
    for root in _live_roots(found):
        if root.state == "started" and root.key not in named:
            named[root.key] = Step(f"ALTER TASK IF EXISTS {root.name} SUSPEND", "suspend", root.name, "")
    yield from (step for key, step in named.items() if _is_root(found.live, key))
    yield from (step for key, step in named.items() if not _is_root(found.live, key))


def _is_root(live: Live, key: Key) -> bool:
    return key in live.objects and live.root(live.objects[key]) == key


def _needed(statement: ScriptStatement, found: Comparison, touched: frozenset[str | None]) -> bool:
    if statement.kind == "context":
        return True
    if statement.kind in _PREPARATION:
        return not _exists(statement, found.live)
    key = key_of(statement)
    if statement.kind == "empty_table":
        return key not in found.live.objects
    change = found.changes.get(key)
    action = change.action if change else "create"
    if statement.kind == "suspend":
        return key in found.live.objects and (statement.graph in touched or action == "suspend")
    if statement.kind == "resume":
        again = key in found.roots and found.graphs.get(key) in touched
        return key not in found.stays and (again or action == "resume" or action in SENT)
    return action in SENT


def _exists(statement: ScriptStatement, live: Live) -> bool:
    parts = parse_name(statement.object) or ()
    return any(schema[: len(parts)] == parts for schema in live.schemas)


def _step(statement: ScriptStatement) -> Step:
    return Step(statement.sql, statement.kind, statement.object, statement.path)


def _drop(found: LiveObject) -> Step:
    what = found.kind.replace("_", " ").upper()
    arguments = "()" if found.kind == "procedure" else ""
    return Step(f"DROP {what} IF EXISTS {qualified(*found.key.parts)}{arguments}", "drop", found.name, "")
