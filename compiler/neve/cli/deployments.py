"""`neve deployments`, `neve rollback`, `neve unlock` and `neve destroy`: what was applied, and taking it back."""

from typing import Any

import click

from neve.cli import look
from neve.cli.deploy import ask, deliver
from neve.cli.options import output_option, project_options
from neve.cli.project import Chosen, load
from neve.deploy.apply import read_plan
from neve.deploy.connect import open_account
from neve.deploy.deployments import Deployment, Journal
from neve.deploy.errors import NeveError
from neve.deploy.lock import place_of, unlock
from neve.ir import Script

_approve = click.option("--auto-approve", is_flag=True, help="Do not ask; needed where nobody can be asked.")


@click.command
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many.")
@output_option()
@project_options
def deployments(chosen: Chosen, limit: int, output: str) -> None:
    """List the applies of this project and target, the newest first."""
    project = load(chosen)
    with open_account(project.target, chosen.root) as account:
        found = Journal(account, project).read(limit)
    if output == "json":
        look.print_json({"deployments": [_json(deployment) for deployment in found]})
    elif found:
        head = ("id", "started (UTC)", "who", "revision", "sent", "outcome", "")
        click.echo("\n".join(look.table(head, [_row(deployment) for deployment in found])))
    else:
        click.echo("nothing has been applied yet")


def _row(d: Deployment) -> tuple[str, ...]:
    first = next(iter(d.message.splitlines()), "")
    who = f"{d.who}@{d.host}"
    return d.id, look.moment(d.started_at), who, d.revision, f"{d.sent}/{d.statements}", d.outcome, first


def _json(d: Deployment) -> dict[str, Any]:
    return {
        "id": d.id,
        "started_at": d.started_at.isoformat() if d.started_at else None,
        "finished_at": d.finished_at.isoformat() if d.finished_at else None,
        "who": d.who,
        "host": d.host,
        "revision": d.revision or None,
        "fingerprint": d.fingerprint,
        "statements": d.statements,
        "sent": d.sent,
        "outcome": d.outcome,
        "message": d.message or None,
    }


@click.command
@click.argument("deployment", metavar="ID")
@_approve
@output_option()
@project_options
def rollback(chosen: Chosen, deployment: str, output: str, *, auto_approve: bool) -> None:
    """Apply the script of an earlier deployment once more, after showing what that changes. The files stay as they are.

    The next `neve apply` brings back what the files say.
    """
    project = load(chosen)
    with open_account(project.target, chosen.root) as account:
        made = read_plan(Journal(account, project).script(deployment), account, project)
        deliver(chosen, made, account, approved=auto_approve, output=output)


@click.command
@_approve
@output_option()
@project_options
def destroy(chosen: Chosen, output: str, *, auto_approve: bool) -> None:
    """Drop all that this project has deployed to the target, after showing it; the history of deployments stays.

    What runs have made (the schemas and tables of runs) stays, too.
    """
    project = load(chosen)
    with open_account(project.target, chosen.root) as account:
        made = read_plan(Script((), ""), account, project)
        if not made.steps and not made.conflicts:
            raise NeveError(f"nothing of {project.name} is deployed to {project.target.name}")
        deliver(chosen, made, account, approved=auto_approve, output=output)


@click.command("unlock")
@click.argument("lock", metavar="ID")
@_approve
@project_options
def unlock_(chosen: Chosen, lock: str, *, auto_approve: bool) -> None:
    """Take the lock ID away from its holder, when you know that its apply is dead."""
    project = load(chosen)
    with open_account(project.target, chosen.root) as account:
        if not auto_approve:
            ask("Two applies at once can leave a graph half old and half new.", f"Take lock {lock} away?")
        holder = unlock(account, place_of(project), lock)
    click.echo(f"took the lock of {holder}")
