"""A file, its header and what its text says become a node: what it is made into, where, and in which graph."""

from dataclasses import replace
from typing import Any

from neve.diagnostics.model import Diagnostic, Related, Say, Span
from neve.ir import (
    Access,
    Facts,
    GraphSettings,
    Header,
    Node,
    Project,
    Reference,
    Relation,
    SourceFile,
    SourceTable,
    altered,
)
from neve.names import fold, nearest, parse_name

RUN = "run"
NO_GRAPH = "NEVE301"
NO_RUN_SCHEMA = "NEVE302"
UNKNOWN_GRAPH = "NEVE114"
_IN_GRAPH = {"table", "incremental"}


def make_node(project: Project, read: Node, say: Say) -> Node | None:
    """The node of a file that was read: with what it is made into, where, and its graph.

    None after an error: a graph that is missing or unknown, a run's schema without a run.
    """
    file, header = read.file, read.header
    materialized = header.get("materialized", "view") if file.kind == "model" else None
    known, graph = _graph(project, read, say)
    if not known:
        return None
    node = altered(read, facts=_declared(read.facts, header), materialized=materialized, graph=graph)
    in_run = schema_of(project, node) is None
    if in_run and not has_run_schema(project, node.graph):
        say(_no_run_schema(node, header))
        return None
    needs_graph = file.kind != "model" or materialized in _IN_GRAPH or (in_run and materialized != "ephemeral")
    if needs_graph and node.graph is None:
        say(_no_graph(project, file))
        return None
    return _placed(project, node, in_graph=needs_graph)


def schema_of(project: Project, node: Node) -> str | None:
    """The stored schema in which a node's own tables are; None for the schema of the run."""
    written = node.header.get("schema")
    if written is None and node.file.kind == "python_task" and has_run_schema(project, node.graph):
        return None
    if written is None:
        return project.target.schema
    return None if written == RUN else fold(str(written))


def database_of(project: Project, node: Node) -> str:
    written = node.header.get("database")
    return fold(str(written)) if written else project.target.database


def has_run_schema(project: Project, graph: str | None) -> bool:
    settings = project.graphs.get(graph or "")
    return settings is not None and settings.run_schema is not None


def around_run_id(settings: GraphSettings) -> tuple[str, str]:
    """What stands before and behind the run's id in the stored names of a graph's run schemas."""
    before, _, after = str(settings.run_schema.data if settings.run_schema else "").upper().partition("{RUN_ID}")
    return before, after


def standalone(header: Header) -> bool:
    """Whether a task is a graph of its own: it says itself when it runs and names no graph."""
    return header.get("graph") is None and header.get("schedule") is not None


def as_list(value: Any) -> list[str]:
    """A header's value that may be one text or a list of them."""
    return [value] if isinstance(value, str) else list(value or ())


def _graph(project: Project, node: Node, say: Say) -> tuple[bool, str | None]:
    """Whether the graph that a node names is known, and its name: the only graph when it names none."""
    file, header = node.file, node.header
    named = header.get("finalize", header.get("graph"))
    if named is None and standalone(header):
        return True, file.name
    if named is None:
        return True, next(iter(project.graphs)) if len(project.graphs) == 1 else None
    if named in project.graphs:
        return True, str(named)
    meant = nearest(str(named), project.graphs)
    value = header.values.get("finalize") or header.values.get("graph")
    span = value.span if value else Span(file.path, header.body, header.body)
    hint = f"Write `{meant}`." if meant else f"Add `{named}:` below `graphs:` in project.yml."
    say(Diagnostic(UNKNOWN_GRAPH, f"There is no graph `{named}` in project.yml", span, hint=hint))
    return False, None


def _declared(facts: Facts, header: Header) -> Facts:
    """The facts with what `reads:` and `writes:` add; such references have no place in the text."""
    stated: tuple[tuple[str, Access], ...] = (("reads", "read"), ("writes", "insert"))
    added = [
        Reference(parts, access, 0, 0)
        for key, access in stated
        for name in as_list(header.get(key))
        if (parts := parse_name(name))
    ]
    return replace(facts, references=(*facts.references, *added)) if added else facts


def _placed(project: Project, node: Node, *, in_graph: bool) -> Node:
    if node.materialized is None:
        return node
    alias = node.header.get("alias")
    name = fold(str(alias)) if alias else node.name.upper()
    relation = Relation(database_of(project, node), schema_of(project, node), name)
    return altered(node, relation=relation, graph=node.graph if in_graph else None)


def _no_graph(project: Project, file: SourceFile) -> Diagnostic:
    names = ", ".join(f"`{name}`" for name in project.graphs)
    hint = (
        f"Say in its header which: `graph: ...` ({names})." if names else "Add a graph below `graphs:` in project.yml."
    )
    return Diagnostic(NO_GRAPH, "This file makes a task, but belongs to no graph", Span(file.path), hint=hint)


def _no_run_schema(node: Node, header: Header) -> Diagnostic:
    value = header.values.get("schema")
    span = value.span if value else Span(node.file.path)
    graph = f"the graph `{node.graph}` has no run_schema" if node.graph else "it belongs to no graph"
    related = () if value else (Related(Span(node.file.path), "This file."),)
    return Diagnostic(
        NO_RUN_SCHEMA,
        f"`schema: run` means the schema of the run, but {graph}",
        span,
        hint="Add `run_schema: RUN_{run_id}` to the graph in project.yml, or name a schema.",
        related=related,
    )


def sources_named(project: Project, name: str) -> list[SourceTable]:
    """The declared source tables that a name can mean: `table`, or `source.table`."""
    source, _, table = name.rpartition(".")
    return [one for one in project.sources.values() if fold(one.name) == fold(table) and source in {"", one.source}]
