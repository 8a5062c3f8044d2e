"""The compiler. START HERE: a project's folder in, its graphs and its script out, by these passes in this order."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from neve.check import check
from neve.diagnostics.collect import Findings
from neve.diagnostics.model import Say, Span
from neve.discover import discover
from neve.emit import emit, folder
from neve.graph import make_graphs
from neve.header import read_header
from neve.ir import Compiled, Facts, Header, Node, Project, Rendered, Script, SourceFile
from neve.nodes import make_node
from neve.parse_python import parse_python
from neve.parse_sql import parse_sql
from neve.project import load_project
from neve.render import Renderer, make_renderer
from neve.resolve import Where, resolve

_NODES = ("model", "task", "python_task")


def compile_project(
    root: Path, target: str | None = None, cli_vars: Mapping[str, Any] | None = None
) -> tuple[Compiled | None, Findings]:
    """Everything known of the project in `root`, and all that is to be said of it.

    No script where there are errors; nothing at all without a readable project.yml.
    """
    say = Findings()
    project = load_project(root, target, cli_vars or {}, say)
    if project is None:
        return None, say
    files = discover(root, say)
    renderer = make_renderer(project, [file for file in files if file.kind == "macro"], say)
    helpers = _helpers(files)
    unread: list[SourceFile] = []
    nodes: dict[str, Node] = {}
    for file in (file for file in files if file.kind in _NODES):
        header = read_header(file, project, say)
        if header is not None and header.get("enabled") is False:
            continue
        node = _node(project, file, header, renderer, helpers, say) if header else None
        if node:
            nodes[node.name] = node
        else:
            unread.append(file)

    where = _where(renderer)
    resolved = resolve(project, nodes, unread, where, say)
    graphs = make_graphs(project, resolved, where, say)
    check(project, resolved, graphs, where, say)
    script = None if say.errors else emit(project, resolved.nodes, graphs, helpers)
    return Compiled(project, resolved.nodes, graphs, script), say


def trace_line(script: Script, procedure: str, line: int) -> tuple[str, int] | None:
    """The user's file and line behind line `line` of a procedure's code; None when the line is ours."""
    for statement in script.statements:
        if statement.kind == "procedure" and statement.object.removesuffix("()") == procedure.removesuffix("()"):
            for part in statement.code_map:
                if part.line <= line < part.line + part.lines:
                    return part.path, part.source_line + line - part.line
    return None


def _helpers(files: tuple[SourceFile, ...]) -> dict[str, dict[str, SourceFile]]:
    """The helper modules of each folder by name."""
    found: dict[str, dict[str, SourceFile]] = {}
    for file in files:
        if file.kind == "helper":
            found.setdefault(folder(file.path), {})[file.name] = file
    return found


def _node(
    project: Project,
    file: SourceFile,
    header: Header,
    renderer: Renderer,
    helpers: Mapping[str, Mapping[str, SourceFile]],
    say: Say,
) -> Node | None:
    """One file, read to its node; None when an error stands in the way."""
    if file.kind == "python_task":
        rendered: Rendered | None = Rendered(file.text, jinja=False, config={})
        facts = parse_python(file, header, helpers.get(folder(file.path), {}), say)
    else:
        rendered = renderer.render(file, header, say)
        facts = _sql_facts(renderer, file, header, rendered, say) if rendered else None
    if rendered is None or facts is None:
        return None
    return make_node(project, file, header, rendered, facts, say)


def _sql_facts(renderer: Renderer, file: SourceFile, header: Header, rendered: Rendered, say: Say) -> Facts | None:
    declared = header.get("reads") is not None or header.get("writes") is not None
    places = renderer.places(file, header, rendered)
    return parse_sql(rendered.text, places, places.say(say), declared=declared)


def _where(renderer: Renderer) -> Where:
    """The place of a stretch of any node's text."""
    places: dict[str, Callable[[int, int], Span]] = {}

    def where(node: Node, start: int, end: int) -> Span:
        if node.file.kind == "python_task":
            return Span(node.file.path, start, end)
        if node.name not in places:
            places[node.name] = renderer.places(node.file, node.header, node.rendered)
        return places[node.name](start, end)

    return where
