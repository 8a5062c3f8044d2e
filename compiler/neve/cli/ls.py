"""`neve ls` and `neve show`: the nodes, and one of them."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from neve.cli import look
from neve.cli.options import output_option, project_options
from neve.cli.project import Chosen, compile_or_leave
from neve.deploy.errors import NeveError, Usage
from neve.ir import Access, Compiled, Node, Relation
from neve.names import nearest, qualified

_WRITES: frozenset[Access] = frozenset(("insert", "replace", "truncate", "create", "alter", "drop"))


@click.command
@click.argument("selectors", metavar="[SELECTOR]...", nargs=-1)
@click.option("-s", "--select", "more", multiple=True, metavar="SELECTOR", help="The same as an argument; repeatable.")
@click.option("--exclude", multiple=True, metavar="SELECTOR", help="Leave these out; repeatable.")
@output_option()
@project_options
def ls(
    chosen: Chosen, selectors: tuple[str, ...], more: tuple[str, ...], exclude: tuple[str, ...], output: str
) -> None:
    """List the nodes, or those that a SELECTOR chooses.

    NAME, +NAME (with all above), NAME+1 (and one step below), @NAME, tag:T, path:P, graph:G, git:REVISION; a comma
    between two means both.
    """
    compiled = compile_or_leave(chosen)
    names = selected(compiled, (*selectors, *more), exclude, chosen.root)
    nodes = [compiled.nodes[name] for name in names]
    if output == "json":
        look.print_json([node_json(node, compiled) for node in nodes])
    elif nodes:
        rows = [(node.name, kind(node), node.graph or "", node.file.path) for node in nodes]
        click.echo("\n".join(look.table(("name", "kind", "graph", "file"), rows)))
    else:
        click.echo("no node is selected")


def selected(compiled: Compiled, chosen: Sequence[str], left_out: Sequence[str], root: Path) -> list[str]:
    """The names that the selectors choose. Raises Usage."""
    from neve.select import NoSuchNodes, select

    try:
        return select(compiled.nodes, chosen, left_out, changed_files(root))
    except NoSuchNodes as error:
        raise Usage(str(error), error.hint or "neve ls") from error


def changed_files(root: Path) -> Callable[[str], frozenset[str]]:
    """How to ask git which files below `root` differ from a revision; new files that it does not know count."""

    def changed(revision: str) -> frozenset[str]:
        if revision.startswith("-"):
            raise Usage(f"{revision!r} is no revision")
        differing = _git(root, "diff", "--name-only", "--relative", "-z", revision, "--", ".")
        unknown = _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
        return frozenset(filter(None, (differing + unknown).split("\0")))

    return changed


def _git(root: Path, *words: str) -> str:
    command = ["git", "-C", str(root), *words]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NeveError(f"git does not answer: {error}") from error
    if done.returncode:
        raise NeveError(f"git: {look.one_line(done.stderr) or 'it failed'}")
    return done.stdout


@click.command
@click.argument("name", metavar="NODE")
@output_option()
@project_options
def show(chosen: Chosen, name: str, output: str) -> None:
    """Show one NODE: what it is, its rendered text, and its part of the script."""
    compiled = compile_or_leave(chosen)
    node = compiled.nodes.get(name)
    if node is None:
        near = nearest(name, compiled.nodes)
        raise Usage(f"there is no node {name!r}", f"neve show {near}" if near else "neve ls")
    facts = node_json(node, compiled) | {"rendered": node.rendered.text.strip("\n"), "ddl": _ddl(node, compiled)}
    if output == "json":
        look.print_json(facts)
    else:
        click.echo("\n".join(_text(facts)))


def _ddl(node: Node, compiled: Compiled) -> str:
    """The statements of the script that come from the node's file."""
    statements = compiled.script.statements if compiled.script else ()
    return "\n\n".join(f"{s.sql};" for s in statements if s.path == node.file.path and s.kind != "resume")


def _text(facts: Mapping[str, Any]) -> list[str]:
    short = {key: value for key, value in facts.items() if key not in {"rendered", "ddl"}}
    width = max(map(len, short))
    lines = []
    for key, value in short.items():
        text = ", ".join(value) if isinstance(value, list) else value
        if text:
            lines.append(f"{key.replace('_', ' '):<{width}}  {text}")
    for title in ("rendered", "ddl"):
        lines += ["", click.style(f"{title}:", bold=True), facts[title]]
    return lines


def kind(node: Node) -> str:
    """What a node is: model (table), task, python task."""
    if node.materialized:
        return f"model ({node.materialized.replace('_', ' ')})"
    return node.file.kind.replace("_", " ")


def node_json(node: Node, compiled: Compiled) -> dict[str, Any]:
    """A node for programs. `reads` and `writes` are full names, also of sources."""
    return {
        "name": node.name,
        "kind": node.file.kind,
        "materialized": node.materialized,
        "graph": node.graph,
        "file": node.file.path,
        "relation": _full_name(node.relation, compiled, node) if node.relation else None,
        "depends_on": sorted(node.depends_on),
        "reads": _touched(node, compiled, writing=False),
        "writes": _touched(node, compiled, writing=True),
        "tags": list(_tags(node)),
        "description": look.one_line(node.header.description),
    }


def _tags(node: Node) -> Sequence[str]:
    tags = node.header.get("tags", ())
    return (tags,) if isinstance(tags, str) else [str(tag) for tag in tags]


def _touched(node: Node, compiled: Compiled, *, writing: bool) -> list[str]:
    links = [relation for reference, relation in node.links if (reference.access in _WRITES) == writing]
    own = [node.relation] if writing and node.relation and node.materialized else []
    return sorted({_full_name(relation, compiled, node) for relation in (*links, *own)})


def _full_name(relation: Relation, compiled: Compiled, node: Node) -> str:
    """Of a table in a run's schema: with the pattern of its name, such as RUN_{run_id}."""
    if relation.schema is not None:
        return qualified(relation.database, relation.schema, relation.name)
    settings = compiled.project.graphs.get(node.graph or "")
    pattern = str(settings.run_schema.data) if settings and settings.run_schema else "{run_id}"
    return f"{qualified(relation.database)}.{pattern}.{qualified(relation.name)}"
