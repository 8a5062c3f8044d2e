"""From names to what they mean: models, declared sources, tables that tasks write; and from there to dependencies."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from neve.diagnostics.model import Diagnostic, Say, Span
from neve.header import item_span
from neve.ir import Node, Project, Reference, Relation, SourceFile
from neve.names import nearest, parse_name, qualified
from neve.nodes import as_list, database_of, schema_of
from neve.parse_python.text import CONFIG, HOLE, RUN_SCHEMA

UNKNOWN_TABLE = "NEVE303"
UNKNOWN_TASK = "NEVE304"
_MAKES = {"insert", "replace", "create"}
_CREATES = {"replace", "create", "drop"}

Where = Callable[[Node, int, int], Span]
"""The place, in the user's file, of a stretch of a node's rendered text."""


Reason = Span | tuple[int, int]
"""Where the text that makes a dependency stands: a place in a header, or offsets in the rendered body."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """The nodes, linked, and the reason of each (node, dependency)."""

    nodes: Mapping[str, Node]
    reasons: Mapping[tuple[str, str], Reason]

    def place(self, node: str, on: str, where: Where) -> Span:
        """Where the user says, in `node`, that it depends on `on`."""
        reason = self.reasons[node, on]
        return reason if isinstance(reason, Span) else where(self.nodes[node], *reason)


def resolve(
    project: Project, nodes: Mapping[str, Node], unread: Iterable[SourceFile], where: Where, say: Say
) -> Resolved:
    """Link every reference, or say that nothing satisfies it (NEVE303, NEVE304).

    `unread` are the files that errors kept from becoming nodes: what they may have made is not said to be missing.
    """
    index = _Index(project, nodes)
    lost = {file.name.upper() for file in unread}
    tasks_lost = any(file.kind != "model" for file in unread)

    def unknown(reference: Reference, node: Node) -> None:
        if not tasks_lost and reference.parts[-1].upper() not in lost:
            say(_unknown(reference, node, index, where))

    def no_task(name: str, span: Span) -> None:
        if name.upper() not in lost:
            say(_no_task(name, span, nodes))

    def link(node: Node) -> Node:
        initial = link(node.initial) if node.initial else None
        tests = tuple(replace(test, query=link(test.query)) for test in node.tests)
        return replace(node, links=tuple(_links(node, index, unknown)), initial=initial, tests=tests)

    linked = {name: link(node) for name, node in sorted(nodes.items())}
    return _depend(linked, where, no_task)


class _Index:
    """All that a name can mean."""

    def __init__(self, project: Project, nodes: Mapping[str, Node]) -> None:
        self.project = project
        self.nodes = nodes
        self.models: dict[str, Relation] = {}
        self.known: dict[str, list[Relation]] = defaultdict(list)
        self.sources: dict[tuple[str, str], Relation] = {}
        for node in nodes.values():
            if node.relation:
                self.models[node.name.upper()] = node.relation
                self.known[node.relation.name].append(node.relation)
        for (source, name), table in sorted(project.sources.items()):
            relation = Relation(table.database, table.schema, name.upper())
            self.sources[source.upper(), name.upper()] = relation
            self.known[relation.name].append(relation)
        self.declared = frozenset(self.sources.values())
        self.written = {name: tuple(self._written(node)) for name, node in sorted(nodes.items())}
        for relations in self.written.values():
            for relation in relations:
                if relation not in self.known[relation.name]:
                    self.known[relation.name].append(relation)

    def find(self, reference: Reference, node: Node) -> Relation | None:
        """What a name means in a node's text; None when it means nothing."""
        parts = self.spelled(reference.parts, node)
        if parts[0] == "neve" and len(parts) == 3:
            return self._jinja(parts, node)
        if parts[0] == RUN_SCHEMA:
            return Relation(self.project.target.database, None, parts[-1])
        if len(parts) == 1:
            return self._plain(parts[0], reference, node)
        if len(parts) == 2:
            return self._in_schema(*parts)
        return self._exactly(Relation(parts[0], parts[1], parts[2]), reference)

    def spelled(self, parts: tuple[str, ...], node: Node) -> tuple[str, ...]:
        """The parts, with a name that is a config value replaced by what project.yml says of it."""
        if not parts[-1].startswith(CONFIG):
            return parts
        settings = self.project.graphs.get(node.graph or "")
        value = (settings.config or {}).get(parts[-1].removeprefix(CONFIG)) if settings else None
        named = parse_name(value) if isinstance(value, str) else None
        return (*parts[:-1], *named) if named else (HOLE,)

    def _jinja(self, parts: tuple[str, ...], node: Node) -> Relation | None:
        if parts[1] == "this":
            return node.relation
        if parts[1] == "ref":
            return self.models.get(parts[2].upper())
        source, _, table = parts[2].partition(".")
        return self.sources.get((source.upper(), table.upper()))

    def _plain(self, name: str, reference: Reference, node: Node) -> Relation | None:
        if reference.access in _CREATES and name not in self.models:
            return self._own(name, node)
        own = self._own(name, node)
        if own in self.written.get(node.name, ()):
            return own
        if name in self.models:
            return self.models[name]
        candidates = self.known.get(name, [])
        source = next((found for found in candidates if found in self.declared), None)
        return source or next((found for found in candidates if found == own), next(iter(candidates), None))

    def _own(self, name: str, node: Node) -> Relation:
        return Relation(database_of(self.project, node), schema_of(self.project, node), name)

    def _in_schema(self, schema: str, name: str) -> Relation | None:
        if (schema, name) in self.sources:
            return self.sources[schema, name]
        fits = [found for found in self.known.get(name, ()) if found.schema == schema]
        return next((f for f in fits if f.database == self.project.target.database), next(iter(fits), None))

    def _exactly(self, relation: Relation, reference: Reference) -> Relation | None:
        known = relation in self.known.get(relation.name, ())
        return relation if known or reference.access in _CREATES else None

    def _written(self, node: Node) -> Iterator[Relation]:
        """The tables that a task makes by name, so that other tasks can find them."""
        for reference in node.facts.references:
            parts = self.spelled(reference.parts, node)
            if reference.access not in _MAKES or parts[0] in {"neve", HOLE} or parts[-1] in self.models:
                continue
            schema = None if parts[0] == RUN_SCHEMA else schema_of(self.project, node)
            database = database_of(self.project, node)
            if len(parts) == 1 and reference.access == "insert" and self.known.get(parts[0]):
                continue
            if len(parts) == 1 or parts[0] == RUN_SCHEMA:
                yield Relation(database, schema, parts[-1])
            else:
                yield Relation(parts[0] if len(parts) == 3 else database, parts[-2], parts[-1])


