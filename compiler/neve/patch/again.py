"""One model that changed: its node, as the whole project would see it, and its statements in their old places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from neve.cache.digests import digest_of
from neve.check import TEXT_RULES, Compiling
from neve.check.columns import check_node
from neve.columns import Columns
from neve.dependencies import Resolved
from neve.diagnostics.model import Diagnostic, Span
from neve.emit import emit_again, heading
from neve.ir import (
    DataTest,
    GraphSettings,
    Node,
    Project,
    Reference,
    Relation,
    ScriptStatement,
    SourceFile,
    TaskGraph,
    altered,
)
from neve.patch.slices import Slice, Written, face
from neve.read import Reader, modules_of
from neve.render import Renderer

Named = tuple[str, str | None, str]
"""A relation as plain data."""


@dataclass(frozen=True, slots=True)
class Again:
    """What the writing of any model again may ask for. `columns` are those of all relations that have known ones."""

    project: Project
    reader: Reader
    files: Mapping[str, SourceFile]
    columns: Mapping[Named, Columns]


def make_again(project: Project, files: Sequence[SourceFile], columns: Mapping[Named, Columns]) -> Again:
    renderer = Renderer(project, [file for file in files if file.kind == "macro"])
    reader = Reader(project, renderer, modules_of(files))
    return Again(project, reader, {file.path: file for file in files}, columns)


def statements(again: Again, path: str, slice_: Slice) -> Sequence[ScriptStatement] | None:
    """A changed model's statements; None where others see the change, or where there is something to say of it."""
    said: list[Diagnostic] = []
    file, reader = again.files.get(path), again.reader
    if file is None:  # it cannot be read
        return None
    read = reader.read(file)
    made = reader.node(file, read, said.append)
    if read.said or made is None or face(made) != slice_.face:
        return None
    node = altered(_linked(made, slice_), graph=slice_.graph)
    graph = _graph(node, slice_)
    compiling = Compiling(again.project, Resolved({node.name: node}, {}), {"": graph} if graph else {}, reader.where)
    for rule in TEXT_RULES:
        rule(compiling, said.append)
    known = {relation: again.columns.get(_named(relation)) for links in slice_.links for _, relation in links}
    _, given = check_node(compiling, node, known, said.append)
    if said or not node.relation or (given[0] if given else None) != again.columns.get(_named(node.relation)):
        return None
    return emit_again(again.project, node, graph, {one.kind for one in slice_.written})


def spliced(script: bytes, made: Sequence[ScriptStatement], old: Sequence[Written]) -> bytes | None:
    """The script with statements in the places of old ones; None when one of those is not there."""
    if [one.kind for one in made] != [one.kind for one in old]:
        return None
    for statement, before in zip(made, old, strict=True):
        at = _find(script, heading(statement).encode(), before)
        if at < 0:
            return None
        script = b"".join([script[:at], statement.sql.encode(), script[at + before.size :]])
    return script


def _find(script: bytes, mark: bytes, statement: Written) -> int:
    """Where a statement stands, below the mark that names its file; -1 when it does not."""
    at = script.find(mark)
    while at >= 0:
        start = at + len(mark)
        if digest_of([script[start : start + statement.size]]) == statement.digest:
            return start
        at = script.find(mark, start)
    return -1


def _linked(node: Node, slice_: Slice) -> Node:
    """The node with what the references of each of its texts meant before."""
    links = iter(slice_.links)
    linked = _with(node, next(links))
    initial = _with(node.initial, next(links)) if node.initial else None
    tests = tuple(DataTest(test.name, _with(test.query, next(links))) for test in node.tests)
    return altered(linked, initial=initial, tests=tests)


def _with(text: Node, numbered: Sequence[tuple[int, Relation]]) -> Node:
    links: list[tuple[Reference, Relation]] = [(text.facts.references[at], relation) for at, relation in numbered]
    return altered(text, links=tuple(links))


def _graph(node: Node, slice_: Slice) -> TaskGraph | None:
    """A graph of nothing but the node's own task."""
    if slice_.task is None:
        return None
    return TaskGraph(GraphSettings(slice_.graph or "", Span("")), altered(slice_.task, node=node), (), None)


def _named(relation: Relation) -> Named:
    return relation.database, relation.schema, relation.name
