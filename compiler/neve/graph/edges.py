"""Which task of a graph waits for which: what the nodes need, without what is implied, within Snowflake's limits."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from neve.ir import Node

ROOT = ""
MOST = 100
"""The most predecessors, and the most children, that a task can have (fact sheet 5)."""

After = dict[str, list[str]]
"""For each task those that it waits for, by their nodes' names; a task comes after all that it waits for."""


@dataclass(frozen=True, slots=True)
class Edges:
    """The tasks of a graph. `relays` are put in between, with what they are for; `fused` run in the task of another."""

    after: After
    relays: Mapping[str, str] = field(default_factory=dict)
    fused: Mapping[str, Sequence[str]] = field(default_factory=dict)


def edges(tasks: Sequence[Node], nodes: Mapping[str, Node], alike: Callable[[Node, Node], bool] | None) -> Edges:
    """The edges between `tasks`. With `alike`, chains of models are fused where it says that two can be one task."""
    ruled = {node.name for node in tasks if has_rule(node)}
    after = _reduced(_predecessors(tasks, nodes), ruled)
    fused = _fuse(after, nodes, alike, ruled) if alike else {}
    relays: dict[str, str] = {}
    after = _gathered(after, ruled, relays)
    return Edges(_spread(after, ruled, relays), relays, fused)


def has_rule(node: Node) -> bool:
    """Whether a task looks at its predecessors' states, so that it matters which they are."""
    rule = node.header.get("trigger_rule", "all_success")
    when = str(node.header.get("when") or "").upper()
    unnamed = any(read.task is None for read in node.facts.returned)
    return rule != "all_success" or "PREDECESSORS_STATE" in when or unnamed


def _predecessors(tasks: Sequence[Node], nodes: Mapping[str, Node]) -> After:
    """The tasks of this graph that each needs; what is deployed and not run is looked through."""
    names = {node.name for node in tasks}
    through: dict[str, frozenset[str]] = {}

    def tasks_behind(name: str) -> frozenset[str]:
        if name in names:
            return frozenset((name,))
        if name not in through:
            through[name] = frozenset().union(*map(tasks_behind, nodes[name].depends_on))
        return through[name]

    return {node.name: sorted(frozenset().union(*map(tasks_behind, node.depends_on))) for node in tasks}


def _reduced(after: Mapping[str, list[str]], ruled: set[str]) -> After:
    """Without the edges that others imply. A task with a rule of its own implies nothing of its predecessors."""
    bits = {name: 1 << i for i, name in enumerate(after)}
    implied: dict[str, int] = {}
    kept: After = {}
    for name, before in after.items():
        beyond = 0
        for one in before:
            beyond |= implied[one]
        kept[name] = before if name in ruled else [one for one in before if not bits[one] & beyond]
        implied[name] = 0 if name in ruled else beyond | sum(bits[one] for one in before)
    return kept


def _fuse(
    after: After, nodes: Mapping[str, Node], alike: Callable[[Node, Node], bool], ruled: set[str]
) -> dict[str, list[str]]:
    """Fold each task into the one that alone waits for it, and for nothing else; `after` is changed."""
    children = _children(after)
    fused: dict[str, list[str]] = {}
    for name in list(after):
        before = after[name]
        if len(before) == 1 and children[before[0]] == [name] and name not in ruled and before[0] not in ruled:
            earlier = before[0]
            if nodes[earlier].materialized and nodes[name].materialized and alike(nodes[earlier], nodes[name]):
                fused[name] = [*fused.pop(earlier, []), earlier]
                after[name] = after.pop(earlier)
                for one in after[name]:
                    children[one] = [name]
    return fused


def _gathered(after: After, ruled: set[str], relays: dict[str, str]) -> After:
    """With relays before each task that waits for too many."""
    result: After = {}
    for name, before in after.items():
        if len(before) > MOST and name not in ruled:
            groups = dict(_named(f"{name}_inputs", _chunks(before), after))
            relays |= dict.fromkeys(groups, f"Relay: {name} waits for {len(before)} tasks, but a task can for {MOST}.")
            result |= groups
            result[name] = list(groups)
        else:
            result[name] = before
    return result


def _spread(after: After, ruled: set[str], relays: dict[str, str]) -> After:
    """With relays behind each task, the root among them, for which too many wait."""
    children = _children(after)
    instead: dict[tuple[str, str], str] = {}
    result: After = {}

    def add_relays(parent: str) -> None:
        waiting = children.get(parent, [])
        if len(waiting) > MOST:
            shown = parent or "root"
            free = [child for child in waiting if child not in ruled]
            for relay, group in _named(f"{shown}_outputs", _chunks(free), after):
                relays[relay] = f"Relay: {len(waiting)} tasks wait for the {shown}, but {MOST} can."
                result[relay] = [parent] if parent else []
                instead.update({(child, parent): relay for child in group})

    add_relays(ROOT)
    for name, before in after.items():
        result[name] = [instead.get((name, one), one) for one in before or ([ROOT] if (name, ROOT) in instead else [])]
        add_relays(name)
    return result


def _children(after: Mapping[str, list[str]]) -> dict[str, list[str]]:
    children: dict[str, list[str]] = {name: [] for name in (ROOT, *after)}
    for name, before in after.items():
        for one in before or [ROOT]:
            children[one].append(name)
    return children


def _chunks(names: list[str]) -> list[list[str]]:
    """The names in groups as large as they may be, in alphabetical order."""
    names = sorted(names)
    return [names[start : start + MOST] for start in range(0, len(names), MOST)]


def _named(stem: str, groups: list[list[str]], after: After) -> Iterator[tuple[str, list[str]]]:
    """The groups with names for their relays, which none of the user's tasks has."""
    taken = {name.upper() for name in after}
    while any(f"{stem}_{number}".upper() in taken for number in range(1, len(groups) + 1)):
        stem += "_"
    return ((f"{stem}_{number}", group) for number, group in enumerate(groups, 1))
