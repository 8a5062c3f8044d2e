"""`neve graph`, `neve ls` and `neve show`: the compiled project, to look at."""

from collections.abc import Iterator, Mapping

import click

from neve.cli import look
from neve.cli.options import output_option, project_options
from neve.cli.project import Chosen, compile_or_leave
from neve.deploy.errors import Usage
from neve.ir import Compiled, Node, Task, TaskGraph
from neve.names import nearest, qualified


@click.command
@click.argument("name", metavar="[GRAPH]", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "mermaid"]),
    default="text",
    show_default=True,
    help="A tree, or a Mermaid flow chart.",
)
@project_options
def graph(chosen: Chosen, name: str | None, form: str) -> None:
    """Show GRAPH, or all graphs: which task follows which."""
    compiled = compile_or_leave(chosen)
    if name is not None and name not in compiled.graphs:
        near = nearest(name, compiled.graphs)
        raise Usage(f"there is no graph {name!r}", f"neve graph {near}" if near else "neve graph")
    draw = {"text": tree, "mermaid": mermaid}[form]
    graphs = [compiled.graphs[name]] if name else list(compiled.graphs.values())
    click.echo("\n".join(line for one in graphs for line in draw(one)))


def label(task: Task, graph: TaskGraph) -> str:
    """What people call a task: its node's name, or what follows the `$`; the root goes by its graph's name."""
    if task.node is not None:
        return task.node.name
    return graph.settings.name if task is graph.root else _short(task.name).split("$", 1)[-1].lower()


def _short(name: str) -> str:
    return name.rsplit(".", 1)[-1].strip('"')


def tree(graph: TaskGraph) -> Iterator[str]:
    """The graph as lines: each task under the last of those that it follows, which are named when there are several."""
    labels = {_short(task.name): label(task, graph) for task in (graph.root, *graph.tasks)}
    order = {name: place for place, name in enumerate(labels)}
    children: dict[str, list[Task]] = {name: [] for name in labels}
    for task in graph.tasks:
        above = [_short(name) for name in task.after]
        if above:
            children[max(above, key=order.__getitem__)].append(task)
    yield labels[_short(graph.root.name)] + _root_note(graph)
    yield from _branches(_short(graph.root.name), children, labels, "")
    if graph.finalizer is not None:
        yield f"finally: {label(graph.finalizer, graph)}"


def _branches(name: str, children: Mapping[str, list[Task]], labels: Mapping[str, str], indent: str) -> Iterator[str]:
    for task in children[name]:
        last = task is children[name][-1]
        short = _short(task.name)
        others = [labels[_short(above)] for above in task.after if _short(above) != name]
        notes = [f"also after {', '.join(others)}"] if others else []
        notes += [f"when {task.when}"] if task.when else []
        note = click.style(f"  ({'; '.join(notes)})", dim=True) if notes else ""
        yield f"{indent}{'└─' if last else '├─'} {labels[short]}{note}"
        yield from _branches(short, children, labels, indent + ("   " if last else "│  "))


def _root_note(graph: TaskGraph) -> str:
    schedule = graph.settings.schedule
    return click.style(f"  ({schedule.data})", dim=True) if schedule and isinstance(schedule.data, str) else ""


def mermaid(graph: TaskGraph) -> Iterator[str]:
    """The graph as a Mermaid flow chart."""
    yield "flowchart LR"
    everything = (graph.root, *graph.tasks, *([graph.finalizer] if graph.finalizer else []))
    ids = {_short(task.name): f"t{place}" for place, task in enumerate(everything)}
    for task in everything:
        opening, closing = ("([", "])") if task is graph.root or task is graph.finalizer else ("[", "]")
        yield f'  {ids[_short(task.name)]}{opening}"{label(task, graph)}"{closing}'
    for task in graph.tasks:
        for above in task.after:
            arrow = '-->|"when"|' if task.when else "-->"
            yield f"  {ids[_short(above)]} {arrow} {ids[_short(task.name)]}"
    if graph.finalizer is not None:
        yield f"  {ids[_short(graph.root.name)]} -. finally .-> {ids[_short(graph.finalizer.name)]}"


@click.command
@output_option()
@project_options
def ls(chosen: Chosen, output: str) -> None:
    """List the nodes: name, kind, graph, and file."""
    compiled = compile_or_leave(chosen)
    if output == "json":
        look.print_json([_node_json(node, compiled) for node in compiled.nodes.values()])
        return
    rows = [(node.name, kind(node), node.graph or "", node.file.path) for node in compiled.nodes.values()]
    click.echo("\n".join(look.table(("name", "kind", "graph", "file"), rows)))


@click.command
@click.argument("name", metavar="NODE")
@output_option()
@project_options
def show(chosen: Chosen, name: str, output: str) -> None:
    """Show one NODE: its file, the object that it makes, what it follows and what follows it."""
    compiled = compile_or_leave(chosen)
    node = compiled.nodes.get(name)
    if node is None:
        near = nearest(name, compiled.nodes)
        raise Usage(f"there is no node {name!r}", f"neve show {near}" if near else "neve ls")
    facts = _node_json(node, compiled)
    if output == "json":
        look.print_json(facts)
        return
    width = max(map(len, facts))
    for key, value in facts.items():
        text = ", ".join(value) if isinstance(value, list) else value
        if text:
            click.echo(f"{key.replace('_', ' '):<{width}}  {text}")


def kind(node: Node) -> str:
    """What a node is: model (table), task, python task."""
    if node.materialized:
        return f"model ({node.materialized.replace('_', ' ')})"
    return node.file.kind.replace("_", " ")


def _node_json(node: Node, compiled: Compiled) -> dict[str, str | list[str] | None]:
    return {
        "name": node.name,
        "kind": kind(node),
        "graph": node.graph,
        "file": node.file.path,
        "object": _object(node),
        "after": list(node.depends_on),
        "before": [other.name for other in compiled.nodes.values() if node.name in other.depends_on],
        "description": look.one_line(node.header.description),
    }


def _object(node: Node) -> str | None:
    if node.relation is None:
        return None
    schema = qualified(node.relation.schema) if node.relation.schema else "<the run's schema>"
    return f"{qualified(node.relation.database)}.{schema}.{qualified(node.relation.name)}"
