"""BEGIN, COMMIT, ROLLBACK."""

from typing import TYPE_CHECKING

from neve.local import result as r
from neve.local.result import Result
from neve.local.sqltext import Statement

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session

DONE = "Statement executed successfully."


def control(session: "Session", statement: Statement, tree: "exp.Expression") -> Result:
    """A second BEGIN, and a COMMIT or ROLLBACK without a transaction, change nothing, as on Snowflake."""
    del statement
    begins = tree.key == "transaction"
    if begins != session.in_transaction:
        session.fetch({"transaction": "BEGIN", "commit": "COMMIT", "rollback": "ROLLBACK"}[tree.key])
        session.in_transaction = begins
    return r.status(DONE, r.TCL)
