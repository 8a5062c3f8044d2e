"""Which column of a table takes which column of the files."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from neve.local.result import SEMI_STRUCTURED
from neve.local.schemas import columns
from neve.local.sqltext import QualifiedName, Statement, identifier_of, is_word, quote_identifier
from neve.local.tables.names import need

if TYPE_CHECKING:
    from neve.local.session import Session

EVERYTHING = "SELECT * FROM {staged}"
"""What is loaded where no query says it."""


def matched(session: "Session", target: QualifiedName, view: QualifiedName) -> str:
    """The table's columns in the order of the files' columns of the same name, in any case."""
    stored = {name.upper(): name for name, _ in _kinds(session, target)}
    return "(" + ", ".join(quote_identifier(stored.get(name.upper(), name)) for name in _found(session, view)) + ")"


def texts_parsed(session: "Session", target: QualifiedName, named: str, view: QualifiedName) -> str:
    """Everything in files of texts; what goes into a column that is semi-structured is read as JSON. `named` are the
    columns to fill, as text (empty: all).
    """
    kinds = dict(_kinds(session, target))
    filled = [identifier_of(token) for token in Statement.of(named).tokens if is_word(token)] if named else list(kinds)
    texts = [
        quote_identifier(text)
        for text, name in zip(_found(session, view), filled, strict=False)
        if kinds.get(name) in SEMI_STRUCTURED
    ]
    parsed = ", ".join(f"PARSE_JSON({text}) AS {text}" for text in texts)
    return EVERYTHING.replace("*", f"* REPLACE ({parsed})") if texts else EVERYTHING


def _kinds(session: "Session", target: QualifiedName) -> Iterator[tuple[str, str]]:
    return ((column.name, column.type.kind) for column in columns(session, *need(session, target).stored))


def _found(session: "Session", view: QualifiedName) -> list[str]:
    return [str(row[0]) for row in session.fetch(f"DESCRIBE temp.main.{session.temporary[view]}")]
