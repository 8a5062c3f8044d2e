"""Exit codes: what a script around neve may rely on."""

from enum import IntEnum


class Exit(IntEnum):
    """How a verb ends.

    OK: done, or nothing to do. FAILED: the project has errors, or the run did not succeed. CHANGES: `plan
    --detailed-exitcode` found some. LOCKED: another apply is at work. STALE: files or account moved since the plan.
    STATEMENT: a statement failed. USAGE: the command line is wrong. UNREACHABLE: account or engine do not answer.
    BUG: our fault. INTERRUPTED: Ctrl-C.
    """

    OK = 0
    FAILED = 1
    CHANGES = 2
    LOCKED = 3
    STALE = 4
    STATEMENT = 5
    USAGE = 64
    UNREACHABLE = 69
    BUG = 70
    INTERRUPTED = 130


def exit_of(error: Exception) -> Exit | None:
    """The exit code of an error that has an explanation, None for a bug of ours."""
    from neve.deploy.errors import Locked, NeveError, SqlError, Stale, StatementFailed, Unreachable, Usage

    codes: dict[type[NeveError], Exit] = {
        Locked: Exit.LOCKED,
        Stale: Exit.STALE,
        StatementFailed: Exit.STATEMENT,
        SqlError: Exit.STATEMENT,
        Unreachable: Exit.UNREACHABLE,
        Usage: Exit.USAGE,
        NeveError: Exit.FAILED,
    }
    return next((code for kind, code in codes.items() if isinstance(error, kind)), None)
