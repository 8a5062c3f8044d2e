"""Sending a plan: its steps, one by one, and what it means when one of them fails."""

import time
from collections.abc import Callable, Sequence

from neve.deploy.connect import Connection
from neve.deploy.errors import SqlError, StatementFailed
from neve.deploy.plan import Plan, Step
from neve.deploy.redact import redact

Tell = Callable[[int, Step, float], None]
"""Told after each step: its number from 1, the step, and the seconds it took."""


_ADVICE = "mend it, then neve apply: it goes on from here"


def apply(plan: Plan, connection: Connection, tell: Tell, stop: Callable[[], bool] = lambda: False) -> int:
    """Send the plan's steps and give back how many were sent: all of them, or fewer when `stop` said so in between.

    Raises StatementFailed at the first statement that is refused.
    """
    for number, step in enumerate(plan.steps, 1):
        if stop():
            return number - 1
        started = time.perf_counter()
        try:
            connection.execute(step.sql)
        except SqlError as error:
            raise StatementFailed(explain_failure(plan, number, error), _ADVICE) from error
        tell(number, step, time.perf_counter() - started)
    return len(plan.steps)


def explain_failure(plan: Plan, number: int, error: SqlError) -> str:
    """Which statement failed, what Snowflake says, and what state that leaves."""
    step = plan.steps[number - 1]
    code = f" [{error.code:06}]" if error.code else ""
    place = f" from {step.path}" if step.path else ""
    return "\n".join(
        [
            f"statement {number} of {len(plan.steps)} failed: {describe(step)}{place}",
            *(f"  {line}" for line in redact(f"{error.message}{code}").splitlines()),
            "",
            what_stands(plan.steps, number - 1),
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
    verb = {"suspend": "suspend", "resume": "resume", "alter_task": "alter task", "drop": "drop"}.get(step.kind)
    return f"{verb or step.kind.replace('_', ' ')} {step.object}"
