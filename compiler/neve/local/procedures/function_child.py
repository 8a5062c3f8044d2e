"""What runs in a forked child: a user-defined function in Python, loaded once, answering batches.

A batch comes as an Arrow stream of the arguments; the answer is JSON: `{"values": [text or null, …]}`, or
`{"error": text}`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neve.local.procedures import aggregate_child, child, partition_child, wire

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def serve(talk: Connection, job: Mapping[str, Any]) -> None:
    """Answer what comes from `talk` with the handler of the job's code or imports, until the caller ends."""
    handler: Callable[..., Any] | None = None
    while True:
        try:
            batch = talk.recv_bytes()
        except EOFError:
            return
        try:
            if handler is None:
                child.settle(Path(job["folder"]))
                handler = child.handler_of(job)
            answer: dict[str, Any] = {"values": _values(handler, batch, job)}
        except BaseException as error:  # noqa: BLE001 - whatever the user's code raises
            answer = {"error": _failure(error, job)}
        talk.send_bytes(json.dumps(answer).encode())


def _failure(error: BaseException, job: Mapping[str, Any]) -> str:
    text = child.describe(error, job["folder"])
    return f"Python Interpreter Error:\n{text}\n in function {job['name']} with handler {job['handler']}"


def _values(handler: Callable[..., Any], batch: bytes, job: Mapping[str, Any]) -> list[str | None]:
    import pyarrow as pa

    table = pa.ipc.open_stream(batch).read_all()
    kind = job["returns"]
    if job["columns"]:
        return partition_child.values(handler, table.combine_chunks(), job)
    if job["aggregate"]:
        return aggregate_child.values(handler, table.combine_chunks(), job)
    if hasattr(handler, "_sf_vectorized_input"):
        return [wire.encode(value, kind) for value in handler(_numbered(table, job["kinds"]))]
    rows = zip(*wire.columns(table.columns, job["kinds"]), strict=True) if job["kinds"] else [()] * table.num_rows
    if job["strict"]:
        return [None if None in row else wire.encode(handler(*row), kind) for row in rows]
    return [wire.encode(handler(*row), kind) for row in rows]


def _numbered(table: "pa.Table", kinds: Sequence[str]) -> "pd.DataFrame":
    """The batch as a vectorized handler gets it: a DataFrame with columns 0, 1, …"""
    import pandas as pd

    frame = wire.frame(table, kinds)
    frame.columns = pd.RangeIndex(len(kinds))
    return frame
