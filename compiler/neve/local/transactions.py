"""Transactions as Snowflake has them, on DuckDB's: an error does not end one, and writers wait for each other.

DuckDB gives a transaction up at any error. So what a transaction did is kept in a journal, and done again after an
error. A statement that meets another's write is tried again, where Snowflake would have waited for a lock; in a
transaction what came before it is done again as well, on what the other has left.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from neve.local import result as r
from neve.local.errors import SqlError, cancelled
from neve.local.result import Result
from neve.local.sqltext import Statement
from neve.local.types import NUMBER, TEXT, TIMESTAMP_LTZ

if TYPE_CHECKING:
    import duckdb

    from neve.local.session import Session

T = TypeVar("T")

DONE = "Statement executed successfully."
_PATIENCE, _PAUSE = 60.0, 0.005
_READS = ("SELECT", "WITH", "FROM", "VALUES", "DESCRIBE", "(")
_MARKS = frozenset({"BEGIN", "COMMIT", "ROLLBACK"})


class Conflict(SqlError):  # noqa: N818 - what happened, and not an end
    """Several changes of one statement met another's, and were taken back: the statement can be run again."""

    def __init__(self) -> None:
        super().__init__(625, "57014", "The statement was taken back: another one changed the same object meanwhile.")


def patiently(run: Callable[[], T]) -> T:
    """Runs it again while it meets the changes of others, where Snowflake would have waited for a lock."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return run()
        except Conflict as conflict:
            if time.monotonic() > deadline:
                raise SqlError(conflict.code, conflict.sqlstate, conflict.message) from conflict
            time.sleep(_PAUSE)


def attempt(
    session: "Session", sql: str, run: "Callable[[duckdb.DuckDBPyConnection], T]", parameters: Sequence[object] = ()
) -> T:
    """Runs DuckDB's `sql` with `run`. Raises SqlError for what DuckDB refuses; the session's transaction goes on."""
    import duckdb

    deadline = time.monotonic() + min(_PATIENCE, float(session.parameter("LOCK_TIMEOUT")))
    with session.lock:
        while True:
            try:
                if session.is_undone and sql != "ROLLBACK":
                    _resume(session)
                value = run(session.cursor)
            except duckdb.Error as error:
                if _again(session, sql, error) and time.monotonic() < deadline:
                    session.is_undone = session.in_transaction
                    _pause(session)
                    continue
                raise _failed(session, sql, error) from error
            _follow(session, sql, parameters)
            return value


def _pause(session: "Session") -> None:
    """A while that no two sessions have in common; raises SqlError when the session is cancelled meanwhile."""
    if session.cancelled.wait(_PAUSE * (1 + random.random())):  # noqa: S311 - no secret
        raise cancelled()


def _again(session: "Session", sql: str, error: Exception) -> bool:
    """Whether the statement only met another's change, and can be run again alone or with its transaction."""
    is_part = session.many and not session.in_transaction
    is_end = sql in _MARKS and not session.is_undone
    return _conflicts(error) and not (is_part or is_end)


def _failed(session: "Session", sql: str, error: Exception) -> SqlError:
    """The error to raise, with the session's transaction in order again, or to be brought there by what comes next."""
    import duckdb

    from neve.local.translate.faults import as_sql_error

    ours = session.many and not session.in_transaction
    if sql == "COMMIT":  # which DuckDB has taken back
        session.in_transaction = session.many = session.is_undone = False
        session.journal.clear()
    elif session.in_transaction and sql not in _MARKS:
        with suppress(duckdb.Error):
            _resume(session)
    return Conflict() if ours and _conflicts(error) else as_sql_error(error)


def _conflicts(error: Exception) -> bool:
    text = str(error)
    return "onflict" in text and ("ransaction" in text or "write-write" in text)


def _resume(session: "Session") -> None:
    """Does again what the transaction had done. Raises duckdb.Error when that meets another's change."""
    session.is_undone = True
    session.cursor.execute("ROLLBACK")
    session.cursor.execute("BEGIN")
    for sql, parameters in session.journal:
        session.cursor.execute(sql, parameters or None)
    session.is_undone = False


def _follow(session: "Session", sql: str, parameters: Sequence[object]) -> None:
    """Keeps the journal of a transaction; `many` tells of one that a handler opened for itself."""
    if sql in _MARKS:
        session.journal.clear()
        session.many, session.is_undone = sql == "BEGIN", False
    elif session.in_transaction and not sql.lstrip().upper().startswith(_READS):
        session.journal.append((sql, parameters))


def begin(session: "Session", name: str = "") -> None:
    session.fetch("BEGIN")
    session.in_transaction, session.transaction, session.changed = True, str(time.time_ns()), ""
    session.transaction_name, session.transaction_on = name, session.engine.clock.now()


def end(session: "Session", how: str) -> None:
    """`how` is COMMIT or ROLLBACK; without a transaction nothing happens."""
    if session.in_transaction:
        session.fetch(how)
        session.in_transaction, session.last_transaction = False, session.transaction


def before_change(session: "Session") -> None:
    """Without AUTOCOMMIT, the first change of rows opens a transaction."""
    if session.parameter("AUTOCOMMIT") == "false" and not session.in_transaction:
        begin(session)


@contextmanager
def changes(session: "Session") -> Iterator[None]:
    """Several changes that happen together: a transaction of their own, unless the session has one open."""
    if session.in_transaction or session.many:
        yield
        return
    session.fetch("BEGIN")
    try:
        yield
    except BaseException:
        session.fetch("ROLLBACK")
        raise
    session.fetch("COMMIT")


@contextmanager
def all_or_nothing(session: "Session") -> Iterator[None]:
    """DDL commits an open transaction first, and is one of its own."""
    end(session, "COMMIT")
    with changes(session):
        yield


def control(session: "Session", statement: Statement) -> Result:
    """BEGIN, START TRANSACTION, COMMIT, ROLLBACK. A second BEGIN changes nothing, as on Snowflake."""
    from neve.local.marks import before_commit

    word = statement.words[0]
    with session.lock:
        if word in {"BEGIN", "START"}:
            if not session.in_transaction:
                begin(session, _name(statement))
        else:
            if word == "COMMIT":
                before_commit(session)
            end(session, word)
    return r.status(DONE, r.TCL)


def _name(statement: Statement) -> str:
    """What follows NAME."""
    words = [str(token.text) for token in statement.tokens]
    place = next((i for i, word in enumerate(words) if word.upper() == "NAME"), len(words))
    return words[place + 1] if place + 1 < len(words) else ""


_SHOWN = ("id", "user", "session", "name", "started_on", "state", "scope")


def show(session: "Session", statement: Statement) -> Result:
    """SHOW TRANSACTIONS [IN ACCOUNT]: those that are open, of this session or of all."""
    everywhere = statement.words[-1] == "ACCOUNT"
    rows = [
        (int(one.transaction), one.user, one.id, one.transaction_name, one.transaction_on, "running", 0)
        for one in (session.engine.sessions() if everywhere else [session])
        if one.in_transaction
    ]
    kinds = {"id": NUMBER, "session": NUMBER, "started_on": TIMESTAMP_LTZ, "scope": NUMBER}
    return r.from_rows([r.Column(head, kinds.get(head, TEXT)) for head in _SHOWN], rows)


FUNCTIONS: Mapping[str, Any] = {"LAST_TRANSACTION": lambda session: session.last_transaction or None}
ROUTES = (
    *(((word,), control) for word in ("BEGIN", "START", "COMMIT", "ROLLBACK")),
    (("SHOW", "TRANSACTIONS"), show),
)
