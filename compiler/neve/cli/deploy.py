"""`neve plan` and `neve apply`."""

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from neve.cli import look, view_plan
from neve.cli.exits import Exit
from neve.cli.names import read_names
from neve.cli.options import output_option, project_options
from neve.cli.project import Chosen, compile_or_leave
from neve.cli.selection import Wanted, chosen_part, wanted_of, wanted_options, widened
from neve.deploy import apply as deploy
from neve.deploy.connect import Connection, open_account
from neve.deploy.deployments import fingerprint
from neve.deploy.errors import NeveError, Stale, Usage
from neve.deploy.plan import Plan, Step
from neve.deploy.revision import git_revision
from neve.deploy.send import describe, what_stands
from neve.deploy.texts import with_texts
from neve.ir import Compiled, Project, Script
from neve.names import parse_name
from neve.runs.history import read_runs
from neve.runs.model import RootTask, Run


@click.command
@wanted_options
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Keep the plan, for `neve apply --plan FILE`.")  # fmt: skip
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when there are changes.")
@output_option("text", "json", "markdown")
@project_options
def plan(chosen: Chosen, wanted: Wanted, output: str, out: Path | None, *, detailed_exitcode: bool) -> None:
    """Show what apply would do: what it creates, alters, replaces and drops, and which graphs stand still meanwhile."""
    compiled = compile_or_leave(chosen)
    script, part = script_of(compiled), chosen_part(compiled, wanted, chosen.root)
    with open_account(compiled.project.target, chosen.root) as account:
        made = deploy.read_plan(script, account, compiled.project, full=wanted.full, part=part)
        made = with_texts(made, account)
        runs = affected_runs(made, account)
    wider = widened(part)
    notes = [*filter(None, [wider]), *view_plan.notes(made, runs, read_names(compiled.project, chosen.root))]
    click.echo(view_plan.render(made, notes, output, compiled.graphs))
    if out is not None:
        kept = {**view_plan.as_file(made), **asdict(wanted)}
        out.write_text(json.dumps(kept, indent=2), encoding="utf-8")
    if made.conflicts:
        raise click.exceptions.Exit(Exit.FAILED)
    if made.steps and detailed_exitcode:
        raise click.exceptions.Exit(Exit.CHANGES)


@click.command
@wanted_options
@click.option("--plan", "planned", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="Apply this plan of `neve plan --out`, or nothing when files or account moved since.")  # fmt: skip
@click.option("--auto-approve", is_flag=True, help="Do not ask; needed where nobody can be asked.")
@output_option()
@project_options
def apply(chosen: Chosen, wanted: Wanted, output: str, planned: Path | None, *, auto_approve: bool) -> None:
    """Send what changed, statement by statement.

    A target on Snowflake is asked about first, or needs --auto-approve or --plan. A local one is never asked about.
    """
    if planned and wanted != Wanted():
        raise Usage("--plan says already what is sent, without --full, --select and --exclude")
    compiled = compile_or_leave(chosen)
    script, project = script_of(compiled), compiled.project
    _check_reviewed(chosen, script, project)
    kept = read_plan_file(planned, script, project) if planned else None
    wanted = wanted_of(kept) if kept else wanted
    part = chosen_part(compiled, wanted, chosen.root)
    with open_account(project.target, chosen.root) as account:
        made = deploy.read_plan(script, account, project, full=wanted.full, part=part)
        if kept is not None and not view_plan.is_kept(made, kept):
            raise Stale("the account has changed since the plan was made; nothing was sent", "neve plan")
        approved = auto_approve or kept is not None or project.target.engine == "local"
        deliver(chosen, made, account, approved=approved, output=output)


def _check_reviewed(chosen: Chosen, script: Script, project: Project) -> None:
    """Raises Stale when the script that was reviewed is not the one that would be sent to an account."""
    path = chosen.root / "deploy" / f"{project.target.name}.sql"
    if project.target.engine != "local" and path.is_file() and path.read_text(encoding="utf-8") != script.text:
        raise Stale(
            f"deploy/{path.name} is not what the files compile to; nothing was sent",
            f"neve compile -t {project.target.name}, and have the script reviewed",
        )


