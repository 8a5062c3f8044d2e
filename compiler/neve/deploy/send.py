"""Sending the steps of a plan, one by one, and what it means when one of them fails."""

import time
from collections.abc import Callable, Sequence

from neve.deploy.connect import Connection
from neve.deploy.errors import SqlError, StatementFailed
from neve.deploy.plan import Step
from neve.deploy.redact import redact

Tell = Callable[[int, Step, float], None]
"""Told after each step: its number from 1, the step, and the seconds it took."""
Stop = Callable[[], bool]
"""Asked before each step: whether to send no more."""

_ADVICE = "mend it, then neve apply: it goes on from here"


def send(steps: Sequence[Step], numbers: range, connection: Connection, tell: Tell, stop: Stop) -> int:
    """Send the steps with these numbers (from 1), one by one; gives the number of the last one that was sent.

    That is not the last of all when `stop` said so in between. Raises StatementFailed at the first that is refused.
    """
    for number in numbers:
        if stop():
            return number - 1
        step = steps[number - 1]
        started = time.perf_counter()
        try:
            connection.execute(step.sql)
        except SqlError as error:
            raise StatementFailed(explain_failure(steps, number, error), _ADVICE, number - 1) from error
        tell(number, step, time.perf_counter() - started)
    return numbers.stop - 1


def explain_failure(steps: Sequence[Step], number: int, error: SqlError) -> str:
    """Which statement failed, what Snowflake says, and what state that leaves."""
    step = steps[number - 1]
    code = f" [{error.code:06}]" if error.code else ""
    place = f" from {step.path}" if step.path else ""
    return "\n".join(
        [
            f"statement {number} of {len(steps)} failed: {describe(step)}{place}",
            *(f"  {line}" for line in redact(f"{error.message}{code}").splitlines()),
            "",
            what_stands(steps, number - 1),
        ]
    )


def what_stands(steps: Sequence[Step], done: int) -> str:
    """What was done and which graphs stand still after the first `done` steps."""
    sent = steps[:done]
    suspended = [step.object for step in sent if step.kind == "suspend"]
    resumed = {step.object for step in sent if step.kind == "resume"}
    still = [name for name in suspended if name not in resumed]
    lines = [f"{done} of {len(steps)} statements were done; the others were not sent."]
    if still:
        lines.append(f"Suspended, and so not started by their schedule until the next apply: {', '.join(still)}.")
    return "\n".join(lines)


def describe(step: Step) -> str:
    """A step in a few words: task DB.S.T, resume DB.S.R, USE ROLE X."""
    if step.kind == "context":
        return step.sql
    if step.kind == "drop":
        return f"{step.sql.partition(' IF EXISTS')[0].lower()} {step.object}"
    return f"{step.kind.replace('_', ' ')} {step.object}"
