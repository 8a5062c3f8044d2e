"""A bug of ours: the traceback goes to a file, the user gets a sentence."""

import os
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

import click

from neve.deploy.redact import redact


def report(error: Exception, root: Path | None) -> None:
    """Write the traceback into the project's .neve/ (or the temporary folder) and say where; print it if NEVE_DEBUG."""
    text = redact("".join(traceback.format_exception(error)))
    path = _folder(root) / f"crash-{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.txt"
    path.write_text(text, encoding="utf-8")
    click.echo(
        f"neve has failed, and it is not your doing: {type(error).__name__}.\n"
        f"The details are in {path}; please report them with what you typed.",
        err=True,
    )
    if os.environ.get("NEVE_DEBUG"):
        click.echo(text, err=True)


def _folder(root: Path | None) -> Path:
    if root is None or not (root / "project.yml").is_file():
        return Path(tempfile.gettempdir())
    (root / ".neve").mkdir(exist_ok=True)
    return root / ".neve"
