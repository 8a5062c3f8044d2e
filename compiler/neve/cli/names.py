"""Between the names that people write (`daily_training`, `train`) and those that Snowflake stores."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from neve.deploy.errors import Usage
from neve.ir import Project
from neve.names import fold, nearest
from neve.runs.model import RootTask


@dataclass(frozen=True, slots=True)
class Names:
    """The graphs and nodes of a project, by their stored names; anything else is told in lower case."""

    graphs: Mapping[str, str]
    nodes: Mapping[str, str]

    def graph(self, root: str) -> str:
        return self.graphs.get(root, root.lower())

    def task(self, stored: str) -> str:
        """`DAILY_TRAINING$TRAIN` -> `train`; the root task goes by its graph's name."""
        root, mark, short = stored.partition("$")
        if not mark:
            return self.graph(root)
        return self.nodes.get(short, short.lower())


def read_names(project: Project, root: Path) -> Names:
    """The names of a project, read off project.yml and the names of its files: they need no compilation."""
    from neve.diagnostics.collect import Findings
    from neve.discover import discover

    files = discover(root, Findings())
    return Names(
        {fold(name): name for name in project.graphs},
        {fold(file.name): file.name for file in files if file.kind in {"model", "task", "python_task"}},
    )


def root_of(project: Project, graph: str) -> RootTask:
    """The root task of a graph of project.yml. Raises Usage for another name."""
    if graph not in project.graphs:
        near = nearest(graph, project.graphs)
        known = ", ".join(project.graphs) or "none"
        context = click.get_current_context(silent=True)  # none when a test asks
        typed = context.command_path if context else "neve run"
        raise Usage(f"there is no graph {graph!r}; project.yml has: {known}", f"{typed} {near}" if near else "")
    return RootTask(project.target.database, project.target.schema, fold(graph))


def all_roots(project: Project) -> list[RootTask]:
    """The root tasks of all graphs. Raises Usage when there is none."""
    if not project.graphs:
        raise Usage("project.yml has no graphs")
    return [root_of(project, graph) for graph in project.graphs]
