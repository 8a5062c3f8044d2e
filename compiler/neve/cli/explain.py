"""`neve explain`: the page of an error's code."""

import click

from neve.cli import look
from neve.deploy.errors import Usage
from neve.diagnostics import codes


@click.command
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Explain the CODE of an error, such as NEVE101; without one, list all codes."""
    if code is None:
        click.echo("\n".join(look.table(("code", "title"), list(codes.CODES.items()))))
        return
    page = codes.explain(code)
    if page is None:
        near = codes.nearest_code(code)
        hint = "neve explain, which lists all codes"
        raise Usage(f"there is no code {code!r}", f"neve explain {near}, or {hint}" if near else hint)
    click.echo(page.rstrip())