def deliver(chosen: Chosen, made: Plan, account: Connection, *, approved: bool, output: str) -> None:
    """Ask about a plan, send it, and say how it went."""
    refuse_conflicts(made)
    if made.steps and not approved:
        ask("\n".join(view_plan.as_text(with_texts(made, account))), f"Apply this to target {made.target}?")
    started = time.perf_counter()
    sent = _send(chosen, made, account, quiet=output == "json") if made.steps else 0
    seconds = time.perf_counter() - started
    if output == "json":
        look.print_json({**view_plan.as_json(made), "sent": sent, "seconds": round(seconds, 3)})
    else:
        click.echo(_conclusion(made, seconds))


def script_of(compiled: Compiled) -> Script:
    """The script of a project without errors."""
    if compiled.script is None:
        raise ValueError("a project with errors has no script")
    return compiled.script


def affected_runs(made: Plan, account: Connection) -> list[Run]:
    """The newest run of each graph that the plan stops, or of which it replaces a procedure: what it might cost."""
    replaced = [change.object for change in made.changes if change.kind == "procedure" and change.action == "replace"]
    named = dict.fromkeys([*made.stopped, *(name.partition("$")[0] for name in replaced)])
    roots = [RootTask(*parts) for name in named if (parts := parse_name(name)) and len(parts) == 3]
    runs = read_runs(account, roots) if roots else ()
    return [found for root in roots if (found := next((run for run in runs if run.root == root.name), None))]


def read_plan_file(path: Path, script: Script, project: Project) -> dict[str, Any]:
    """A kept plan. Raises Usage when it is none, and Stale when it is not one of these files."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        of, seen = (kept["project"], kept["target"], kept["script"]), kept["seen"]
        wanted_of(kept), view_plan.statements_of(kept)
    except (ValueError, KeyError, TypeError) as error:
        raise Usage(f"{path} is no plan", "neve plan --out FILE") from error
    if of[:2] != (project.name, project.target.name):
        raise Usage(f"{path} is a plan for target {of[1]!r} of project {of[0]!r}")
    if of[2] != fingerprint(script) or not isinstance(seen, str):
        raise Stale("the files have changed since the plan was made; nothing was sent", "neve plan")
    return dict(kept)


def refuse_conflicts(made: Plan) -> None:
    """Raises NeveError when something stands in the way that is not ours to move."""
    if made.conflicts:
        listed = "\n".join(f"  {change.kind} {change.object}: {change.why}" for change in made.conflicts)
        raise NeveError(
            f"this stands in the way and is not this project's to change:\n{listed}",
            "move or drop it by hand, or give the target another schema; or, where it is the project's all the same, "
            f"have its COMMENT end in [neve:{made.project.name}/{made.target}:0]",
        )


def ask(shown: str, question: str) -> None:
    """Show and ask; leave when the answer is no. Raises Usage when nobody is there."""
    click.echo(shown)
    if not sys.stdin.isatty():
        raise Usage("nobody is here to approve this", "the same command with --auto-approve")
    click.confirm(question, abort=True)


def _send(chosen: Chosen, made: Plan, account: Connection, *, quiet: bool) -> int:
    width = len(str(len(made.steps)))

    def tell(number: int, step: Step, seconds: float) -> None:
        if not quiet:
            click.echo(f"{number:>{width}}/{len(made.steps)}  {describe(step)}  {look.duration(seconds)}")

    with stop_between_statements() as stop:
        sent = deploy.apply(made, account, git_revision(chosen.root), tell, stop)
    if sent < len(made.steps):
        click.echo(what_stands(made.steps, sent), err=True)
        raise click.exceptions.Exit(Exit.INTERRUPTED)
    return sent


@contextmanager
def stop_between_statements() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C end an apply after the statement at work; a second one ends it at once."""
    asked = False

    def ask_to_stop(_signal: int, _frame: object) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, before)
        click.echo("stopping after this statement (Ctrl-C again: at once) ...", err=True)

    before = signal.signal(signal.SIGINT, ask_to_stop)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)


def _conclusion(made: Plan, seconds: float) -> str:
    if not made.steps:
        return view_plan.summary(made)
    return f"Applied to {made.target} in {look.duration(seconds)}. {view_plan.summary(made)}"