def _links(
    node: Node, index: _Index, unknown: Callable[[Reference, Node], None]
) -> Iterator[tuple[Reference, Relation]]:
    for reference in node.facts.references:
        if _builtin(reference.parts) or HOLE in index.spelled(reference.parts, node):
            continue
        relation = index.find(reference, node)
        if relation is not None:
            yield reference, relation
        else:
            unknown(reference, node)


def _builtin(parts: tuple[str, ...]) -> bool:
    """Snowflake's own tables, which nobody declares."""
    return parts == ("DUAL",) or "INFORMATION_SCHEMA" in parts[:-1] or (len(parts) == 3 and parts[0] == "SNOWFLAKE")


def _unknown(reference: Reference, node: Node, index: _Index, where: Where) -> Diagnostic:
    name = shown(reference.parts)
    candidates = {**{n.lower(): None for n in index.models}, **{n.lower(): None for n in index.known}}
    meant = nearest(reference.parts[-1].lower(), candidates)
    hint = f"Did you mean `{meant}`? " if meant else ""
    span = where(node, reference.start, reference.end)
    if reference.start == reference.end:
        span = _header_span(node, "writes" if reference.access == "insert" else "reads") or span
    return Diagnostic(
        UNKNOWN_TABLE,
        f"Nothing is called `{name}`: no model, no declared source, no table that a task writes",
        span,
        hint=f"{hint}A table that exists already is declared below `sources:` in project.yml.",
    )


def shown(parts: tuple[str, ...]) -> str:
    """A name as people write it."""
    if parts[0] == "neve" and len(parts) == 3:
        return parts[2]
    if parts[0] == RUN_SCHEMA:
        return parts[-1].lower()
    return qualified(*parts).lower() if qualified(*parts).isupper() else qualified(*parts)


def _header_span(node: Node, key: str) -> Span | None:
    value = node.header.values.get(key)
    return value.span if value else None


@dataclass(frozen=True, slots=True)
class _Edge:
    """A dependency of one node on another, and what makes it."""

    node: str
    on: str
    reason: Reason


_NoTask = Callable[[str, Span], None]


