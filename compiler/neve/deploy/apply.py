"""Applying a plan: under the lock of its project and target, and written down before and after."""

import itertools
from dataclasses import replace

from neve.deploy.connect import Connection
from neve.deploy.deployments import Journal, fingerprint
from neve.deploy.errors import Stale, StatementFailed
from neve.deploy.live import read_live
from neve.deploy.lock import locked, place_of
from neve.deploy.narrow import Part
from neve.deploy.objects import key_of
from neve.deploy.plan import Plan, make_plan
from neve.deploy.send import Stop, Tell, send
from neve.ir import Project, Script

_OPENING = {"context", "database", "schema"}


def read_plan(
    script: Script, connection: Connection, project: Project, *, full: bool = False, part: Part | None = None
) -> Plan:
    """Read what is live, and plan. The history is asked only when something stands still that should not."""
    live = read_live(connection, project, script.statements)
    resumed = {key_of(s) for s in script.statements if s.kind == "resume"}
    still = any(found.state == "suspended" and found.key in resumed for found in live.objects.values())
    if still:
        live = replace(live, past=Journal(connection, project).past())
    return make_plan(script, live, project, full=full, part=part)


def apply(
    plan: Plan, connection: Connection, revision: str = "", tell: Tell = lambda *_: None, stop: Stop = lambda: False
) -> int:
    """Send a plan; gives how many of its statements were sent: fewer than all when `stop` said so.

    What makes the schema goes first, since the lock stands in it: it changes nothing that is there.
    Raises Locked, Stale when the account is no longer what the plan was made of, StatementFailed.
    """
    steps, project = plan.steps, plan.project
    opening = sum(1 for _ in itertools.takewhile(lambda step: step.kind in _OPENING, steps))
    send(steps, range(1, opening + 1), connection, tell, lambda: False)
    with locked(connection, place_of(project), fingerprint(plan.script)) as lease:
        if read_plan(plan.script, connection, project).seen != plan.seen:
            raise Stale("the account has changed since the plan was made; nothing was changed", "neve plan")
        journal = Journal(connection, project)
        row = journal.begin(plan, revision)

        def stop_or_renew() -> bool:
            lease.renew()
            return stop()

        try:
            sent = send(steps, range(opening + 1, len(steps) + 1), connection, tell, stop_or_renew)
        except StatementFailed as error:
            journal.end(row, "failed", error.sent, error.message)
            raise
        done = sent == len(steps)
        journal.end(row, "interrupted" if not done else "done" if plan.part is None else "done in part", sent)
        if done and plan.settles:
            journal.settle(plan)
    return sent
