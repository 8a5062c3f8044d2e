"""An aggregate function in Python, in its child: the rows of groups in, a value for each group out."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from neve.local.procedures import wire

if TYPE_CHECKING:
    import pyarrow as pa


def values(handler: Callable[[], Any], table: "pa.Table", job: Mapping[str, Any]) -> list[str | None]:
    """What `finish` gives after `accumulate` of every row; a group's arguments are lists, or nothing without rows."""
    return [wire.encode(_finished(handler(), table, row, job), job["returns"]) for row in range(table.num_rows)]


def _finished(state: Any, table: "pa.Table", row: int, job: Mapping[str, Any]) -> Any:
    group = [column[row].values for column in table.columns]
    if group[0] is not None:
        kinds = job["kinds"]
        rows = zip(*wire.columns(group, kinds), strict=True) if kinds else [()] * len(group[0])
        for arguments in rows:
            if not (job["strict"] and None in arguments):
                state.accumulate(*arguments)
    return state.finish()
