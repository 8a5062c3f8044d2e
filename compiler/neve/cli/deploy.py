"""`neve plan` and `neve apply`."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from neve.cli import look, view_plan
from neve.cli.exits import Exit
from neve.cli.options import output_option, project_options
from neve.cli.project import Chosen, compile_or_leave
from neve.deploy import apply as deploy
from neve.deploy.connect import Connection, open_account
from neve.deploy.errors import NeveError, Usage
from neve.deploy.live import read_live
from neve.deploy.plan import Plan, Step, make_plan
from neve.ir import Compiled

_full = click.option("--full", is_flag=True, help="Every statement of the script, whether needed or not.")


@click.command
@_full
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when there are changes.")
@output_option()
@project_options
def plan(chosen: Chosen, output: str, *, full: bool, detailed_exitcode: bool) -> None:
    """Show what apply would do: what it creates, alters, replaces and drops, and which graphs stand still meanwhile."""
    compiled = compile_or_leave(chosen)
    with open_account(compiled.project.target, chosen.root) as account:
        made = read_and_plan(account, compiled, full=full)
    if output == "json":
        look.print_json(view_plan.as_json(made))
    else:
        click.echo("\n".join(view_plan.as_text(made)))
    if made.conflicts:
        raise click.exceptions.Exit(Exit.FAILED)
    if made.steps and detailed_exitcode:
        raise click.exceptions.Exit(Exit.CHANGES)


@click.command
@_full
@click.option("--auto-approve", is_flag=True, help="Do not ask; needed where nobody can be asked.")
@output_option()
@project_options
def apply(chosen: Chosen, output: str, *, full: bool, auto_approve: bool) -> None:
    """Send what changed, statement by statement.

    A target on Snowflake is asked about first, or needs --auto-approve. A local one is never asked about.
    """
    compiled = compile_or_leave(chosen)
    target = compiled.project.target
    with open_account(target, chosen.root) as account:
        made = read_and_plan(account, compiled, full=full)
        _refuse_conflicts(made)
        say = _quiet if output == "json" else click.echo
        approved = auto_approve or target.engine == "local" or not made.steps
        if not approved:
            _ask(made)
        started = time.perf_counter()
        sent = _send(made, account, say)
    seconds = time.perf_counter() - started
    if output == "json":
        look.print_json({**view_plan.as_json(made), "sent": sent, "seconds": round(seconds, 3)})
    else:
        click.echo(_conclusion(made, seconds))


def read_and_plan(account: Connection, compiled: Compiled, *, full: bool) -> Plan:
    """What is live, compared with the compiled script."""
    if compiled.script is None:
        raise ValueError("a project with errors has no plan")
    live = read_live(account, compiled.project.target, compiled.script.statements)
    return make_plan(compiled.script, live, compiled.project, full=full)


def _refuse_conflicts(made: Plan) -> None:
    if made.conflicts:
        listed = "\n".join(f"  {change.kind} {change.object} ({change.path})" for change in made.conflicts)
        raise NeveError(
            f"these exist already and do not carry this project's mark, so they are somebody else's:\n{listed}",
            "rename or drop them, or give the target another schema",
        )


def _ask(made: Plan) -> None:
    click.echo("\n".join(view_plan.as_text(made)))
    if not sys.stdin.isatty():
        raise Usage("nobody is here to approve the plan", "neve apply --auto-approve")
    click.confirm(f"Apply this to target {made.target}?", abort=True)


def _send(made: Plan, account: Connection, say: Callable[..., Any]) -> int:
    width = len(str(len(made.steps)))

    def tell(number: int, step: Step, seconds: float) -> None:
        say(f"{number:>{width}}/{len(made.steps)}  {deploy.describe(step)}  {look.duration(seconds)}")

    with _stop_between_statements() as stop:
        sent = deploy.apply(made, account, tell, stop)
    if sent < len(made.steps):
        click.echo(deploy.what_stands(made.steps, sent), err=True)
        raise click.exceptions.Exit(Exit.INTERRUPTED)
    return sent


@contextmanager
def _stop_between_statements() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C end an apply after the statement at work; a second one ends it at once."""
    asked = False

    def ask(_signal: int, _frame: object) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)


def _conclusion(made: Plan, seconds: float) -> str:
    if not made.steps:
        return view_plan.summary(made)
    return f"Applied to {made.target} in {look.duration(seconds)}. {view_plan.summary(made)}"


def _quiet(_text: str) -> None:
    pass
