"""What runs in the forked child: one call of one Python handler, with a Snowpark session that joins the caller's."""

import importlib
import json
import linecache
import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any

from neve.local.procedures import wire

_CODE = "_udf_code"
_OURS = str(Path(__file__).parent)


def main(talk: Connection) -> None:
    """Take a job from `talk`, answer with a JSON object, and end the process.

    The answer is `{"value": text or null}`, for RETURNS TABLE `{"query_id": …}`, or `{"error": text}`.
    A job with `serve` leaves the talking to the module that it names.
    """
    talk.send_bytes(json.dumps(os.getpid()).encode())
    job = talk.recv()
    if "serve" in job:
        importlib.import_module(job["serve"]).serve(talk, job)
        os._exit(0)
    answer = _run(job)
    sys.stdout.flush()
    sys.stderr.flush()
    talk.send_bytes(json.dumps(answer).encode())
    os._exit(0)  # no exit handlers: the connector's would close the caller's session


def _run(job: Mapping[str, Any]) -> dict[str, Any]:
    try:
        settle(Path(job["folder"]))
        return _run_procedure(job)
    except BaseException as error:  # noqa: BLE001 - whatever the user's code raises, SystemExit too
        return {"error": describe(error, job["folder"])}


def _run_procedure(job: Mapping[str, Any]) -> dict[str, Any]:
    from snowflake.snowpark import Session

    session = Session.builder.configs(job["connection"]).create()
    result = handler_of(job)(session, *job["arguments"])
    if job["returns"] == wire.TABLE:
        return {"query_id": _query_of(session, result)}
    return {"value": wire.encode(result, job["returns"])}


def settle(folder: Path) -> None:
    """Make the folder of imports the current one, and importable; take a random seed of our own."""
    os.chdir(folder)
    archives = [str(path) for path in sorted(folder.iterdir()) if path.suffix in {".zip", ".egg", ".whl"}]
    sys.path[:0] = [str(folder), *archives]
    sys._xoptions["snowflake_import_directory"] = f"{folder}{os.sep}"  # noqa: SLF001 - where Snowflake keeps it
    importlib.invalidate_caches()
    sys.modules.setdefault("_snowflake", _snowflake())
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()


def handler_of(job: Mapping[str, Any]) -> Callable[..., Any]:
    """The handler: a function of the code, or `module.function` of an imported file."""
    module_name, _, function = job["handler"].rpartition(".")
    module = _load(job["code"]) if job["code"] is not None else None
    if module_name and not hasattr(module, module_name.partition(".")[0]):
        module, path = importlib.import_module(module_name), [function]
    else:
        path = job["handler"].split(".")
    found: Callable[..., Any] = _attribute(module, path, job["handler"])
    return found


def _attribute(owner: Any, path: Sequence[str], handler: str) -> Any:
    for name in path:
        if not hasattr(owner, name):
            raise AttributeError(f"the handler {handler} is not defined by the code")
        owner = getattr(owner, name)
    return owner


def _load(code: str) -> ModuleType:
    """The text of the procedure as a module, whose lines tracebacks can show."""
    filename = f"{_CODE}.py"
    linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)
    module = sys.modules[_CODE] = ModuleType(_CODE)
    module.__file__ = filename
    exec(compile(code, filename, "exec"), module.__dict__)  # noqa: S102 - running it is the job
    return module


def _snowflake() -> ModuleType:
    """The module that Snowflake's Python runtime offers: here, what marks a handler as vectorized."""

    def vectorized(**options: Any) -> Callable[[Any], Any]:
        def mark(function: Any) -> Any:
            function._sf_vectorized_input = options.get("input")  # noqa: SLF001 - Snowflake's own marks
            function._sf_max_batch_size = options.get("max_batch_size")  # noqa: SLF001
            return function

        return mark

    module = ModuleType("_snowflake")
    vars(module)["vectorized"] = vectorized
    return module


def _query_of(session: Any, frame: Any) -> str:
    """Run the DataFrame that a table procedure returned; the id of its query."""
    from snowflake.snowpark import DataFrame

    if not isinstance(frame, DataFrame):
        raise TypeError(f"a procedure that RETURNS TABLE must return a Snowpark DataFrame, not {type(frame).__name__}")
    with session.query_history() as history:
        frame.collect()
    last = frame.queries["queries"][-1].strip()
    ids = [query.query_id for query in history.queries if query.sql_text.strip() == last]
    return str((ids or [history.queries[-1].query_id])[-1])


def describe(error: BaseException, folder: str) -> str:
    """The traceback as Snowflake prints it: only frames of the user's code and of what it called."""
    described = traceback.TracebackException.from_exception(error)
    _strip(described, folder)
    return "".join(described.format()).rstrip("\n")


def _strip(described: traceback.TracebackException | None, folder: str) -> None:
    while described is not None:
        described.stack = _frames(described.stack, folder)
        _strip(described.__cause__, folder)
        described = described.__context__


def _frames(stack: traceback.StackSummary, folder: str) -> traceback.StackSummary:
    """Without the child's own, and without the marks of columns that Python 3.11 and later would print."""
    kept = [frame for frame in stack if not frame.filename.startswith((_OURS, importlib.__file__, "<frozen"))]
    below = f"{folder}{os.sep}"
    return traceback.StackSummary.from_list(
        [(frame.filename.removeprefix(below), frame.lineno or 0, frame.name, frame.line) for frame in kept]
    )
