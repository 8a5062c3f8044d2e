"""SYSTEM$ functions of the session itself."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import SqlError, cancelled, compilation_error, not_a_number
from neve.local.result import Column, Result, from_rows
from neve.local.sqltext import Statement, plain_text

if TYPE_CHECKING:
    from neve.local.session import Session


def wait(session: "Session", amount: object, unit: object = "SECONDS") -> str:
    """SYSTEM$WAIT: sleeps, until it is cancelled."""
    if str(unit).upper() not in _SECONDS:
        raise compilation_error(f"Invalid time unit '{unit}' for SYSTEM$WAIT.")
    seconds = _number(amount) * _SECONDS[str(unit).upper()]
    if session.cancelled.wait(seconds):
        raise cancelled()
    return f"waited {amount} {str(unit).lower()}"


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        raise not_a_number(str(value)) from None


_SECONDS = {"DAYS": 86400.0, "HOURS": 3600.0, "MINUTES": 60.0, "SECONDS": 1.0, "MILLISECONDS": 0.001}


def last_query_id(session: "Session", place: object = -1) -> str | None:
    """LAST_QUERY_ID(-1) is the latest statement's, LAST_QUERY_ID(1) the session's first."""
    number = int(_number(place))
    index = number if number < 0 else number - 1
    return session.queries[index] if -len(session.queries) <= index < len(session.queries) else None


def cancel_all_queries(session: "Session", number: object) -> str:
    """SYSTEM$CANCEL_ALL_QUERIES: stops what another session runs. Clients ask it of their own when they close it."""
    others = [other for other in session.engine.sessions() if str(other.id) == str(number) and other is not session]
    for other in others:
        other.cancel()
    return f"{len(others)} cancelled."


def client_version_info(_session: "Session") -> str:
    """SYSTEM$CLIENT_VERSION_INFO: which versions of Snowflake's clients are supported. None is refused here."""
    return "[]"


def are_anaconda_terms_acknowledged(_session: "Session") -> bool:
    """SYSTEM$ARE_ANACONDA_TERMS_ACKNOWLEDGED: Snowpark asks when it finds no package. Those here need no terms."""
    return True


def getvariable(session: "Session", name: object) -> object:
    """GETVARIABLE('NAME'): a session variable's value, NULL when there is none."""
    return session.variables.get(str(name).upper())


FUNCTIONS: Mapping[str, Any] = {
    "GETVARIABLE": getvariable,
    "SYSTEM$GET_RESULTSET_STATUS": lambda _session, status: status,  # a block puts it in place of the RESULTSET
    "INVOKER_ROLE": lambda session: session.role,
    "IS_ROLE_IN_SESSION": lambda session, role: str(role).upper() in {session.role, "PUBLIC"},
    "SYSTEM$ARE_ANACONDA_TERMS_ACKNOWLEDGED": are_anaconda_terms_acknowledged,
    "SYSTEM$CLIENT_VERSION_INFO": client_version_info,
    "SYSTEM$WAIT": wait,
    "LAST_QUERY_ID": last_query_id,
    "SYSTEM$CANCEL_ALL_QUERIES": cancel_all_queries,
}


def result_scan(session: "Session", arguments: Mapping[str, object]) -> Result:
    """RESULT_SCAN(id): the rows of an earlier statement."""
    result = session.engine.result(str(arguments.get("1") or ""))
    if result is None:
        raise SqlError(709, "02000", f"Statement {arguments.get('1')} not found")
    return result


TABLE_FUNCTIONS: Mapping[str, Any] = {"RESULT_SCAN": result_scan}


def called(statement: Statement, known: Mapping[str, Any]) -> str | None:
    """The function of `CALL SYSTEM$F(…)`, when it is one of those known."""
    if statement.words[:1] != ("CALL",) or len(statement.tokens) < 2:
        return None
    name = plain_text(statement.tokens[1]).upper()
    return name if name in known else None


def call(session: "Session", statement: Statement, name: str) -> Result:
    """CALL of a function gives its value in a column of its name."""
    value = session.evaluate(statement.slice(1))
    return from_rows([Column(name)], [(None if value is None else str(value),)])
