"""What a statement that changes rows does for streams: those on its target are told of it, those it reads advance."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from neve.local.errors import compilation_error
from neve.local.marks import marked
from neve.local.streams import offsets
from neve.local.streams.catalog import Stream, of
from neve.local.streams.history import History, history_of, recorded
from neve.local.streams.reading import name_in, need_history
from neve.local.transactions import before_change, changes

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session

_CHANGES = frozenset({"insert", "update", "delete", "merge", "truncatetable", "multitableinserts"})


@contextmanager
def followed(session: "Session", tree: "exp.Expr") -> Iterator[None]:
    """Runs a statement inside; its work, its mark, what streams are told, how far they advance is one transaction."""
    if tree.key not in _CHANGES and tree.key != "create":
        yield
        return
    with marked(session, lambda: _written(session, tree)), _followed(session, tree):
        yield


@contextmanager
def _followed(session: "Session", tree: "exp.Expr") -> Iterator[None]:
    if not of(session) or (tree.key == "create" and not tree.expression):
        yield
        return
    changed = targets(tree)
    told = _histories(session, changed)
    read = _read(session, tree, changed)
    if not (told or read):
        yield
        return
    before_change(session)
    with changes(session):
        transaction = session.transaction if session.in_transaction else uuid.uuid4().hex
        with ExitStack() as recordings:
            for history in told:
                recordings.enter_context(recorded(session, history, transaction))
            yield
        for stream, history in read:
            database = _written(session, tree) or history.table.database
            offsets.advance(session, stream, history, database, transaction)


@contextmanager
def taken(session: "Session", query: str) -> Iterator[None]:
    """Runs a query inside whose rows go into files: the streams that it reads advance."""
    from neve.local.translate.parse import parse

    read = _read(session, parse(query), ()) if of(session) else []
    if not read:
        yield
        return
    with changes(session):
        yield
        transaction = session.transaction if session.in_transaction else uuid.uuid4().hex
        for stream, history in read:
            offsets.advance(session, stream, history, history.table.database, transaction)


def targets(tree: "exp.Expr") -> "Sequence[exp.Table]":
    """The tables whose rows a statement changes."""
    from sqlglot import exp

    if tree.key not in _CHANGES:
        return []
    if tree.key == "truncatetable":
        return list(tree.expressions)
    changed = [branch.this for branch in tree.expressions] if tree.key == "multitableinserts" else [tree]
    return [table for one in changed if (table := one.this.find(exp.Table)) is not None]


def _histories(session: "Session", changed: "Sequence[exp.Table]") -> list[History]:
    """Of the targets that streams follow, each once. Raises SqlError for a target that is a stream."""
    found: dict[str, History] = {}
    for table in changed:
        name = name_in(session, table)
        if name is not None and of(session).get(name) is not None:
            raise compilation_error(f"Object '{name}' is a stream: its rows cannot be changed.", 2211, "42601")
        history = history_of(session, name) if name is not None else None
        if history is not None:
            found[history.id] = history
    return list(found.values())


def _read(session: "Session", tree: "exp.Expr", changed: "Sequence[exp.Table]") -> "list[tuple[Stream, History]]":
    """The streams that a statement reads, each once. Raises SqlError when one's table is gone."""
    from neve.local.translate.live import streams_read

    found = streams_read(session, tree.expression if tree.key == "create" else tree)
    chosen = {stream.id: stream for table, stream in found if not any(table is target for target in changed)}
    return [(stream, need_history(session, stream)) for stream in chosen.values()]


def _written(session: "Session", tree: "exp.Expr") -> str | None:
    """The database that a statement writes to; None for temporary tables."""
    from sqlglot import exp

    written = [tree.this.find(exp.Table)] if tree.key == "create" else targets(tree)
    properties = tree.args.get("properties")
    if properties is not None and properties.find(exp.TemporaryProperty):
        return None
    name = name_in(session, written[0]) if written and written[0] is not None else None
    return None if name is None else name.database
