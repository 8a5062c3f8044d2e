"""Statements in a row by the operator `->>`: each reads what those before it gave as $1, the nearest, $2 and so on."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from neve.local.binding import put_in
from neve.local.errors import syntax_error
from neve.local.marks import unmarked
from neve.local.result import Result
from neve.local.sqltext import Binds, Statement, plain_text, quote_string

if TYPE_CHECKING:
    from neve.local.session import Session

_ARROW = "->>"
_BLOCKS = (("CREATE",), ("BEGIN",), ("DECLARE",), ("EXECUTE",), ("ALTER", "TASK"))


def flows(sql: str) -> bool:
    """Whether a statement is several; the bodies of blocks have arrows of their own."""
    return _ARROW in sql and len(list(_pieces(Statement.of(sql)))) > 1


def run(session: "Session", sql: str, binds: Binds) -> Result:
    """The result of the last statement. Raises SqlError."""
    given: list[Result] = []
    pieces = list(_pieces(put_in(session, Statement.of(sql, binds))))
    with unmarked(session) as mark:
        for piece in pieces:
            session.mark = mark if piece is pieces[-1] else ""
            result = session.run(_scanning(piece, given))
            given.insert(0, replace(result, query_id=str(uuid.uuid4())))
            session.engine.keep(given[0])
    return given[0]


def _pieces(statement: Statement) -> Iterator[Statement]:
    if any(statement.starts(*words) for words in _BLOCKS):
        yield statement
        return
    start = 0
    arrows = [index for index, token in enumerate(statement.tokens) if plain_text(token) == _ARROW]
    for index in (*arrows, len(statement.tokens)):
        if index == start:
            raise syntax_error(statement.text, len(statement.text), "<EOF>")
        yield Statement.of(statement.slice(start, index - 1))
        start = index + 1


def _scanning(statement: Statement, given: Sequence[Result]) -> str:
    """The statement's text with `FROM $n` as the scan of a result."""
    pieces, done, tokens = [], 0, statement.tokens
    for before, sign, number in zip(tokens, tokens[1:], tokens[2:], strict=False):
        reads = plain_text(before).upper() in {"FROM", "JOIN"} and plain_text(sign) == "$" and number.text.isdigit()
        if reads and 0 < int(number.text) <= len(given):
            scan = f"TABLE(RESULT_SCAN({quote_string(given[int(number.text) - 1].query_id)}))"
            pieces += [statement.text[done : sign.start], scan]
            done = number.end + 1
    return "".join([*pieces, statement.text[done:]])
