"""From names to what they mean: models, declared sources, tables that tasks write."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from neve.dependencies import MAKES, Resolved, Where, depend
from neve.diagnostics.model import Diagnostic, Say, Span
from neve.ir import DataTest, Node, Project, Reference, Relation, SourceFile, altered
from neve.names import HOLE, nearest, parse_name, qualified
from neve.nodes import database_of, schema_of
from neve.parse_python.text import CONFIG, RUN_SCHEMA

UNKNOWN_TABLE = "NEVE303"
_CREATES = {"replace", "create", "drop"}
_WORD = re.compile(r"\w+")


def resolve(
    project: Project, nodes: Mapping[str, Node], unread: Sequence[SourceFile], where: Where, say: Say
) -> Resolved:
    """Link every reference, or say that nothing satisfies it (NEVE303, NEVE304).

    `unread` are the files that errors kept from being read whole: what they name is not said to be missing.
    """
    index = _Index(project, nodes)
    lost = {file.name.upper() for file in unread}
    named = lost.union(*(_WORD.findall(file.text.upper()) for file in unread))

    def unknown(reference: Reference, node: Node) -> None:
        if reference.parts[-1].upper() not in named:
            say(_unknown(reference, node, index, where))

    def no_task(diagnostic: Diagnostic, name: str) -> None:
        if name.upper() not in lost:
            say(diagnostic)

    def link(node: Node) -> Node:
        initial = link(node.initial) if node.initial else None
        tests = tuple(DataTest(test.name, link(test.query)) for test in node.tests)
        return altered(node, links=tuple(_links(node, index, unknown)), initial=initial, tests=tests)

    linked = {name: link(node) for name, node in sorted(nodes.items())}
    return depend(linked, where, no_task)


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
            return self.models.get(parts[2].upper()) or self._seeded(parts[2].upper())
        source, _, table = parts[2].partition(".")
        return self.sources.get((source.upper(), table.upper()))

    def _seeded(self, name: str) -> Relation | None:
        """The source's table that a seed fills: dbt names seeds with `ref`, as if they were models."""
        found = [relation for (_, table), relation in self.sources.items() if table == name]
        return found[0] if len(found) == 1 else None

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
            if reference.access not in MAKES or parts[0] in {"neve", HOLE} or parts[-1] in self.models:
                continue
            schema = None if parts[0] == RUN_SCHEMA else schema_of(self.project, node)
            database = database_of(self.project, node)
            if len(parts) == 1 and reference.access in {"insert", "alter"} and self.known.get(parts[0]):
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
