"""What is kept of a compilation, so that a model's own statements can be written again without all the other nodes."""

import marshal
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from neve.cache.codec import Plain, pack, unpack
from neve.cache.digests import Digest, digest_of
from neve.dependencies import texts
from neve.graph import members
from neve.ir import Compiled, Facts, Node, Relation, ScriptStatement, Task, altered

_OF_TEXT = {"view", "dynamic_table", "empty_table", "task"}
"""The kinds of statements in which a model's SELECT stands."""


@dataclass(frozen=True, slots=True)
class Written:
    """A statement as it stands in the script: its kind, its bytes and their digest."""

    kind: str
    size: int
    digest: Digest


@dataclass(frozen=True, slots=True)
class Slice:
    """What is known of a model beside what its own file says.

    `face` is the digest of all that anything else sees of it. `links` are, for each of its texts, the numbers of its
    references and what they mean. `task` is its task without the node, `graph` the name of that task's graph.
    """

    face: Digest
    links: tuple[tuple[tuple[int, Relation], ...], ...]
    graph: str | None
    task: Task | None
    written: tuple[Written, ...]


def slices(compiled: Compiled) -> Iterator[tuple[str, bytes]]:
    """For the path of each model that can be written on its own, its Slice as bytes."""
    statements: dict[str, list[ScriptStatement]] = defaultdict(list)
    for statement in compiled.script.statements if compiled.script else ():
        if statement.kind in _OF_TEXT:
            statements[statement.path].append(statement)
    tasks = {t.node.name: t for g in compiled.graphs.values() for t in members(g) if t.node and not t.fused}
    inlined = {node.relation for node in compiled.nodes.values() if node.materialized == "ephemeral"}
    for name, node in compiled.nodes.items():
        if _alone(node, inlined) and (node.graph is None or name in tasks):
            task = altered(tasks[name], node=None) if name in tasks else None
            written = tuple(map(written_as, statements[node.file.path]))
            yield node.file.path, marshal.dumps(pack(Slice(face(node), _links(node), node.graph, task, written)))


def face(node: Node) -> Digest:
    """A digest of all that anything but its own statements takes from a model.

    That is the text of its header, what `config(...)` says, and what its texts do, but not where in them. Everything
    else of a model is made of these and of what the project says.
    """
    tests = [(test.name, test.query.rendered.text) for test in node.tests]
    initial = _seen(node.initial) if node.initial else None
    return digest_of([marshal.dumps((node.file.text[: node.header.body], _seen(node), initial, tests), 0)])


def opened(packed: bytes) -> Slice:
    """A Slice out of its bytes."""
    return unpack(Slice, marshal.loads(packed))  # noqa: S302  out of a signed file


def _alone(node: Node, inlined: set[Relation | None]) -> bool:
    """Whether a node's statements are made of its own file, its links and its task, and are in no other's."""
    own = node.materialized is not None and node.materialized != "ephemeral"
    return own and not any(
        text.facts.returned or any(relation in inlined for _, relation in text.links) for text in texts(node)
    )


def _links(node: Node) -> tuple[tuple[tuple[int, Relation], ...], ...]:
    return tuple(_numbered(text) for text in texts(node))


def _numbered(text: Node) -> tuple[tuple[int, Relation], ...]:
    numbers = {id(reference): number for number, reference in enumerate(text.facts.references)}
    return tuple((numbers[id(reference)], relation) for reference, relation in text.links)


def written_as(statement: ScriptStatement) -> Written:
    """How a statement will be known in the script."""
    sql = statement.sql.encode()
    return Written(statement.kind, len(sql), digest_of([sql]))


def _seen(text: Node) -> Plain:
    return [(key, repr(value)) for key, value in text.rendered.config.items()], _done(text.facts)


def _done(facts: Facts) -> Plain:
    """What a text does, but not where in it."""
    return (
        [(one.parts, one.access, one.bare, one.literal, one.start < one.end) for one in facts.references],
        [one.task for one in facts.returned],
        [key for key, _, _ in facts.config_keys],
        [one.parts for one in facts.calls],
        [one.scripting for one in facts.statements],
        (facts.imports, facts.returns, repr(facts.values), facts.result >= 0),
    )
