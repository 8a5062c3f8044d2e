"""Two tasks at one table with no order between them: what it holds depends on which is faster."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from neve.check.context import Compiling, touched
from neve.check.exclusive import requirements
from neve.diagnostics.model import Diagnostic, Related, Say, Severity
from neve.ir import Access, Node, Reference, Relation, TaskGraph

WRITERS = "NEVE501"
READER = "NEVE502"
_EMPTIES = {"replace", "truncate", "drop"}
_WRITING: tuple[Access, ...] = ("create", "replace", "alter", "truncate", "insert", "drop")
_READING: tuple[Access, ...] = ("create", "replace", "read", "truncate", "drop")
"""The order that people mean, most of the time: what is made is filled and read, and emptied once it was read."""
_VERBS = {
    "insert": "writes",
    "create": "makes",
    "alter": "changes",
    "replace": "replaces",
    "truncate": "empties",
    "drop": "drops",
    "read": "reads",
}


class _Use(NamedTuple):
    task: str
    node: Node
    reference: Reference


def check(compiling: Compiling, say: Say) -> None:
    for graph in compiling.graphs.values():
        needs = requirements(graph)
        for relation, uses in _uses(compiling, graph).items():
            for one, other in _pairs(uses):
                if one.task == other.task or _of_one_name(one, other):
                    continue
                if compiling.ordered(graph, one.task, other.task):
                    continue
                if not any(needs[one.task].get(task, value) != value for task, value in needs[other.task].items()):
                    say(_race(compiling, relation, one, other))


def _of_one_name(one: _Use, other: _Use) -> bool:
    """Whether two models make the same table, which is said of their names."""
    return one.node.relation is not None and one.node.relation == other.node.relation


def _uses(compiling: Compiling, graph: TaskGraph) -> Mapping[Relation, list[_Use]]:
    """Who in a graph uses which table, each once as reader and once as writer."""
    found: dict[Relation, list[_Use]] = defaultdict(list)
    for task in graph.tasks:
        for node in (*task.fused, *((task.node,) if task.node else ())):
            if node.relation is not None:
                access: Access = "replace" if node.materialized == "table" else "insert"
                found[node.relation].append(_Use(task.name, node, Reference((node.relation.name,), access, 0, 0)))
            for reference, relation in touched(compiling, node):
                found[relation].append(_Use(task.name, node, reference))
    return found


def _pairs(uses: list[_Use]) -> Iterator[tuple[_Use, _Use]]:
    """The pairs that clash: two writers; a reader and one that empties the table. A pair of tasks once."""
    seen: set[frozenset[str]] = set()
    writers = [(at, use) for at, use in enumerate(uses) if use.reference.access != "read"]
    pairs = {(min(at, i), max(at, i)) for at, use in writers for i, other in enumerate(uses) if _clash(use, other)}
    for one, other in ((uses[first], uses[second]) for first, second in sorted(pairs)):
        pair = frozenset((one.task, other.task))
        if pair not in seen:
            seen.add(pair)
            yield one, other


def _clash(writer: _Use, other: _Use) -> bool:
    return writer is not other and (other.reference.access != "read" or writer.reference.access in _EMPTIES)


def _race(compiling: Compiling, relation: Relation, one: _Use, other: _Use) -> Diagnostic:
    both_write = one.reference.access != "read" and other.reference.access != "read"
    order = _WRITING if both_write else _READING
    first, then = sorted((one, other), key=lambda use: (order.index(use.reference.access), use.task))
    only_adds = {one.reference.access, other.reference.access} == {"insert"}
    name = relation.name.lower()
    message = (
        f"`{then.node.name}` {_VERBS[then.reference.access]} {name} and `{first.node.name}` "
        f"{_VERBS[first.reference.access]} it, with no order between the two"
    )
    return Diagnostic(
        WRITERS if both_write else READER,
        message,
        compiling.place(then.node, then.reference),
        Severity.WARNING if only_adds else Severity.ERROR,
        hint=f"If `{then.node.name}` goes second, add `after: {first.node.name}` to {then.node.file.path}.",
        related=(Related(compiling.place(first.node, first.reference), "This is the other."),),
    )
