"""The engine's side of the models that run: a child for each method in use, and DuckDB's function that asks it."""

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from inspect import Parameter, Signature
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from neve.local.models import handler
from neve.local.models.catalog import Version
from neve.local.models.package import Method
from neve.local.procedures.children import Children
from neve.local.types import parse_type, to_duck

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from neve.local.engine import Engine

_KEPT = 4


@dataclass(slots=True)
class Served:
    """One child that has a method of a version loaded; one batch at a time."""

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
    """The methods of models that DuckDB knows as functions."""

    duck: "duckdb.DuckDBPyConnection"
    children: Children
    _known: set[str] = field(default_factory=set)
    _served: "OrderedDict[str, Served]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def function(self, version: Version, method: Method) -> str:
        """The name of the DuckDB function, made at its first use, that gives a method's result as text."""
        name = f"model_{version.folder.name}_{method.name.encode().hex()}"
        with self._lock:
            if name not in self._known:
                self._register(name, version, method)
                self._known.add(name)
        return name

    def close(self) -> None:
        """End the children."""
        with self._lock:
            for served in self._served.values():
                served.talk.close()
            self._served.clear()

    def _register(self, name: str, version: Version, method: Method) -> None:
        job = {"folder": str(version.folder), "handler": method.handler, "returns": parse_type(method.returns).kind}

        def call(*arguments: Any) -> Any:
            import pyarrow as pa

            return pa.array(self._ask(name, job, _stream(arguments)), pa.string())

        positions = [Parameter(f"c{index}", Parameter.POSITIONAL_ONLY) for index in range(len(method.inputs))]
        vars(call)["__signature__"] = Signature(positions)  # DuckDB counts them
        types = [to_duck(parse_type(kind)) for _, kind in method.inputs]
        self.duck.create_function(name, call, types, "VARCHAR", type="arrow", null_handling="special")

    def _ask(self, name: str, job: dict[str, Any], batch: bytes) -> list[str | None]:
        served = self._child(name, job)
        try:
            return served.ask(batch)
        except (OSError, EOFError):  # ended to make room for another, or killed
            with self._lock:
                if self._served.get(name) is served:
                    del self._served[name]
            return self._child(name, job).ask(batch)

    def _child(self, name: str, job: dict[str, Any]) -> Served:
        """The method's child; the one not used for longest ends when there are too many."""
        with self._lock:
            if name not in self._served:
                self._served[name] = Served(self.children.serve(handler.__name__, job))
            self._served.move_to_end(name)
            if len(self._served) > _KEPT:
                self._served.popitem(last=False)[1].talk.close()
            return self._served[name]


def start(engine: "Engine") -> Serving:
    """The service of an engine whose procedures' children are there."""
    return Serving(engine.duck, engine.services["procedures"])


def _stream(arguments: "tuple[pa.ChunkedArray, ...]") -> bytes:
    import pyarrow as pa

    table = pa.table({f"c{index}": argument for index, argument in enumerate(arguments)})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())
