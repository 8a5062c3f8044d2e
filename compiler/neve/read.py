"""One file becomes a node: header, Jinja, and what its text does."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from neve.diagnostics.model import Diagnostic, Say, Span
from neve.header import read_header
from neve.ir import Facts, Header, Node, Project, Rendered, SourceFile
from neve.nodes import make_node
from neve.render import Renderer

Helpers = Mapping[str, Mapping[str, SourceFile]]
"""For each folder its helper modules by name."""


@dataclass(frozen=True, slots=True)
class Read:
    """What one file gave. Without a node an error stands in the way, unless the file is not `enabled`."""

    node: Node | None
    said: tuple[Diagnostic, ...] = ()
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Reader:
    """What the reading of every file needs."""

    project: Project
    renderer: Renderer
    helpers: Helpers
    _places: dict[tuple[str, bool], Callable[[int, int], Span]] = field(default_factory=dict)

    def read(self, file: SourceFile) -> Read:
        """Read one file; what there is to say is in the result."""
        said: list[Diagnostic] = []
        say = self.renderer.with_origin(said.append)
        header = read_header(file, self.project, say)
        if header is not None and header.get("enabled") is False:
            return Read(None, tuple(said), enabled=False)
        node = self._node(file, header, say) if header else None
        return Read(node, tuple(said))

    def where(self, node: Node, start: int, end: int) -> Span:
        """The place in the user's file of a stretch of a node's text."""
        if node.file.kind == "python_task":
            return Span(node.file.path, start, end)
        if node.rendered.span:
            return node.rendered.span
        key = (node.name, node.rendered.incremental)
        if key not in self._places:
            incremental = node.rendered.incremental
            self._places[key] = self.renderer.places(node.file, node.header, node.rendered, incremental=incremental)
        return self._places[key](start, end)

    def _node(self, file: SourceFile, header: Header, say: Say) -> Node | None:
        if file.kind == "python_task":
            from neve.parse_python import parse_python

            rendered: Rendered | None = Rendered(file.text, jinja=False, config={})
            facts = parse_python(file, header, self.helpers.get(file.folder, {}), say)
        else:
            rendered = self.renderer.render(file, header, say)
            facts = self._sql_facts(file, header, rendered, say) if rendered else None
        if rendered is None or facts is None:
            return None
        node = make_node(self.project, Node(file.name, file, header, rendered, facts), say)
        return self._model(node, say) if node and node.materialized else node

    def _model(self, node: Node, say: Say) -> Node:
        from neve.data_tests import data_tests

        node = self._with_initial(node, say) if node.materialized == "incremental" else node
        tests = data_tests(node, say)
        return replace(node, tests=tests) if tests else node

    def _with_initial(self, node: Node, say: Say) -> Node:
        """An incremental model's other text, the one for which `is_incremental()` is false."""
        rendered = self.renderer.render(node.file, node.header, say, incremental=False)
        if rendered is None or rendered.text == node.rendered.text:
            return node
        rendered = replace(rendered, incremental=False)
        facts = self._sql_facts(node.file, node.header, rendered, say)
        return replace(node, initial=replace(node, rendered=rendered, facts=facts)) if facts else node

    def _sql_facts(self, file: SourceFile, header: Header, rendered: Rendered, say: Say) -> Facts | None:
        from neve.parse_sql import parse_sql

        declared = header.get("reads") is not None or header.get("writes") is not None
        places = self.renderer.places(file, header, rendered, incremental=rendered.incremental)
        return parse_sql(rendered.text, places, say, declared=declared)


def helpers_of(files: Sequence[SourceFile]) -> Helpers:
    """The helper modules among the files."""
    found: dict[str, dict[str, SourceFile]] = {}
    for file in files:
        if file.kind == "helper":
            found.setdefault(file.folder, {})[file.name] = file
    return found


def gather(reads: Iterator[tuple[SourceFile, Read]], say: Say) -> tuple[dict[str, Node], list[SourceFile]]:
    """The nodes by name, and the files that errors kept from becoming one; what was said is said."""
    nodes: dict[str, Node] = {}
    unread: list[SourceFile] = []
    taken: set[str] = set()
    for file, read in reads:
        for diagnostic in read.said:
            say(diagnostic)
        if read.node and read.node.name.upper() not in taken:
            taken.add(read.node.name.upper())
            nodes[read.node.name] = read.node
        elif read.enabled:
            unread.append(file)
    return nodes, unread
