"""`neve engine`: the local engine's process."""

import click

from neve.cli import look
from neve.cli.exits import Exit
from neve.cli.options import output_option, project_options
from neve.cli.project import Chosen
from neve.deploy.connect import engine_state, start_engine


@click.group
def engine() -> None:
    """Start, stop and reach the local engine: a small Snowflake on 127.0.0.1, its state in the project's .neve/engine.

    The other verbs start it when they need it.
    """


@engine.command
@project_options
def start(chosen: Chosen) -> None:
    """Start the engine, unless it runs."""
    running = start_engine(chosen.root)
    click.echo(f"the engine runs on port {running.connection['port']} (process {running.pid})")


@engine.command
@project_options
def stop(chosen: Chosen) -> None:
    """Stop the engine; what it holds stays on disk."""
    from neve.local import manage

    was_running = manage.status(engine_state(chosen.root)) is not None
    manage.stop(engine_state(chosen.root))
    click.echo("the engine is stopped" if was_running else "the engine was not running")


@engine.command
@output_option()
@project_options
def status(chosen: Chosen, output: str) -> None:
    """Say whether the engine runs; exit code 69 when it does not."""
    from neve.local import manage

    running = manage.status(engine_state(chosen.root))
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
@project_options
def connection(chosen: Chosen, output: str) -> None:
    """Print the connector's arguments for the engine, its password for this machine included; starts it if need be."""
    arguments = dict(start_engine(chosen.root).connection)
    if output == "json":
        look.print_json(arguments)
    else:
        click.echo("\n".join(f"{key}: {value}" for key, value in arguments.items()))
