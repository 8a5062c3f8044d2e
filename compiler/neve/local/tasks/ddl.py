"""GET_DDL of a task: a statement that makes it anew (fact sheet 2.6, 9; the exact text is UNCONFIRMED)."""

from typing import TYPE_CHECKING

from neve.local.sqltext import parse_name, quote_identifier, quote_string, resolve
from neve.local.tasks.access import service_of
from neve.local.tasks.model import Task
from neve.local.tasks.options import OPTIONS, SERVERLESS, parameter_kind

if TYPE_CHECKING:
    from neve.local.session import Session


def get_ddl(session: "Session", name: str, full: bool) -> str:  # noqa: FBT001 - SQL's own
    """GET_DDL of a task, which may be named in `full`. Raises SqlError 2003."""
    task = service_of(session).find(resolve(session, parse_name(name)))
    return create_statement(task, task.full_name if full else quote_identifier(task.name))


def create_statement(task: Task, name: str) -> str:
    """CREATE TASK with everything that the task has but its tags and contacts."""
    clauses = [f"{option.lower()}={_literal(option, value)}" for option, value in sorted(task.settings.items())]
    if task.finalizes is not None:
        clauses.append(f"finalize={task.beside(task.finalizes)}")
    if task.predecessors:
        clauses.append("after " + ", ".join(map(task.beside, task.predecessors)))
    if task.execute_as is not None:
        clauses.append(f"execute as user {quote_identifier(task.execute_as)}")
    if task.condition is not None:
        clauses.append(f"when {task.condition}")
    lines = "".join(f"\n\t{clause}" for clause in clauses)
    return f"create or replace task {name}{lines}\n\tas {task.definition};"


def _literal(option: str, value: str) -> str:
    kind = OPTIONS.get(option) or parameter_kind(option)
    if option == "WAREHOUSE":
        return quote_identifier(value)
    return value if kind in {"number", "boolean"} or option in {"OVERLAP_POLICY", *SERVERLESS} else quote_string(value)
