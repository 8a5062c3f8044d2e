"""`neve debug`: the way to the account, step by step, and the first step that fails."""

import click

from neve.cli import look
from neve.cli.exits import Exit
from neve.cli.options import output_option, project_options
from neve.cli.project import Chosen, load
from neve.deploy.checks import Checked, check_way


@click.command
@output_option()
@project_options
def debug(chosen: Chosen, output: str) -> None:
    """Check the way to the target's account, step by step: connection, login, role, warehouse, schema, tasks."""
    project = load(chosen)
    steps = []
    for step in check_way(project, chosen.root):
        steps.append(step)
        if output == "text":
            click.echo(_line(step))
    if output == "json":
        look.print_json([{"step": s.step, "ok": s.ok, "told": s.told, "hint": s.hint or None} for s in steps])
    if not all(step.ok for step in steps):
        raise click.exceptions.Exit(Exit.UNREACHABLE)


def _line(step: Checked) -> str:
    sign = click.style("ok", fg="green") if step.ok else click.style("no", fg="red")
    hint = f"\n      try: {step.hint}" if step.hint and not step.ok else ""
    return f"{sign}  {step.step}: {step.told}{hint}"
