"""The command `neve`: its verbs, one line each, and what becomes of their errors. A verb is imported when called."""

import importlib
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

import click

from neve.cli.exits import Exit, exit_of


class Verb(NamedTuple):
    """Where a verb lives (`module:attribute`) and its line in the help."""

    where: str
    help: str


SECTIONS: dict[str, dict[str, Verb]] = {
    "Write": {
        "init": Verb("init:init", "Make a small project that compiles."),
        "compile": Verb("compile:compile_", "Write deploy/<target>.sql from the project's files."),
        "graph": Verb("graph:graph", "Show the graphs as text or Mermaid."),
        "ls": Verb("ls:ls", "List the nodes, or those that a selector chooses."),
        "show": Verb("ls:show", "Show one node: what it is, its rendered text, its DDL."),
        "explain": Verb("explain:explain", "Explain the code of an error."),
    },
    "Deploy": {
        "plan": Verb("deploy:plan", "Show what apply would do."),
        "apply": Verb("deploy:apply", "Send what changed to the account or engine."),
        "deployments": Verb("deployments:deployments", "List what was applied, when and by whom."),
        "rollback": Verb("deployments:rollback", "Apply the script of an earlier deployment."),
        "destroy": Verb("deployments:destroy", "Drop all that the project has deployed."),
        "unlock": Verb("deployments:unlock_", "Take the lock of a dead apply away."),
        "debug": Verb("debug:debug", "Check the way to the account, step by step."),
        "seed": Verb("seed:seed", "Load seeds/ into the declared sources."),
        "engine": Verb("engine:engine", "Start, stop and reach the local engine."),
    },
    "Run": {
        "run": Verb("run:run", "Run a graph and watch it."),
        "retry": Verb("run:retry", "Run the failed tasks of the last run again, and what follows."),
        "runs": Verb("runs:runs", "List the runs."),
        "why": Verb("runs:why", "Say why a run failed, and what that blocked."),
        "test": Verb("test:test", "Run the data tests of models."),
        "metrics": Verb("metrics:metrics", "List the models' versions with their metrics."),
    },
}
VERBS = {name: verb for section in SECTIONS.values() for name, verb in section.items()}


class Verbs(click.Group):
    """A group that knows its verbs' names and help lines before it imports any of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        verb = VERBS.get(cmd_name)
        if verb is None:
            return None
        module, attribute = verb.where.split(":")
        command: click.Command = getattr(importlib.import_module(f"neve.cli.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        width = max(map(len, VERBS))
        for title, verbs in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), verb.help) for name, verb in verbs.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb; its errors become text and an exit code. `ctx.obj` is the project's root once a verb knows it."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.Abort, click.ClickException, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 (the last stop: whatever arrives here is shown, with its exit code)
            ctx.exit(show_error(error, ctx.obj))

    def main(self, args: Any = None, prog_name: Any = None, **extra: Any) -> Any:  # type: ignore[override]
        """Run a verb and leave with its exit code."""
        extra["standalone_mode"] = False
        try:
            sys.exit(super().main(args, prog_name or "neve", **extra) or Exit.OK)
        except click.exceptions.Exit as error:
            sys.exit(error.exit_code)
        except click.ClickException as error:
            error.show()
            sys.exit(Exit.USAGE)
        except (KeyboardInterrupt, click.Abort):
            click.echo("interrupted", err=True)
            sys.exit(Exit.INTERRUPTED)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(Exit.OK)


def show_error(error: Exception, root: Path | None) -> Exit:
    """Print an error in plain words; a bug of ours goes to a file with its traceback."""
    from neve.deploy.errors import NeveError
    from neve.deploy.redact import redact

    code = exit_of(error)
    if code is None or not isinstance(error, NeveError):
        from neve.cli.crash import report

        report(error, root)
        return Exit.BUG
    click.echo(click.style("error: ", fg="red", bold=True) + redact(error.message), err=True)
    if error.hint:
        click.echo(click.style("  try: ", bold=True) + redact(error.hint), err=True)
    return code


@click.group("neve", cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="neve", message="neve %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Pack a folder of SQL and Python into one Snowflake deployment script, apply it, run it.

    The target is `local`, an engine on this machine, unless project.yml or -t says otherwise.
    """
    if os.environ.get("NO_COLOR"):
        ctx.color = False
