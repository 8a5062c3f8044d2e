"""`neve run` and `neve retry`: start a graph and watch it."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click

from neve.cli import look, view_run
from neve.cli.exits import Exit
from neve.cli.names import Names, read_names, root_of
from neve.cli.options import output_option, project_options, read_config
from neve.cli.project import Chosen, load
from neve.deploy.connect import Connection, open_account
from neve.deploy.errors import NeveError
from neve.ir import Project
from neve.runs import start
from neve.runs.history import read_order, read_runs
from neve.runs.model import RootTask, Run


def _watching(verb: Any) -> Any:
    """The options of verbs that start a run."""
    for option in (
        output_option(),
        click.option("--timeout", type=click.FloatRange(min=0), metavar="SECONDS",
                     help="Stop watching after so long; the run goes on."),
        click.option("--wait/--no-wait", default=True, show_default=True, help="Watch until the run is finished."),
    ):  # fmt: skip
        verb = option(verb)
    return verb


@click.command
@click.argument("graph")
@click.option("--config", "config", multiple=True, metavar="K=V",
              help="Set a value of the graph's config for this run: JSON when it parses, else text; "
                   "a.b=1 sets a nested one; may be repeated.")  # fmt: skip
@click.option("--as-of", metavar="TIME", help="Run as if at this time: sets the config key as_of (ISO 8601; UTC).")
@_watching
@project_options
def run(chosen: Chosen, graph: str, config: tuple[str, ...], as_of: str | None, **options: Any) -> None:
    """Run GRAPH now, and watch it until it is finished.

    Exit code 0: it succeeded (with --no-wait: it was started).
    """
    given = read_config(config)
    if as_of is not None:
        given["as_of"] = start.as_of(as_of)
    project = load(chosen)
    root = root_of(project, graph)
    with open_account(project.target, chosen.root) as account:
        started = start.execute(account, root, given)
        _follow(_Scene(account, project, root, read_names(project, chosen.root)), started, **options)


@click.command
@click.argument("graph")
@_watching
@project_options
def retry(chosen: Chosen, graph: str, **options: Any) -> None:
    """Run again what failed in GRAPH's last run, and what follows it.

    What succeeded is not repeated, and its tables and return values are still there. Snowflake refuses when the graph
    was changed since; procedures (Python tasks) may change.
    """
    project = load(chosen)
    root = root_of(project, graph)
    with open_account(project.target, chosen.root) as account:
        runs = [run for run in read_runs(account, [root]) if run.state != "SCHEDULED"]
        if not runs:
            raise NeveError(f"{graph} has not run in the last seven days", f"neve run {graph}")
        started = start.retry(account, root, runs[0])
        _follow(_Scene(account, project, root, read_names(project, chosen.root)), started, **options)


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a run is watched with."""

    account: Connection
    project: Project
    root: RootTask
    names: Names

    @property
    def graph(self) -> str:
        return self.names.graph(self.root.name)


def _follow(scene: _Scene, started: start.Started, *, wait: bool, timeout: float | None, output: str) -> None:
    """Watch (or only find) the run, show it, and leave with 1 when it did not succeed."""
    patience = start.Patience(
        0.2 if scene.project.target.engine == "local" else 2.0,
        start.automatic_retries(scene.project.graphs[scene.graph]),
        timeout,
    )
    live = None
    if output == "text" and wait:
        live = view_run.Live(scene.names, read_order(scene.account, scene.root))
    snapshots = start.watch(scene.account, scene.root, started, patience)
    last = _last(snapshots, live, scene.graph, first_only=not wait)
    if output == "json":
        look.print_json(view_run.as_json(last, scene.names))
    elif wait:
        _conclude(last, scene.names)
    else:
        click.echo(f"{scene.graph} is running; its run id is {last.run_id}. See: neve runs {scene.graph}")
    if wait and not last.succeeded:
        raise click.exceptions.Exit(Exit.FAILED)


def _last(snapshots: Iterator[Run], live: view_run.Live | None, graph: str, *, first_only: bool) -> Run:
    """The final snapshot, or the first one when that is enough."""
    last: Run | None = None
    with _left_alone(graph):
        for last in snapshots:
            if first_only:
                break
            if live:
                live.show(last)
    if last is None:
        raise NeveError(f"the run of {graph} did not show up", f"neve runs {graph}")
    if live and live.terminal:
        live.show(last, last=True)
    return last


@contextlib.contextmanager
def _left_alone(graph: str) -> Iterator[None]:
    """A run goes on when nobody watches it: say so when the watching ends early."""
    try:
        yield
    except TimeoutError as error:
        raise NeveError(f"the time to watch {graph} is over; the run itself goes on", f"neve runs {graph}") from error
    except KeyboardInterrupt:
        click.echo(f"\nno longer watching; the run itself goes on. See: neve runs {graph}", err=True)
        raise


def _conclude(last: Run, names: Names) -> None:
    click.echo(("" if last.succeeded else "\n") + view_run.summary(last, names))
    if last.failed():
        click.echo(f"why: neve why {names.graph(last.root)}")
