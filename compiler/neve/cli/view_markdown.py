"""A plan as a comment on a pull request: what a reviewer has to know first, then what differs, then the graphs."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from neve.cli import look
from neve.cli.graph import mermaid
from neve.cli.view_plan import danger, diff, shown, sign, summary
from neve.deploy.compare import Change
from neve.deploy.plan import Plan
from neve.ir import TaskGraph
from neve.names import fold, parse_name

MOST = 60_000
"""GitHub takes comments of 65,536 characters."""
_MOST_ROWS = 200


def as_markdown(made: Plan, notes: Sequence[str], graphs: Mapping[str, TaskGraph]) -> str:
    """The whole comment; graphs, and then diffs, are left out where it would be longer than GitHub takes."""
    head = "\n".join(_head(made, notes))
    changes = list(shown(made))
    folds = [*_diffs(changes), *_graphs(changes, graphs)]
    kept, length = [], len(head)
    for fold_ in folds:
        length += len(fold_) + 1
        if length <= MOST:
            kept.append(fold_)
    more = len(folds) - len(kept)
    cut = [f"\n_{look.plural(more, 'part')} more than a comment can hold: `neve plan` shows all._"] if more else []
    return "\n".join([head, *kept, *cut])


def _head(made: Plan, notes: Sequence[str]) -> Iterator[str]:
    yield f"### neve plan: {made.project.name} → {made.target}"
    yield from ("", f"**{summary(made)}**")
    changes = list(shown(made))
    warned = [f"{_title(change)}: {_danger(change)}" for change in changes if _danger(change)]
    if warned:
        yield from ("", "> [!WARNING]", *(f"> - {line}" for line in warned))
    if notes:
        yield from ("", "> [!NOTE]", *(f"> - {_cell(note)}" for note in notes))
    if changes:
        yield from ("", "| | object | from | why |", "|---|---|---|---|", *map(_row, changes[:_MOST_ROWS]))
    if len(changes) > _MOST_ROWS:
        yield f"\n_and {len(changes) - _MOST_ROWS} more_"


def _row(change: Change) -> str:
    why = f"{change.why} **by hand**" if change.drift and "by hand" not in change.why else change.why
    return f"| `{sign(change)}` {change.action} | {_title(change)} | {_cell(change.path)} | {_cell(why)} |"


def _title(change: Change) -> str:
    return f"{change.kind.replace('_', ' ')} {_code(change.object)}"


def _danger(change: Change) -> str:
    if change.action == "conflict":
        return f"**{_cell(change.why)}: nothing can be applied**"
    return f"**{danger(change)}**" if danger(change) else ""


def _diffs(changes: Iterable[Change]) -> Iterator[str]:
    """What differs in an object, folded away: one fold an object."""
    for change in changes:
        lines = list(_signed(change))
        if lines:
            fence = "`" * max(3, 1 + max(len(run) for run in re.findall("`*", "\n".join(lines))))
            title = f"<code>{_html(change.object)}</code>, {change.kind.replace('_', ' ')}: {change.why}"
            yield _folded(title, [f"{fence}diff", *lines, fence])


def _signed(change: Change) -> Iterator[str]:
    """The fields as a diff that GitHub colours: a sign stands at the start of its line."""
    for field, old, new in change.diff:
        if "\n" not in old + new:
            yield from [f"- {field}: {old}"] if old else []
            yield from [f"+ {field}: {new}"] if new else []
        else:
            yield f"  {field}:"
            yield from diff(old, new)


def _graphs(changes: Sequence[Change], graphs: Mapping[str, TaskGraph]) -> Iterator[str]:
    """The graphs of which something changes, those tasks marked."""
    members = [parse_name(change.object) for change in changes if change.kind in {"task", "procedure"}]
    names = {parts[-1] for parts in members if parts}
    for name in sorted(graphs):
        if any(changed.partition("$")[0] == fold(name) for changed in names):
            yield _folded(_html(name), ["```mermaid", *mermaid(graphs[name], changed=names), "```"])


def _folded(title: str, lines: Iterable[str]) -> str:
    return "\n".join(["", f"<details><summary>{title}</summary>", "", *lines, "</details>"])


def _cell(text: str) -> str:
    """Text that ends neither its cell nor its line."""
    return look.one_line(text).replace("|", "\\|")


def _code(name: str) -> str:
    return f"`{_cell(name)}`"


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
