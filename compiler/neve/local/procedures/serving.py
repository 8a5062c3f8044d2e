"""Functions that run in children: a child for each one in use, and DuckDB's function that asks it."""

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from inspect import Parameter, Signature
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from neve.local.procedures.children import Children

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from neve.local.engine import Engine

_KEPT = 4


@dataclass(slots=True)
class Served:
    """One child that has a function loaded; one batch at a time."""

    talk: Connection
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, batch: bytes) -> list[str | None]:
        """Raises EOFError when the child has ended, ValueError with its traceback when the handler failed."""
        with self.lock:
            self.talk.send_bytes(batch)
            answer = json.loads(self.talk.recv_bytes())
        if "error" in answer:
            raise ValueError(answer["error"])
        values: list[str | None] = answer["values"]
        return values


@dataclass(slots=True)
class Serving:
    """What DuckDB knows as functions of ours, by name. `folder` is for files that their children read."""

    duck: "duckdb.DuckDBPyConnection"
    children: Children
    folder: Path
    _temporary: "TemporaryDirectory[str]"
    _known: set[str] = field(default_factory=set)
    _served: "OrderedDict[str, Served]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def knows(self, name: str) -> bool:
        return name in self._known

    def register(self, name: str, module: str, job: Mapping[str, Any], types: Sequence[str]) -> None:
        """Make `name` a DuckDB function of `types`, whose values `serve(talk, job)` of `module` gives as text."""
        with self._lock:
            if name not in self._known:
                self._register(name, module, job, types)
                self._known.add(name)

    def close(self) -> None:
        """End the children."""
        with self._lock:
            for served in self._served.values():
                served.talk.close()
            self._served.clear()
            self._temporary.cleanup()

    def _register(self, name: str, module: str, job: Mapping[str, Any], types: Sequence[str]) -> None:
        from duckdb.func import ARROW, SPECIAL

        def call(*arguments: Any) -> Any:
            import pyarrow as pa

            return pa.array(self._ask(name, module, job, _stream(arguments)), pa.string())

        positions = [Parameter(f"c{index}", Parameter.POSITIONAL_ONLY) for index in range(len(types))]
        vars(call)["__signature__"] = Signature(positions)  # DuckDB counts them
        self.duck.create_function(name, call, list(types), "VARCHAR", type=ARROW, null_handling=SPECIAL)

    def _ask(self, name: str, module: str, job: Mapping[str, Any], batch: bytes) -> list[str | None]:
        served = self._child(name, module, job)
        try:
            return served.ask(batch)
        except (OSError, EOFError):  # ended to make room for another, or killed
            with self._lock:
                if self._served.get(name) is served:
                    del self._served[name]
            return self._child(name, module, job).ask(batch)

    def _child(self, name: str, module: str, job: Mapping[str, Any]) -> Served:
        """The function's child; the one not used for longest ends when there are too many."""
        with self._lock:
            if name not in self._served:
                self._served[name] = Served(self.children.serve(module, job))
            self._served.move_to_end(name)
            if len(self._served) > _KEPT:
                self._served.popitem(last=False)[1].talk.close()
            return self._served[name]


def start(engine: "Engine") -> Serving:
    """The service of an engine whose procedures' children are there."""
    temporary = TemporaryDirectory(prefix="neve-functions-")
    return Serving(engine.duck, engine.services["procedures"], Path(temporary.name), temporary)


def _stream(arguments: "tuple[pa.ChunkedArray, ...]") -> bytes:
    import pyarrow as pa

    table = pa.table({f"c{index}": argument for index, argument in enumerate(arguments)})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())
