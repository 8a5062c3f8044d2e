"""What becomes of each object: the script's statements held against what is live. Pure.

Ours is only what carries the mark of this project and target; anything else is never touched, and where it stands in
the way that is a conflict, said as such.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Literal

from neve.deploy.clock import utc
from neve.deploy.definition import differences
from neve.deploy.objects import DEFINED, Key, Live, LiveObject, Past, is_ours, key_of
from neve.ir import Project, Script, ScriptStatement
from neve.names import qualified

Action = Literal["create", "alter", "replace", "drop", "resume", "suspend", "untouched", "conflict"]
SENT: frozenset[Action] = frozenset({"create", "alter", "replace"})
"""The actions for which an object's own statement is sent."""


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one object, and why; `drift`: because somebody changed it behind neve's back.

    `diff` holds, for a task, the fields that change: name, value now, value then.
    """

    action: Action
    kind: str
    object: str
    path: str
    why: str = ""
    drift: bool = False
    diff: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes of all that the script defines, what left the project (children first), and who stays suspended.

    `graphs` maps each task of the script to its graph, `roots` a graph's root task, `resumed` what the script resumes.
    """

    script: Script
    live: Live
    changes: Mapping[Key, Change]
    leaving: tuple[LiveObject, ...]
    stays: frozenset[Key]
    graphs: Mapping[Key, str | None]
    roots: frozenset[Key]
    resumed: frozenset[Key]

    def told(self) -> Iterator[Change]:
        """All changes, in the order of the script; then what left the project."""
        yield from self.changes.values()
        for found in self.leaving:
            conflict = _dragged(found, self)
            why = conflict or "left the project"
            yield Change("conflict" if conflict else "drop", found.kind, found.name, "", why)


def compare(script: Script, live: Live, project: Project) -> Comparison:
    """Hold the script against what is live. Without a past every suspended task counts as one to resume."""
    defined = {key_of(s): s for s in script.statements if s.kind in DEFINED}
    resumed = frozenset(key_of(s) for s in script.statements if s.kind == "resume")
    roots = frozenset(key_of(s) for s in script.statements if s.kind == "suspend")
    stays = frozenset(key for key in resumed if _stays(live.objects.get(key), live.past))
    finalizers = {o.finalizes: o for o in live.objects.values() if o.finalizes}
    asked = _Asked(live, project, resumed, roots, stays, finalizers)
    return Comparison(
        script=script,
        live=live,
        changes={key: _change(key, statement, asked) for key, statement in defined.items()},
        leaving=tuple(_children_first(o for o in live.objects.values() if o.key not in defined and asked.owns(o))),
        stays=stays,
        graphs={key: statement.graph for key, statement in defined.items() if statement.kind == "task"},
        roots=roots,
        resumed=resumed,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    live: Live
    project: Project
    resumed: frozenset[Key]
    roots: frozenset[Key]
    stays: frozenset[Key]
    finalizers: Mapping[tuple[str, ...], LiveObject]

    def owns(self, found: LiveObject) -> bool:
        return is_ours(found, self.project)


def _stays(found: LiveObject | None, past: Past | None) -> bool:
    """Whether somebody suspended this task, and not an apply that did not get to its end.

    What CREATE OR ALTER makes of the reason for a suspension is not documented: hence the history's own word.
    """
    if found is None or found.state != "suspended" or past is None:
        return False
    if found.name in past.stays or not found.suspended_by_hand:
        return found.name in past.stays
    if found.name not in past.left:
        return True
    broke_off, since = past.left[found.name], utc(found.row.get("last_suspended_on"))
    return broke_off is not None and since is not None and since > broke_off


def _change(key: Key, statement: ScriptStatement, asked: _Asked) -> Change:
    found = asked.live.objects.get(key)
    name = qualified(*key.parts)
    if found is None:
        return Change("create", statement.kind, name, statement.path, "new")
    if conflict := _in_the_way(found, asked):
        return Change("conflict", statement.kind, name, statement.path, conflict)
    diff = tuple(differences(found.row, statement.sql)) if statement.kind == "task" == found.kind else ()
    why, drift = _edited(found, statement, asked.live, by_hand=bool(diff))
    if why:
        change: Action = "alter" if statement.kind == "task" else "replace"
        return Change(change, statement.kind, name, statement.path, why, drift, diff)
    action, why = _by_state(key, found.state, asked)
    by_hand = bool(why) and action != "resume"  # an apply that broke off, or Snowflake after failures, suspends too
    return Change(action, statement.kind, name, statement.path, why, drift=by_hand)


def _edited(found: LiveObject, statement: ScriptStatement, live: Live, *, by_hand: bool) -> tuple[str, bool]:
    """Why an object's own statement is to be sent ("" when it is not), and whether that is somebody's doing."""
    if found.kind != statement.kind:
        return f"was a {found.kind.replace('_', ' ')}", False
    if found.mark and found.mark.fingerprint != statement.fingerprint:
        return "edited", False
    if by_hand:
        return "edited by hand", True
    if live.is_replaced(found):
        return "replaced since the last apply", not live.note.partly
    return "", False


def _in_the_way(found: LiveObject, asked: _Asked) -> str:
    """Why an object of this name cannot be brought to what the script says; "" when it can."""
    if not asked.owns(found):
        return "exists and does not carry this project's mark"
    root = asked.live.objects.get(asked.live.root(found))
    if found.kind == "task" and root is not None and not asked.owns(root):
        return f"was put below {root.name}, which is not this project's"
    finalizer = asked.finalizers.get(found.key.parts)
    if finalizer is not None and not asked.owns(finalizer):
        return f"{finalizer.name}, which is not this project's, finalizes it"
    return ""


def _by_state(key: Key, state: str | None, asked: _Asked) -> tuple[Action, str]:
    """What the state of an unedited task asks for. CREATE OR ALTER is what suspends a child again."""
    if state == "started" and key not in asked.resumed:
        return "suspend" if key in asked.roots else "alter", "resumed by hand"
    if state == "suspended" and key in asked.stays:
        return "untouched", "suspended by hand, and stays so until somebody resumes it"
    if state == "suspended" and key in asked.resumed:
        return "resume", "is suspended"
    return "untouched", ""


def _dragged(found: LiveObject, comparison: Comparison) -> str:
    """Why something that left cannot be dropped: a task of others hangs on it, or it hangs on one of theirs."""
    known = comparison.changes.keys() | {o.key for o in comparison.leaving}
    for other in comparison.live.objects.values():
        if found.kind == "task" and found.key.parts in other.follows and other.key not in known:
            return f"cannot be dropped: {other.name}, which is not this project's, follows it"
    root = comparison.live.root(found)
    if found.kind == "task" and root not in known:
        return f"cannot be dropped: it was put below {qualified(*root.parts)}, which is not this project's"
    return ""


def _children_first(objects: Iterable[LiveObject]) -> Iterator[LiveObject]:
    """Tasks before those that they follow or finalize, so that no drop leaves a stray root behind."""
    known = {o.key: o for o in sorted(objects, key=lambda o: o.key)}
    above = {key: [Key("task", name) for name in o.follows if Key("task", name) in known] for key, o in known.items()}
    return (known[key] for key in reversed(list(TopologicalSorter(above).static_order())))
