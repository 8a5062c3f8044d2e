"""One file becomes a node: header, Jinja, and what its text does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from neve.data_tests import data_tests
from neve.diagnostics.model import Say, Span
from neve.header import read_header
from neve.ir import Facts, Header, Node, Project, Rendered, SourceFile
from neve.nodes import make_node
from neve.parse_python import parse_python
from neve.parse_sql import parse_sql
from neve.render import Renderer

_KINDS = ("model", "task", "python_task")

Helpers = Mapping[str, Mapping[str, SourceFile]]
"""For each folder its helper modules by name."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What the reading of every file needs."""

    project: Project
    renderer: Renderer
    helpers: Helpers
    say: Say
    _places: dict[tuple[str, bool], Callable[[int, int], Span]] = field(default_factory=dict)

    def nodes(self, files: Sequence[SourceFile]) -> tuple[dict[str, Node], list[SourceFile]]:
        """The nodes by name, and the files that errors kept from becoming one."""
        nodes: dict[str, Node] = {}
        unread: list[SourceFile] = []
        taken: set[str] = set()
        for file in (file for file in files if file.kind in _KINDS):
            header = read_header(file, self.project, self.say)
            if header is not None and header.get("enabled") is False:
                continue
            node = self._node(file, header) if header else None
            if node and node.name.upper() not in taken:
                taken.add(node.name.upper())
                nodes[node.name] = node
            else:
                unread.append(file)
        return nodes, unread

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

    def _node(self, file: SourceFile, header: Header) -> Node | None:
        if file.kind == "python_task":
            rendered: Rendered | None = Rendered(file.text, jinja=False, config={})
            facts = parse_python(file, header, self.helpers.get(file.folder, {}), self.say)
        else:
            rendered = self.renderer.render(file, header, self.say)
            facts = self._sql_facts(file, header, rendered) if rendered else None
        if rendered is None or facts is None:
            return None
        node = make_node(self.project, Node(file.name, file, header, rendered, facts), self.say)
        if node is None or node.materialized is None:
            return node
        node = self._with_initial(node) if node.materialized == "incremental" else node
        tests = data_tests(node, self.say)
        return replace(node, tests=tests) if tests else node

    def _with_initial(self, node: Node) -> Node:
        """An incremental model's other text, the one for which `is_incremental()` is false."""
        rendered = self.renderer.render(node.file, node.header, self.say, incremental=False)
        if rendered is None or rendered.text == node.rendered.text:
            return node
        rendered = replace(rendered, incremental=False)
        facts = self._sql_facts(node.file, node.header, rendered)
        return replace(node, initial=replace(node, rendered=rendered, facts=facts)) if facts else node

    def _sql_facts(self, file: SourceFile, header: Header, rendered: Rendered) -> Facts | None:
        declared = header.get("reads") is not None or header.get("writes") is not None
        places = self.renderer.places(file, header, rendered, incremental=rendered.incremental)
        return parse_sql(rendered.text, places, self.say, declared=declared)


def helpers_of(files: Sequence[SourceFile]) -> Helpers:
    """The helper modules among the files."""
    found: dict[str, dict[str, SourceFile]] = {}
    for file in files:
        if file.kind == "helper":
            found.setdefault(file.folder, {})[file.name] = file
    return found
