"""`neve engine`: the local engine's process."""

from pathlib import Path

import click

from neve.cli import look
from neve.cli.exits import Exit
from neve.cli.options import folder_option, output_option
from neve.deploy.connect import running_engine, start_engine, stop_engine


@click.group
def engine() -> None:
    """Start, stop and reach the local engine: a small Snowflake on 127.0.0.1, its state in the project's .neve/engine.

    The other verbs start it when they need it.
    """


@engine.command
@folder_option
def start(root: Path) -> None:
    """Start the engine, unless it runs."""
    running = start_engine(root)
    click.echo(f"the engine runs on port {running.connection['port']} (process {running.pid})")


@engine.command
@folder_option
def stop(root: Path) -> None:
    """Stop the engine; what it holds stays on disk."""
    click.echo("the engine is stopped" if stop_engine(root) else "the engine was not running")


@engine.command
@output_option()
@folder_option
def status(root: Path, output: str) -> None:
    """Say whether the engine runs; exit code 69 when it does not."""
    running = running_engine(root)
    if output == "json":
        look.print_json({"running": running is not None, "pid": running.pid if running else None,
                         "port": running.connection["port"] if running else None})  # fmt: skip
    elif running:
        click.echo(f"the engine runs on port {running.connection['port']} (process {running.pid})")
    else:
        click.echo("the engine does not run; start it with: neve engine start")
    if not running:
        raise click.exceptions.Exit(Exit.UNREACHABLE)


@engine.command
@output_option()
@folder_option
def connection(root: Path, output: str) -> None:
    """Print the connector's arguments for the engine, password included; starts it if need be."""
    arguments = dict(start_engine(root).connection)
    if output == "json":
        look.print_json(arguments)
    else:
        click.echo("\n".join(f"{key}: {value}" for key, value in arguments.items()))
