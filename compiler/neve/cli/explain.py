"""`neve explain`: the page of an error's code."""

from importlib import resources

import click

from neve.deploy.errors import Usage


@click.command
@click.argument("code")
def explain(code: str) -> None:
    """Explain the CODE of an error, such as NEVE001."""
    pages = resources.files("neve.diagnostics").joinpath("pages")
    page = pages.joinpath(f"{code.upper()}.md")
    if not page.is_file():
        from neve.names import nearest

        known = [entry.name.removesuffix(".md") for entry in pages.iterdir() if entry.name.endswith(".md")]
        near = nearest(code.upper(), known)
        raise Usage(f"there is no code {code!r}", f"neve explain {near}" if near else "")
    click.echo(page.read_text(encoding="utf-8").rstrip())
