"""One file is read: its header, its Jinja, and what its text does. What other files say does not count here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from neve.diagnostics.model import Diagnostic, Say, Severity, Span
from neve.header import origin, own_header, with_config, with_defaults
from neve.ir import DataTest, Facts, Header, Node, Project, Rendered, SourceFile, altered
from neve.nodes import make_node
from neve.render import Renderer

Modules = Mapping[str, SourceFile]
"""The files of python_tasks/ by name: helper modules, and (without their text) tasks, which none can import."""


@dataclass(frozen=True, slots=True)
class Read:
    """What one file gave: nothing in it depends on other files, or on more of project.yml than `neve.reading` counts.

    `header` is the file's own, without defaults; None after an error in it. `facts` are None after an error, or when
    the file is not enabled. `rendered` is None where the body is the file's own text. `initial` is an incremental
    model's other text; `tests` are the names and queries of the data tests.
    """

    header: Header | None = None
    rendered: Rendered | None = None
    facts: Facts | None = None
    initial: tuple[Rendered, Facts] | None = None
    tests: tuple[tuple[str, Rendered, Facts], ...] = ()
    said: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """What the reading of every file needs."""

    project: Project
    renderer: Renderer
    modules: Modules
    _places: dict[tuple[str, bool], Callable[[int, int], Span]] = field(default_factory=dict)

    def read(self, file: SourceFile) -> Read:
        """Read one file; what there is to say is in the result."""
        said: list[Diagnostic] = []
        say = self.renderer.with_origin(said.append)
        own = own_header(file, say)
        header = own and with_defaults(own, file, self.project)
        body = self._body(file, header, say) if header and header.get("enabled") is not False else None
        if header is None or body is None:
            return Read(own, said=tuple(said))
        rendered, facts = body
        header = with_config(header, rendered)
        if header.get("enabled") is False:
            return Read(own, rendered, said=tuple(said))
        node = Node(file.name, file, header, rendered, facts)
        initial = self._initial(node, say) if _is_incremental(node) else None
        tests = self._tests(node, say) if file.kind == "model" else ()
        return Read(own, rendered if rendered.jinja else None, facts, initial, tests, tuple(said))

    def node(self, file: SourceFile, read: Read, say: Say) -> Node | None:
        """The node that a file which was read becomes; None after an error."""
        if read.header is None or read.facts is None:
            return None
        rendered = read.rendered or _verbatim(file, read.header)
        header = with_config(with_defaults(read.header, file, self.project), rendered)
        node = make_node(self.project, Node(file.name, file, header, rendered, read.facts), say)
        if node is None or (read.initial is None and not read.tests):
            return node
        initial = altered(node, rendered=read.initial[0], facts=read.initial[1]) if read.initial else None
        tests = tuple(
            DataTest(name, altered(node, rendered=rendered, facts=facts)) for name, rendered, facts in read.tests
        )
        return altered(node, initial=initial, tests=tests)

    def where(self, node: Node, start: int, end: int) -> Span:
        """The place in the user's file of a stretch of a node's text."""
        if node.file.kind == "python_task":
            return Span(node.file.path, start, end)
        made_of = origin(node.file, node.rendered)
        if made_of:
            return made_of
        key = (node.name, node.rendered.incremental)
        if key not in self._places:
            incremental = node.rendered.incremental
            self._places[key] = self.renderer.places(node.file, node.header, node.rendered, incremental=incremental)
        return self._places[key](start, end)

    def _body(self, file: SourceFile, header: Header, say: Say) -> tuple[Rendered, Facts] | None:
        if file.kind == "python_task":
            from neve.parse_python import parse_python

            rendered: Rendered | None = _verbatim(file, header)
            facts = parse_python(file, header, self.modules, say)
        else:
            rendered = self.renderer.render(file, header, say)
            facts = self._sql_facts(file, header, rendered, say) if rendered else None
        return (rendered, facts) if rendered and facts else None

    def _initial(self, node: Node, say: Say) -> tuple[Rendered, Facts] | None:
        """An incremental model's other text, the one for which `is_incremental()` is false."""
        rendered = self.renderer.render(node.file, node.header, say, incremental=False)
        if rendered is None or rendered.text == node.rendered.text:
            return None
        rendered = replace(rendered, incremental=False)
        facts = self._sql_facts(node.file, node.header, rendered, say)
        return (rendered, facts) if facts else None

    def _tests(self, node: Node, say: Say) -> tuple[tuple[str, Rendered, Facts], ...]:
        from neve.data_tests import data_tests

        return tuple((test.name, test.query.rendered, test.query.facts) for test in data_tests(node, say))

    def _sql_facts(self, file: SourceFile, header: Header, rendered: Rendered, say: Say) -> Facts | None:
        from neve.parse_sql import parse_sql

        declared = header.get("reads") is not None or header.get("writes") is not None
        places = self.renderer.places(file, header, rendered, incremental=rendered.incremental)
        said: list[Diagnostic] = []
        facts = parse_sql(rendered.text, places, said.append, declared=declared)
        for diagnostic in said if said or facts else [_empty(file, rendered)]:
            say(diagnostic)
        return facts


def _empty(file: SourceFile, rendered: Rendered) -> Diagnostic:
    message = "Jinja leaves no statement of this file" if rendered.jinja else "There is no statement in this file"
    hint = "Write one, or delete the file, or switch it off with `enabled: false`."
    return Diagnostic("NEVE117", message, Span(file.path), hint=hint)


def modules_of(files: Sequence[SourceFile]) -> Modules:
    """The modules among the files."""
    tasks = {file.name: SourceFile(file.path, file.kind, "") for file in files if file.kind == "python_task"}
    return tasks | {file.name: file for file in files if file.kind == "helper"}


def gather(
    reader: Reader, reads: Iterator[tuple[SourceFile, Read]], say: Say
) -> tuple[dict[str, Node], list[SourceFile]]:
    """The nodes by name, and the files that errors kept from being read, or from being read whole; what was said is
    said.
    """
    nodes: dict[str, Node] = {}
    unread: list[SourceFile] = []
    taken: set[str] = set()
    for file, read in reads:
        for diagnostic in read.said:
            say(diagnostic)
        node = reader.node(file, read, say)
        is_new = node is not None and node.name.upper() not in taken
        if node and is_new:
            taken.add(node.name.upper())
            nodes[node.name] = node
        if _has_error(read) or (not is_new and (node or _enabled(read, file, reader.project))):
            unread.append(file)
    return nodes, unread


def _has_error(read: Read) -> bool:
    return any(diagnostic.severity is Severity.ERROR for diagnostic in read.said)


def _is_incremental(node: Node) -> bool:
    return node.file.kind == "model" and node.header.get("materialized") == "incremental"


def _verbatim(file: SourceFile, header: Header) -> Rendered:
    """A body without Jinja; Python's is the whole file."""
    return Rendered(file.text if file.kind == "python_task" else file.text[header.body :], jinja=False, config={})


def _enabled(read: Read, file: SourceFile, project: Project) -> bool:
    if read.header is None:
        return True
    header = with_defaults(read.header, file, project)
    return (with_config(header, read.rendered) if read.rendered else header).get("enabled") is not False
