"""`neve explain`: the page of an error's code."""

import click

from neve.deploy.errors import Usage
from neve.diagnostics import codes


@click.command
@click.argument("code")
def explain(code: str) -> None:
    """Explain the CODE of an error, such as NEVE101."""
    page = codes.explain(code)
    if page is None:
        near = codes.nearest_code(code)
        raise Usage(f"there is no code {code!r}", f"neve explain {near}" if near else "")
    click.echo(page.rstrip())
