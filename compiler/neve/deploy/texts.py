"""What differs in the text of procedures and views: SHOW tells nothing of it, the history has the script of then."""

from dataclasses import replace

from neve.deploy.compare import Change
from neve.deploy.connect import Connection
from neve.deploy.definition import without_mark
from neve.deploy.deployments import Journal
from neve.deploy.objects import DEFINED, key_of
from neve.deploy.plan import Plan
from neve.ir import Script
from neve.names import qualified


def with_texts(plan: Plan, connection: Connection) -> Plan:
    """The plan with the text of each edited procedure and view as it was last applied, and as it will be."""
    edited = [change for change in plan.changes if change.action == "replace" and not change.diff]
    applied = Journal(connection, plan.project).last_script() if edited else None
    if applied is None:
        return plan
    old, new = _texts(applied), _texts(plan.script)
    return replace(
        plan, changes=tuple(_told(change, old, new) if change in edited else change for change in plan.changes)
    )


def _texts(script: Script) -> dict[str, str]:
    return {qualified(*key_of(s).parts): without_mark(s.sql) for s in script.statements if s.kind in DEFINED - {"task"}}


def _told(change: Change, old: dict[str, str], new: dict[str, str]) -> Change:
    before, after = old.get(change.object, ""), new.get(change.object, "")
    return replace(change, diff=(("definition", before, after),)) if before and before != after else change
