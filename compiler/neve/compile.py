"""The compiler. START HERE: a project's folder in, its graphs and its script out, by these passes in this order."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from neve.cache.memo import remembered
from neve.cache.project import Cache
from neve.check import Compiling, check
from neve.deployable import place_views
from neve.diagnostics.collect import Findings
from neve.discover import discover
from neve.emit import emit
from neve.graph import make_graphs
from neve.ir import Compiled, Script
from neve.project import load_project
from neve.read import Reader, gather, modules_of
from neve.reading import no_collection, read_all
from neve.render import make_renderer
from neve.resolve import resolve


@no_collection()
def compile_project(
    root: Path, target: str | None = None, cli_vars: Mapping[str, Any] | None = None, cache: Cache | None = None
) -> tuple[Compiled | None, Findings]:
    """Everything known of the project in `root`, and all that is to be said of it.

    No script where there are errors; nothing at all without a readable project.yml. With a cache of the project the
    same comes out, sooner.
    """
    say = Findings()
    project = load_project(root, target, cli_vars or {}, say)
    if project is None:
        return None, say
    files = cache.files(say) if cache else discover(root, say)
    renderer = make_renderer(project, [file for file in files if file.kind == "macro"], say)
    tell = renderer.with_origin(say)
    reader = Reader(project, renderer, modules_of(files))
    nodes, unread = gather(reader, read_all(reader, files, cache), say)
    resolved = resolve(project, nodes, unread, reader.where, tell)
    resolved = place_views(resolved, reader.where, tell)
    graphs = make_graphs(project, resolved, reader.where, tell)
    with remembered(cache, f"{project.target.name}.columns") as sound:
        compiling = Compiling(project, resolved, graphs, reader.where, sound, complete=not unread)
        check(compiling, tell)
    script = None if say.errors else emit(project, resolved.nodes, graphs, reader.modules)
    return Compiled(project, resolved.nodes, graphs, script, compiling.columns), say


def trace_line(script: Script, procedure: str, line: int) -> tuple[str, int] | None:
    """The user's file and line behind line `line` of a procedure's code; None when the line is ours."""
    for statement in script.statements:
        if statement.kind == "procedure" and statement.object.removesuffix("()") == procedure.removesuffix("()"):
            for part in statement.code_map:
                if part.line <= line < part.line + part.lines:
                    return part.path, part.source_line + line - part.line
    return None
