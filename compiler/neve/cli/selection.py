"""`--full`, `--select` and `--exclude`: what of the project is planned or applied."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from neve.cli import look
from neve.cli.ls import selected
from neve.deploy.errors import Usage
from neve.deploy.narrow import Part, part_of
from neve.ir import Compiled

_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be planned: every statement, or those that are needed; of everything, or of what is selected."""

    full: bool = False
    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        return not self.select and not self.exclude


def wanted_options(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb --full, -s and --exclude; it gets them as `wanted`."""

    @click.option("--full", is_flag=True, help="Every statement of the script, whether needed or not.")
    @click.option("-s", "--select", multiple=True, metavar="SELECTOR",
                  help="Only this part, as `neve ls` selects; a graph goes as a whole; repeatable.")  # fmt: skip
    @click.option("--exclude", multiple=True, metavar="SELECTOR", help="Leave these out of it; repeatable.")
    @functools.wraps(verb)
    def wrapped(*values: Any, full: bool, select: tuple[str, ...], exclude: tuple[str, ...], **rest: Any) -> Any:
        return verb(*values, wanted=Wanted(full, select, exclude), **rest)

    return wrapped


def chosen_part(compiled: Compiled, wanted: Wanted, root: Path) -> Part | None:
    """The part that is selected, None without a selection. Raises Usage when it holds nothing."""
    if wanted.everything:
        return None
    part = part_of(compiled.nodes, selected(compiled, wanted.select, wanted.exclude, root))
    if not part.graphs and not part.paths:
        raise Usage("nothing that can be deployed is selected", "neve ls")
    return part


def widened(part: Part | None) -> str:
    """What else is in the part than was asked for, in a sentence; "" when there is nothing."""
    if part is None or not part.more:
        return ""
    more = sorted(part.more)
    named = ", ".join(more[:_MOST_NAMED]) + (f" and {len(more) - _MOST_NAMED} more" if more[_MOST_NAMED:] else "")
    return (
        f"{look.plural(len(more), 'node')} more than selected, since a graph goes as a whole, and views and dynamic"
        f" tables with what they read: {named}."
    )


def wanted_of(kept: Mapping[str, Any]) -> Wanted:
    """What a kept plan was made of. Raises KeyError and TypeError when that is not said."""
    return Wanted(bool(kept["full"]), tuple(kept["select"]), tuple(kept["exclude"]))
