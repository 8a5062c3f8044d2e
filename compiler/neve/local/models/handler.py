"""What runs in a forked child: one packaged handler of a model, loaded once, answering batches until its caller ends.

A batch comes as an Arrow stream of the arguments; the answer is JSON: `{"values": [text or null, …]}`, or
`{"error": text}`.
"""

import json
import sys
import traceback
from collections.abc import Callable, Mapping
from importlib import util
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any

from neve.local.procedures import wire


def serve(talk: Connection, job: Mapping[str, str]) -> None:
    """Answer what comes from `talk` with the `handler`, functions.<module>.<function>, of the files in `folder`."""
    function = None
    while True:
        try:
            batch = talk.recv_bytes()
        except EOFError:
            return
        try:
            function = function or _load(Path(job["folder"]), job["handler"])
            answer: dict[str, Any] = {"values": _values(function(_frame(batch)), job["returns"])}
        except BaseException as error:  # noqa: BLE001 - whatever the model's code raises
            answer = {"error": "".join(traceback.format_exception(error)).rstrip()}
        talk.send_bytes(json.dumps(answer).encode())


def _load(folder: Path, handler: str) -> Callable[[Any], Any]:
    *module_path, name = handler.split(".")
    sys.modules["_snowflake"] = _snowflake()
    sys._xoptions["snowflake_import_directory"] = str(folder)  # noqa: SLF001 - where Snowflake keeps it
    spec = util.spec_from_file_location("_".join(module_path), folder.joinpath(*module_path).with_suffix(".py"))
    if spec is None or spec.loader is None:
        raise ImportError(f"the model has no handler {handler}")
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function: Callable[[Any], Any] = getattr(module, name)
    return function


def _snowflake() -> ModuleType:
    """The module that Snowflake's Python runtime offers, as far as packaged handlers use it."""
    module = ModuleType("_snowflake")
    vars(module)["vectorized"] = lambda **_: lambda function: function
    return module


def _frame(batch: bytes) -> Any:
    import pyarrow as pa

    return pa.ipc.open_stream(batch).read_all().to_pandas()


def _values(result: Any, returns: str) -> list[str | None]:
    """The handler's answer, a list of dicts or a column, one text a row."""
    return [wire.encode(value, returns) for value in result]
