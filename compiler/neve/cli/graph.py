"""`neve graph`: which task follows which."""

from collections.abc import Collection, Iterator, Mapping

import click

from neve.cli.options import project_options
from neve.cli.project import Chosen, compile_or_leave
from neve.deploy.errors import Usage
from neve.graph import members
from neve.ir import Task, TaskGraph
from neve.names import nearest


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


def mermaid(graph: TaskGraph, changed: Collection[str] = ()) -> Iterator[str]:
    """The graph as a Mermaid flow chart; tasks whose stored names are in `changed` are marked."""
    yield "flowchart LR"
    everything = members(graph)
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
    marked = [place for name, place in ids.items() if name in changed]
    if marked:
        yield "  classDef changed stroke-width:4px"
        yield f"  class {','.join(marked)} changed"
