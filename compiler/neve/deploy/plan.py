"""What an apply would do: the script's statements that are needed, and the drops of what left the project.

Pure: a script and what is live in, a plan out. `apply` sends exactly its steps. The order is the script's: roots are
suspended first and resumed last (fact sheet 9). Tasks that left are dropped right after the roots stand still, since
no member of a started graph can be dropped (fact sheet 2.3); everything else that left is dropped at the end.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Literal

from neve.deploy.live import DEFINED, Key, Live, LiveObject, key_of
from neve.ir import Project, Script, ScriptStatement
from neve.names import parse_name, qualified

Action = Literal["create", "alter", "replace", "drop", "resume", "suspend", "untouched", "conflict"]

_PREPARATION = {"context", "database", "schema", "stage", "suspend"}


@dataclass(frozen=True, slots=True)
class Step:
    """One statement to send, the object it is about, and the user's file behind it ("" for what left the project)."""

    sql: str
    kind: str
    object: str
    path: str


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one object, and why."""

    action: Action
    kind: str
    object: str
    path: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes for people, the steps for the connection, and the root tasks that stand still meanwhile."""

    project: str
    target: str
    steps: tuple[Step, ...]
    changes: tuple[Change, ...]
    stopped: tuple[str, ...]

    @property
    def conflicts(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.action == "conflict")

    def count(self, action: Action) -> int:
        return sum(change.action == action for change in self.changes)


def make_plan(script: Script, live: Live, project: Project, *, full: bool = False) -> Plan:
    """The plan that brings `live` to what `script` says. With `full` every statement of the script is sent."""
    return _Planner(script, live, project, full=full).plan()


class _Planner:
    """What several steps of the planning ask about: which objects are defined, live, changed, and in which graph."""

    def __init__(self, script: Script, live: Live, project: Project, *, full: bool) -> None:
        self.script, self.live, self.project, self.full = script, live, project, full
        self.defined = {key_of(s): s for s in script.statements if s.kind in DEFINED}
        self.resumed = {key_of(s) for s in script.statements if s.kind == "resume"}
        self.roots = {key_of(s) for s in script.statements if s.kind == "suspend"}
        self.graphs = {key_of(s): s.graph for s in script.statements if s.kind == "task"}
        self.root_of = {self.graphs.get(root): root for root in self.roots}
        self.leaving = tuple(_children_first([o for o in live.objects.values() if self._left(o)]))
        self.changes = {key: self._change(key, statement) for key, statement in self.defined.items()}
        self.touched = frozenset(self._touched())

    def plan(self) -> Plan:
        script = [s for s in self.script.statements if self.full or self._needed(s)]
        drops = [o for o in self.leaving if o.kind == "task"]
        before = [_step(s) for s in script if s.kind in _PREPARATION]
        stops = [Step(f"ALTER TASK IF EXISTS {r.name} SUSPEND", "suspend", r.name, "") for r in self._leaving_roots()]
        after = [_step(s) for s in script if s.kind not in _PREPARATION]
        others = [o for o in self.leaving if o.kind != "task"]
        steps = (*before, *stops, *map(_drop, drops), *after, *map(_drop, others))
        if all(step.kind == "context" for step in steps):
            steps = ()
        stopped = sorted({step.object for step in steps if step.kind == "suspend"})
        return Plan(self.project.name, self.project.target.name, steps, tuple(self._told()), tuple(stopped))

    def _left(self, found: LiveObject) -> bool:
        return self._ours(found) and found.key not in self.defined

    def _ours(self, found: LiveObject) -> bool:
        mark = found.mark
        return mark is not None and (mark.project, mark.target) == (self.project.name, self.project.target.name)

    def _change(self, key: Key, statement: ScriptStatement) -> Change:
        found = self.live.objects.get(key)
        action, why = self._action(key, statement, found)
        return Change(action, statement.kind, qualified(*key.parts), statement.path, why)

    def _action(self, key: Key, statement: ScriptStatement, found: LiveObject | None) -> tuple[Action, str]:
        if found is None:
            return "create", "new"
        if not self._ours(found):
            return "conflict", "exists and does not carry this project's mark"
        change: Action = "alter" if statement.kind == "task" else "replace"
        if found.kind != statement.kind:
            return "replace", f"was a {found.kind.replace('_', ' ')}"
        if found.mark and found.mark.fingerprint != statement.fingerprint:
            return change, "edited"
        return self._state_action(key, found.state)

    def _state_action(self, key: Key, state: str | None) -> tuple[Action, str]:
        """What the state of an unedited task asks for. CREATE OR ALTER is what suspends a child again."""
        if state == "started" and key not in self.resumed:
            return "suspend" if key in self.roots else "alter", "was resumed by hand"
        if state == "suspended" and key in self.resumed:
            return "resume", "is suspended"
        return "untouched", ""

    def _touched(self) -> Iterator[str | None]:
        """The graphs that must stand still: those of which a member changes, is resumed, or leaves."""
        for key, change in self.changes.items():
            root_only = key in self.roots and change.action in {"resume", "suspend"}
            if change.kind == "task" and change.action not in {"untouched", "conflict"} and not root_only:
                yield self.graphs[key]
        for found in self.leaving:
            root = self._live_root(found)
            if found.kind == "task" and root in self.graphs:
                yield self.graphs[root]

    def _live_root(self, found: LiveObject) -> Key:
        """The root of a live task's graph, as far as its predecessors can be followed."""
        seen = {found.key}
        while found.follows:
            above = self.live.objects.get(Key("task", found.follows[0]))
            if above is None or above.key in seen:
                break
            seen.add(above.key)
            found = above
        return found.key

    def _leaving_roots(self) -> list[LiveObject]:
        return [o for o in self.leaving if o.kind == "task" and not o.follows and o.state == "started"]

    def _needed(self, statement: ScriptStatement) -> bool:
        kind = statement.kind
        if kind == "context":
            return True
        if kind in {"database", "schema", "stage"}:
            return not self._exists(statement)
        key = key_of(statement)
        change = self.changes.get(key)
        action = change.action if change else "create"
        if kind == "suspend":
            live = self.live.objects.get(key)
            return live is not None and (statement.graph in self.touched or action == "suspend")
        if kind == "resume":
            root = key in self.roots and self.graphs.get(key) in self.touched
            return root or action in {"create", "alter", "replace", "resume"}
        return action in {"create", "alter", "replace"}

    def _exists(self, statement: ScriptStatement) -> bool:
        parts = parse_name(statement.object) or ()
        return any(schema[: len(parts)] == parts for schema in self.live.schemas)

    def _told(self) -> Iterator[Change]:
        yield from self.changes.values()
        for found in self.leaving:
            yield Change("drop", found.kind, found.name, "", "left the project")


def _children_first(objects: Iterable[LiveObject]) -> Iterator[LiveObject]:
    """Tasks before those that they follow or finalize, so that no drop leaves a stray root behind."""
    known = {o.key: o for o in sorted(objects, key=lambda o: o.key)}
    above = {key: [Key("task", name) for name in o.follows if Key("task", name) in known] for key, o in known.items()}
    return (known[key] for key in reversed(list(TopologicalSorter(above).static_order())))


def _step(statement: ScriptStatement) -> Step:
    return Step(statement.sql, statement.kind, statement.object, statement.path)


def _drop(found: LiveObject) -> Step:
    what = found.kind.replace("_", " ").upper()
    arguments = "()" if found.kind == "procedure" else ""
    return Step(f"DROP {what} IF EXISTS {found.name}{arguments}", "drop", found.name, "")
