"""`neve runs` and `neve why`: what has run, and what went wrong."""

from pathlib import Path
from typing import Any

import click

from neve.cli import look, view_run
from neve.cli.names import Names, all_roots, read_names, root_of
from neve.cli.options import output_option, project_options
from neve.cli.project import Chosen, load
from neve.deploy.connect import open_account
from neve.deploy.errors import NeveError
from neve.deploy.redact import redact
from neve.names import qualified
from neve.runs.history import read_runs
from neve.runs.model import BAD, BUSY
from neve.runs.why import Cause, Explanation, Trace, explain


@click.command
@click.argument("graph", required=False)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many runs.")
@output_option()
@project_options
def runs(chosen: Chosen, graph: str | None, limit: int, output: str) -> None:
    """List the runs of GRAPH, or of all graphs, of the last seven days; the newest is first.

    The JSON is {"runs": [...]}, each as `neve run --output json` gives it.
    """
    project = load(chosen)
    roots = [root_of(project, graph)] if graph else all_roots(project)
    with open_account(project.target, chosen.root) as account:
        found = [run for run in read_runs(account, roots) if run.state != "SCHEDULED"][:limit]
    names = read_names(project, chosen.root)
    if output == "json":
        look.print_json({"runs": [view_run.as_json(run, names) for run in found]})
    elif found:
        click.echo("\n".join(view_run.runs_table(found, names)))
    else:
        click.echo(f"no runs in the last seven days; start one with: neve run {graph or next(iter(project.graphs))}")


@click.command
@click.argument("graph", required=False)
@output_option()
@project_options
def why(chosen: Chosen, graph: str | None, output: str) -> None:
    """Say why the last run of GRAPH failed: the task, its file and line, the error, and what it blocked.

    Without GRAPH: the last failed run of any.
    """
    project = load(chosen)
    roots = [root_of(project, graph)] if graph else all_roots(project)
    with open_account(project.target, chosen.root) as account:
        found = [run for run in read_runs(account, roots) if run.state != "SCHEDULED"]
    if not graph:
        found = [run for run in found if run.state in BAD] or found
    if not found:
        raise NeveError("nothing has run in the last seven days", f"neve run {graph or next(iter(project.graphs))}")
    names = read_names(project, chosen.root)
    last = found[0]
    explanation = explain(last, *_compiled(chosen))
    if output == "json":
        look.print_json(_json(explanation, names))
    elif last.state in BUSY:
        click.echo(f"{names.graph(last.root)} is still running (run {last.run_id}).")
    elif last.state not in BAD:
        click.echo(f"The last run of {names.graph(last.root)} (run {last.run_id}) {last.state}: nothing to explain.")
    else:
        click.echo("\n".join(_text(explanation, names, chosen.root)))


def _compiled(chosen: Chosen) -> tuple[Any, Trace]:
    """The project as its files are now, and a way from a procedure's line to theirs; what has errors tells nothing."""
    from neve.cache.project import Cache
    from neve.compile import compile_project, trace_line

    compiled, _ = compile_project(chosen.root, chosen.target, chosen.vars, Cache(chosen.root))
    script = compiled.script if compiled else None

    def trace(task: str, line: int) -> tuple[str, int] | None:
        if compiled is None or script is None:
            return None
        target = compiled.project.target
        return trace_line(script, qualified(target.database, target.schema, task), line)

    return compiled, trace


def _text(explanation: Explanation, names: Names, root: Path) -> list[str]:
    run = explanation.run
    graph = names.graph(run.root)
    ended = f"{look.state(run.state)} {look.moment(run.completed_at)}"
    lines = [f"{graph}: run {run.run_id}, attempt {run.attempt}, {ended}"]
    for cause in explanation.causes:
        lines += ["", *_cause_lines(cause, names, root)]
    if explanation.blocked:
        lines += ["", f"It blocked: {', '.join(map(names.task, explanation.blocked))}."]
    return [*lines, "", *_next(explanation, graph)]


def _next(explanation: Explanation, graph: str) -> list[str]:
    """What to type next: edited Python can be retried, an edited SQL file makes another graph (fact sheet 2.4)."""
    if all(cause.path.endswith(".py") for cause in explanation.causes):
        return [f"Mend it, then: neve apply && neve retry {graph}"]
    return [
        f"When the data was at fault: neve retry {graph}",
        f"When a file is: mend it, then neve apply && neve run {graph} (a changed graph cannot be retried)",
    ]


def _cause_lines(cause: Cause, names: Names, root: Path) -> list[str]:
    place = f"{cause.place[0]}:{cause.place[1]}" if cause.place else cause.path
    lines = [click.style(f"{names.task(cause.task)} failed", fg="red", bold=True) + (f" in {place}" if place else "")]
    if cause.place:
        lines += _source_line(root / cause.place[0], cause.place[1])
    message = view_run.last_line(cause.message) if cause.place else cause.message
    return [*lines, *(f"  {line}" for line in redact(message).splitlines())]


def _source_line(path: Path, number: int) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [f"  {number} | {lines[number - 1]}"] if 0 < number <= len(lines) else []


def _json(explanation: Explanation, names: Names) -> dict[str, Any]:
    return {
        **view_run.as_json(explanation.run, names),
        "causes": [
            {
                "task": names.task(cause.task),
                "path": cause.place[0] if cause.place else cause.path or None,
                "line": cause.place[1] if cause.place else None,
                "error_code": cause.code,
                "error_message": redact(cause.message),
            }
            for cause in explanation.causes
        ],
        "blocked": [names.task(name) for name in explanation.blocked],
    }
