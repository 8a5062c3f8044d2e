"""How things look on a terminal: tables, colours of states, durations. Colour is dropped by click off a terminal."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

_COLOURS = {
    "SUCCEEDED": "green",
    "FAILED": "red",
    "FAILED_AND_AUTO_SUSPENDED": "red",
    "CANCELLED": "magenta",
    "EXECUTING": "cyan",
    "SCHEDULED": "blue",
    "SKIPPED": "yellow",
}


def table(head: Sequence[str], rows: Sequence[Sequence[str]], width: int | None = None) -> list[str]:
    """Lines of an aligned table; the last column is cut so that no line is wider than `width`."""
    widths = [max(len(plain(cell)) for cell in column) for column in zip(head, *rows, strict=True)]
    lines = [_row([click.style(cell, dim=True) for cell in head], widths)]
    lines += [_row(row, widths) for row in rows]
    return [cut(line, width) for line in lines] if width else lines


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell + " " * (width - len(plain(cell))) for cell, width in zip(cells, widths, strict=True)]
    return "  ".join(padded).rstrip()


def plain(text: str) -> str:
    """The text without colours."""
    return click.unstyle(text)


def cut(text: str, width: int) -> str:
    """The text on one line of at most `width` characters, with its colours; a cut one ends in an ellipsis."""
    if len(plain(text)) <= width:
        return text
    out, seen, i = [], 0, 0
    while i < len(text) and seen < width - 1:
        if text[i] == "\x1b":
            end = text.index("m", i) + 1
            out.append(text[i:end])
            i = end
            continue
        out.append(text[i])
        seen, i = seen + 1, i + 1
    return "".join(out) + "…" + ("\x1b[0m" if "\x1b" in text else "")


def state(name: str) -> str:
    """A run's or task's state in its colour."""
    return click.style(name, fg=_COLOURS.get(name))


def one_line(text: str | None) -> str:
    """A text of any shape on one line."""
    return " ".join((text or "").split())


def duration(seconds: float | None) -> str:
    """A human length of time: 0.4s, 12s, 3m 05s, 2h 10m."""
    if seconds is None:
        return ""
    if seconds < 9.95:
        return f"{max(seconds, 0):.1f}s"
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest}s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h {minutes:02}m" if hours else f"{minutes}m {rest:02}s"


def moment(time: datetime | None) -> str:
    """A point in time, in UTC, to the second."""
    return f"{time:%Y-%m-%d %H:%M:%S}" if time else ""


def plural(count: int, noun: str) -> str:
    """1 task, 2 tasks."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}{'es' if noun.endswith('s') else 's'}"


def print_json(value: Any) -> None:
    """A result as JSON on standard output."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))
