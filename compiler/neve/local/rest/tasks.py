"""The tasks of a schema (fact sheet 9, REST): each function makes one statement of a request."""

from typing import TYPE_CHECKING, Any

from neve.local.protocol.request import Reply
from neve.local.rest.call import Call, done, show
from neve.local.rest.models import run_model, task_model
from neve.local.rest.statement import create_task, tag_name, tag_value
from neve.local.sqltext import QualifiedName, quote_identifier, quote_string

if TYPE_CHECKING:
    from neve.local.session import Session


def list_tasks(session: "Session", call: Call) -> Reply:
    scope = f"SCHEMA {quote_identifier(call.path['database'])}.{quote_identifier(call.path['schema'])}"
    return Reply(200, [_task(session, row) for row in session.execute(show("TASKS", scope, call)).dicts()])


def _task(session: "Session", row: dict[str, Any]) -> dict[str, Any]:
    name = QualifiedName(row["database_name"], row["schema_name"], row["name"])
    return task_model(row, session.execute(f"SHOW PARAMETERS IN TASK {name}").dicts())


def fetch(session: "Session", call: Call) -> Reply:
    return Reply(200, _task(session, _described(session, call)))


def _described(session: "Session", call: Call) -> dict[str, Any]:
    """The task's row of DESCRIBE TASK. Raises SqlError 2003 when there is no such task."""
    return session.execute(f"DESCRIBE TASK {call.target}").dicts()[0]


def create(session: "Session", call: Call) -> Reply:
    return done(session, create_task(call.verb, call))


def create_or_alter(session: "Session", call: Call) -> Reply:
    return done(session, create_task("CREATE OR ALTER {} {}", call))


def drop(session: "Session", call: Call) -> Reply:
    return done(session, f"DROP TASK {call.if_exists}{call.target}")


def resume(session: "Session", call: Call) -> Reply:
    return done(session, f"ALTER TASK {call.target} RESUME")


def suspend(session: "Session", call: Call) -> Reply:
    return done(session, f"ALTER TASK {call.target} SUSPEND")


def execute(session: "Session", call: Call) -> Reply:
    """Starts a run and answers at once; with asyncExec there is no more to wait for than without."""
    return done(session, f"EXECUTE TASK {call.target}{' RETRY LAST' if call.flag('retryLast') else ''}")


def set_tags(session: "Session", call: Call) -> Reply:
    tags = ", ".join(tag_value(call, tag) for tag in call.body)
    return done(session, f"ALTER TASK {call.if_exists}{call.target} SET TAG {tags}")


def unset_tags(session: "Session", call: Call) -> Reply:
    tags = ", ".join(tag_name(call, tag) for tag in call.body)
    return done(session, f"ALTER TASK {call.if_exists}{call.target} UNSET TAG {tags}")


def dependents(session: "Session", call: Call) -> Reply:
    """The task itself first (fact sheet 2.6), with the columns that TASK_DEPENDENTS has."""
    _described(session, call)
    recursive = f", RECURSIVE => {call.flag('recursive')}" if "recursive" in call.arguments else ""
    rows = _table(session, call, f"TASK_DEPENDENTS(TASK_NAME => {quote_string(str(call.target))}{recursive})")
    return Reply(200, [task_model(row, ()) for row in rows])


def current_graphs(session: "Session", call: Call) -> Reply:
    return _graphs(session, call, "CURRENT_TASK_GRAPHS", "")


def complete_graphs(session: "Session", call: Call) -> Reply:
    return _graphs(session, call, "COMPLETE_TASK_GRAPHS", f", ERROR_ONLY => {call.flag('errorOnly')}")


def _graphs(session: "Session", call: Call, function: str, more: str) -> Reply:
    """The runs of this root; the function itself knows roots by their simple names only (fact sheet 3.8)."""
    _described(session, call)
    limit = call.number("resultLimit")
    limited = "" if limit is None else f", RESULT_LIMIT => {limit}"
    target = call.target
    rows = _table(session, call, f"{function}(ROOT_TASK_NAME => {quote_string(target.name)}{more}{limited})")
    ours = [row for row in rows if (row["database_name"], row["schema_name"], row["root_task_name"]) == target]
    return Reply(200, [run_model(row) for row in ours])


def _table(session: "Session", call: Call, function: str) -> list[dict[str, Any]]:
    """The rows of a function of the information schema, by column name in lower case."""
    database = quote_identifier(call.path["database"])
    rows = session.execute(f"SELECT * FROM TABLE({database}.INFORMATION_SCHEMA.{function})").dicts()
    return [{name.lower(): value for name, value in row.items()} for row in rows]