def _depend(nodes: Mapping[str, Node], where: Where, no_task: _NoTask) -> Resolved:
    by_name = {name.upper(): name for name in nodes}
    stated = [edge for node in nodes.values() for edge in _stated(node, by_name, where, no_task)]
    ahead = _ahead(stated)
    makers = _makers(nodes)
    reasons: dict[tuple[str, str], Reason] = {}
    for edge in stated:
        reasons.setdefault((edge.node, edge.on), edge.reason)
    for node in nodes.values():
        for edge in _by_tables(node, nodes, makers):
            if edge.node not in ahead(edge.on):
                reasons.setdefault((edge.node, edge.on), edge.reason)
    on: dict[str, set[str]] = defaultdict(set)
    for name, dependency in reasons:
        on[name].add(dependency)
    return Resolved({n: replace(node, depends_on=tuple(sorted(on[n]))) for n, node in nodes.items()}, reasons)


def texts(node: Node) -> Iterator[Node]:
    """A node with each of its texts: its own, the one that fills an empty table, those of its data tests."""
    yield node
    if node.initial:
        yield node.initial
    yield from (test.query for test in node.tests)


def _all_links(node: Node) -> Iterator[tuple[Node, Reference, Relation]]:
    return ((text, *link) for text in texts(node) for link in text.links)


def _makers(nodes: Mapping[str, Node]) -> Mapping[Relation, list[str]]:
    """For each table the nodes that make it or write to it."""
    makers: dict[Relation, list[str]] = defaultdict(list)
    for name, node in nodes.items():
        made = {relation for reference, relation in node.links if reference.access in _MAKES}
        for relation in made | ({node.relation} if node.relation else set()):
            makers[relation].append(name)
    return makers


def _by_tables(node: Node, nodes: Mapping[str, Node], makers: Mapping[Relation, list[str]]) -> Iterator[_Edge]:
    """A node that reads what another makes comes after it; a task of another graph counts only for models."""
    for text, reference, relation in _all_links(node):
        if reference.access != "read":
            continue
        for maker in makers.get(relation, ()):
            other = nodes[maker]
            same_run = relation.schema is not None or other.graph == node.graph or node.graph is None
            near = other.relation == relation or node.graph is None or other.graph == node.graph
            if maker != node.name and same_run and near:
                reason: Reason = (reference.start, reference.end)
                if text is not node:
                    reason = text.rendered.span or Span(node.file.path)
                yield _Edge(node.name, maker, reason)


def _stated(node: Node, by_name: Mapping[str, str], where: Where, no_task: _NoTask) -> Iterator[_Edge]:
    """The edges that `after:`, `when:` and the return values asked for make."""
    from neve.when import asked

    wanted: list[tuple[str, Reason]] = []
    after = node.header.values.get("after")
    if after:
        wanted += [(name, after.span) for name in as_list(after.data)]
    wanted += [(read.task, (read.start, read.end)) for read in node.facts.returned if read.task]
    when = node.header.values.get("when")
    if when:
        wanted += [(name, when.span) for name in asked(str(when.data))]
    for name, reason in wanted:
        task = task_named(name, node, by_name)
        if task:
            yield _Edge(node.name, task, reason)
        elif name.upper() != (node.graph or "").upper():
            span = _in_header(node, name, reason) if isinstance(reason, Span) else where(node, *reason)
            no_task(name, span)


def _in_header(node: Node, name: str, span: Span) -> Span:
    """The place of one name of a list of `after:`, else of the whole value."""
    after = node.header.values.get("after")
    listed = after.data if after and after.span == span and isinstance(after.data, list) else []
    return item_span(node.file, after, listed.index(name)) if after and name in listed else span


def task_named(name: str, node: Node, by_name: Mapping[str, str]) -> str | None:
    """The node that a task's name means: its own name, or the physical one with the graph before it."""
    upper = name.upper()
    return by_name.get(upper) or by_name.get(upper.removeprefix(f"{(node.graph or '').upper()}$"))


def _no_task(name: str, span: Span, known: Iterable[str]) -> Diagnostic:
    meant = nearest(name, known)
    return Diagnostic(
        UNKNOWN_TASK,
        f"There is no task `{name}`",
        span,
        hint=f"Did you mean `{meant}`?" if meant else "Tasks are called like their files.",
    )


def _ahead(edges: Iterable[_Edge]) -> Callable[[str], set[str]]:
    """For a node all that stated edges put before it."""
    on: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        on[edge.node].add(edge.on)
    cache: dict[str, set[str]] = {}

    def ahead(name: str) -> set[str]:
        if name not in cache:
            found: set[str] = set()
            stack = list(on.get(name, ()))
            while stack:
                one = stack.pop()
                if one not in found:
                    found.add(one)
                    stack.extend(on.get(one, ()))
            cache[name] = found
        return cache[name]

    return ahead
