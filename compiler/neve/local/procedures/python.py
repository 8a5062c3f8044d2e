"""Python handlers: what a procedure needs beforehand, one call in a child, the answer as a Result (fact sheet 6.1)."""

import ast
import json
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neve.local.errors import SqlError
from neve.local.procedures import packages, wire
from neve.local.procedures.children import Cancelled, Children, Ended
from neve.local.procedures.routine import Routine
from neve.local.result import SEMI_STRUCTURED, Column, Result, from_rows
from neve.local.scripting.evaluate import coerce
from neve.local.scripting.values import Typed
from neve.local.sqltext import QualifiedName
from neve.local.stages.location import location
from neve.local.types import TEXT, SqlType

if TYPE_CHECKING:
    from neve.local.engine import Engine
    from neve.local.session import Session

_FAILED = 100357


def check(routine: Routine) -> None:
    """Raise SqlError if a routine in Python names a package that is not here."""
    if routine.language == "PYTHON":
        packages.check(routine.packages, snowpark=routine.kind == "PROCEDURE")


def imports_of(routine: Routine) -> tuple[str, ...]:
    """The modules that the code imports from its PACKAGES, to be imported beforehand."""
    try:
        tree = ast.parse(routine.body or "")
    except SyntaxError:
        return ()  # the call will say so
    allowed = packages.importable_from(routine.packages)
    return tuple(name for name in dict.fromkeys(_imported(tree)) if name.partition(".")[0] in allowed)


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


# One call ---------------------------------------------------------------------------------------------
def call(session: "Session", routine: Routine, name: QualifiedName, values: Sequence[Any]) -> Result:
    """Run the handler of a procedure; raises SqlError 100357 with the traceback when it fails."""
    answer = _ask(session, routine, name, _as_python(routine, values))
    if routine.returns is None:
        return _table(session, routine, answer["query_id"])
    value = decoded(session, answer["value"], routine.returns)
    return from_rows([Column(name.name, routine.returns)], [(value,)])


def _ask(session: "Session", routine: Routine, name: QualifiedName, arguments: Sequence[Any]) -> dict[str, Any]:
    children: Children = session.engine.services["procedures"]
    with tempfile.TemporaryDirectory(prefix="neve-call-") as folder, _cancelling(session) as cancelled:
        _import_files(session, routine, Path(folder))
        job = {
            "arguments": arguments,
            "folder": folder,
            "connection": _connection(session),
            "code": routine.body,
            "handler": routine.handler,
            "returns": wire.TABLE if routine.returns is None else routine.returns.kind,
        }
        try:
            answer = children.run(job, cancelled)
        except Cancelled:
            raise SqlError(604, "57014", "SQL execution canceled") from None
    return _checked(answer, routine, name)


@contextmanager
def _cancelling(session: "Session") -> Iterator[threading.Event]:
    cancelled = threading.Event()
    session.cancellers.add(cancelled.set)
    try:
        yield cancelled
    finally:
        session.cancellers.discard(cancelled.set)


def _connection(session: "Session") -> dict[str, Any]:
    """What the child needs to join the session: its tokens, not the engine's password."""
    from neve.local.engine import ACCOUNT

    host, port = session.engine.address
    token, master = session.engine.token_for(session)
    return {
        "host": host,
        "port": port,
        "protocol": "http",
        "account": ACCOUNT,
        "user": session.user,
        "session_token": token,
        "master_token": master,
        "database": session.database,
        "schema": session.schema,
        "role": session.role,
        "warehouse": session.warehouse,
        "server_session_keep_alive": True,
    }


def _import_files(session: "Session", routine: Routine, folder: Path) -> None:
    """Copy the files of IMPORTS into the child's folder; raises SqlError for one that is not on its stage."""
    for place in routine.imports:
        files = location(session, place).files
        if not files:
            raise SqlError(253006, "22000", f"Remote file '{place}' was not found.")
        for file in files:
            shutil.copy(file, folder / file.name)


def _checked(answer: Any, routine: Routine, name: QualifiedName) -> dict[str, Any]:
    if isinstance(answer, Ended):
        text = f"The process of the handler ended: {_ending(answer.code)}."
    elif "error" in answer:
        text = answer["error"]
    else:
        checked: dict[str, Any] = answer
        return checked
    where = f" in function {name.name} with handler {routine.handler}"
    raise SqlError(_FAILED, "P0000", f"Python Interpreter Error:\n{text}\n{where}")


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    return f"signal {signal.Signals(-code).name}"


def _table(session: "Session", routine: Routine, query_id: str) -> Result:
    """The rows of the DataFrame that a table procedure returned, under the declared names."""
    result = session.engine.result(query_id)
    if result is None:
        raise SqlError(709, "02000", f"Statement {query_id} not found")
    if not routine.columns:
        return result
    if len(routine.columns) != len(result.columns):
        message = f"the DataFrame has {len(result.columns)} columns, RETURNS TABLE declares {len(routine.columns)}."
        raise SqlError(_FAILED, "P0000", f"Python Interpreter Error:\n{message}")
    heads = tuple(Column(each.name, was.type) for each, was in zip(routine.columns, result.columns, strict=True))
    return Result(heads, result.table, result.rowcount, result.statement_type, query_id)


# Values -----------------------------------------------------------------------------------------------
def _as_python(routine: Routine, values: Sequence[Any]) -> list[Any]:
    """What the handler gets: Python's own objects, for VARIANT what the JSON says."""
    kinds = [parameter.type.kind for parameter in routine.parameters]
    return [
        json.loads(value) if kind in SEMI_STRUCTURED and value is not None else value
        for value, kind in zip(values, kinds, strict=True)
    ]


def decoded(session: "Session", text: str | None, sql_type: SqlType) -> Any:
    """The child's text as a value of `sql_type` for a Result."""
    if text is None or sql_type.kind in {"TEXT", *SEMI_STRUCTURED}:
        return text
    if decode := _DECODERS.get(sql_type.kind):
        return decode(text)
    return coerce(session, Typed(text, TEXT), sql_type).value


_DECODERS: Mapping[str, Callable[[str], Any]] = {"BINARY": bytes.fromhex}


# The service ------------------------------------------------------------------------------------------
def start(engine: "Engine") -> Children:
    """The children of an engine. The fork server starts now if there are procedures in Python, else with the first;
    what they import is imported there when it has time.
    """
    from neve.local.procedures import catalog

    children = Children(engine.state / "engine.log")
    preload(children, catalog.python_code(engine.store))
    return children


def preload(children: Children, routines: Sequence[Routine]) -> None:
    """Import what `routines` import beforehand, in the background."""
    if routines:
        threading.Thread(target=_preload, args=(children, routines), daemon=True).start()


def _preload(children: Children, routines: Sequence[Routine]) -> None:
    children.preload([module for routine in routines for module in imports_of(routine)])
