"""`neve engine`: the local engine's process."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from neve.cli import look
from neve.cli.exits import Exit
from neve.cli.options import folder_option, output_option
from neve.deploy.connect import open_engine, running_engine, start_engine, stop_engine


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


_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_SPAN = re.compile(r"(\d+)\s*([dhms])\s*", re.IGNORECASE)


def _seconds(_context: click.Context, _option: click.Parameter, text: str | None) -> int | None:
    """24h, 90m, 7d or 1d12h as seconds."""
    if text is None:
        return None
    if not text.strip() or _SPAN.sub("", text.strip()):
        raise click.BadParameter(f"{text!r} is no span of time: write 24h, 90m, 7d or 1d12h")
    return sum(int(count) * _UNITS[unit.lower()] for count, unit in _SPAN.findall(text))


@engine.command
@click.option("--advance", "seconds", metavar="SPAN", callback=_seconds,
              help="Let 24h, 90m, 7d or 1d12h pass at once.")  # fmt: skip
@click.option("--reset", is_flag=True, help="Go back to real time.")
@output_option()
@folder_option
def clock(root: Path, output: str, seconds: int | None, *, reset: bool) -> None:
    """Show the engine's clock, or move it.

    With --advance, what falls due in that time happens now, in order: graphs with a schedule or a stream that starts
    them, dynamic tables. Each run sees its own time. The engine stays ahead, also when it is started again.
    """
    if reset and seconds is not None:
        raise click.UsageError("--advance and --reset exclude each other")
    arguments = "'RESET'" if reset else "" if seconds is None else f"'ADVANCE', {seconds}"
    with open_engine(root) as account:
        (row,) = account.execute(f"SELECT SYSTEM$LOCAL_ENGINE_CLOCK({arguments})")
    told = json.loads(next(iter(row.values())))
    if output == "json":
        look.print_json(told)
    else:
        _show_clock(told)


def _show_clock(told: Mapping[str, Any]) -> None:
    events = sorted([*map(_run, told.get("ran", ())), *map(_refresh, told.get("refreshed", ()))])
    if events:
        head = ("time", "what", "because of", "state", "error")
        rows = [(*shown, look.state(state), look.one_line(error)) for *shown, state, error in events]
        click.echo("\n".join(look.table(head, rows)) + "\n")
    elif "ran" in told:
        click.echo("nothing was due")
    ahead = told["ahead_seconds"]
    ending = f"{look.duration(ahead)} ahead of real time" if ahead else "real time"
    click.echo(f"it is {_moment(told['now'])} UTC, {ending}")


def _run(run: Mapping[str, Any]) -> tuple[str, ...]:
    name = f"{run['database']}.{run['schema']}.{run['root']}"
    return _moment(run["scheduled"]), name, run["from"].lower(), run["state"], run["error"] or ""


def _refresh(done: Mapping[str, Any]) -> tuple[str, ...]:
    return _moment(done["time"]), done["name"], "target lag", done["state"], done["error"] or ""


def _moment(text: str) -> str:
    return look.moment(datetime.fromisoformat(text))
