"""`neve init`: a small project that compiles and runs."""

import re
import shlex
import unicodedata
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from neve.deploy.errors import Usage

_RENAMED = {"gitignore.txt": ".gitignore"}


@click.command
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
def init(folder: Path) -> None:
    """Make a small project in FOLDER (default: this one): a seed, a model, a Python task, and the graph of both."""
    if (folder / "project.yml").exists():
        raise Usage(f"{folder / 'project.yml'} is there already", "neve init another_folder")
    name = _name(folder.resolve().name)
    folder.mkdir(parents=True, exist_ok=True)
    for path in _copy(resources.files("neve.cli").joinpath("template"), folder, name):
        click.echo(f"wrote {path}")
    away = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    click.echo(f"\nNext: {away}neve compile && neve seed && neve apply && neve run daily_orders")


def _name(folder: str) -> str:
    """A project's and database's name after its folder's: letters without accents, digits and _."""
    plain = unicodedata.normalize("NFKD", folder).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"\W+", "_", plain).strip("_")
    return name if name[:1].isalpha() else f"project_{name}".rstrip("_")


def _copy(source: Traversable, to: Path, name: str) -> list[Path]:
    """Copy a folder, with `__name__` in its files replaced; what exists is kept."""
    written: list[Path] = []
    for entry in sorted(source.iterdir(), key=lambda entry: entry.name):
        path = to / _RENAMED.get(entry.name, entry.name.removesuffix(".txt"))
        if entry.is_dir():
            path.mkdir(exist_ok=True)
            written += _copy(entry, path, name)
        elif not path.exists():
            path.write_text(entry.read_text(encoding="utf-8").replace("__name__", name), encoding="utf-8")
            written.append(path)
    return written
