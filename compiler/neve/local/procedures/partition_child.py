"""A table function in Python, in its child: the arguments of partitions in, their rows out.

A partition's rows are a JSON array `[place, value, …]` each: `place` counts the rows that came in, and is null for a
row of end_partition.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from neve.local.procedures import wire

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_Row = tuple[int | None, Sequence[Any]]
_MARK = "_sf_vectorized_input"


def values(handler: Callable[[], Any], table: "pa.Table", job: Mapping[str, Any]) -> list[str | None]:
    """One text for each partition."""
    found: list[str | None] = []
    for index in range(table.num_rows):
        part = [column[index].values for column in table.columns]  # noqa: PD011 - not pandas'
        rows = _rows(handler(), part, job)
        found.append(json.dumps([[place, *_checked(row, job)] for place, row in rows], default=wire.plain))
    return found


def _rows(handler: Any, part: "Sequence[pa.Array]", job: Mapping[str, Any]) -> Iterator[_Row]:
    process, end = getattr(handler, "process", None), getattr(handler, "end_partition", None)
    if process is not None:
        yield from (_by_frame if hasattr(process, _MARK) else _by_row)(process, part, job)
    if end is not None:
        made = end(_frame(part, job)) if hasattr(end, _MARK) else end()
        yield from ((None, row) for row in _rows_of(made, columns=hasattr(end, _MARK)))


def _by_row(process: Callable[..., Any], part: "Sequence[pa.Array]", job: Mapping[str, Any]) -> Iterator[_Row]:
    count = len(job["kinds"])
    rows = zip(*wire.columns(part, job["kinds"]), strict=True) if count else [()] * len(part[0])
    for place, arguments in enumerate(rows):
        if job["strict"] and None in arguments:
            continue
        yield from ((place, row) for row in process(*arguments) or ())


def _by_frame(process: Callable[..., Any], part: "Sequence[pa.Array]", job: Mapping[str, Any]) -> Iterator[_Row]:
    """A vectorized process gives a row for each that it gets."""
    frame = _frame(part, job)
    step = getattr(process, "_sf_max_batch_size", None) or max(len(frame), 1)
    for start in range(0, len(frame), step):
        batch = frame.iloc[start : start + step].reset_index(drop=True)
        made = list(_of_frame(process(batch)))
        if len(made) != len(batch):
            raise ValueError(f"a vectorized process got {len(batch)} rows and gave {len(made)}")
        yield from ((start + place, row) for place, row in enumerate(made))


def _frame(part: "Sequence[pa.Array]", job: Mapping[str, Any]) -> "pd.DataFrame":
    """A partition as a vectorized handler gets it, under the names of the parameters."""
    import pyarrow as pa

    return wire.frame(pa.table(dict(zip(job["parameters"], part, strict=False))), job["kinds"])


def _rows_of(made: Any, *, columns: bool) -> Iterable[Any]:
    """The rows of what a handler gave: of DataFrames as of tuples; `columns` says that a tuple holds columns."""
    if made is None:
        return
    if isinstance(made, Iterator):
        for one in made:
            yield from _rows_of(one, columns=columns) if columns or _is_frame(one) else (one,)
    elif columns or _is_frame(made):
        yield from _of_frame(made)
    else:
        yield from made


def _is_frame(made: Any) -> bool:
    return type(made).__module__.startswith("pandas.")


def _of_frame(made: Any) -> Iterable[Sequence[Any]]:
    """The rows of a DataFrame, of a Series, or of columns in a tuple."""
    import pandas as pd

    if isinstance(made, tuple | list):
        made = pd.DataFrame({place: pd.Series(column).reset_index(drop=True) for place, column in enumerate(made)})
    frame = made.to_frame() if isinstance(made, pd.Series) else pd.DataFrame(made)
    frame = frame.astype(object).where(frame.notna(), None)
    return list(frame.itertuples(index=False, name=None))


def _checked(row: Any, job: Mapping[str, Any]) -> list[Any]:
    if not isinstance(row, tuple | list):
        raise TypeError(f"a row of a table function is a tuple, not {type(row).__name__}")
    if len(row) != job["columns"]:
        raise ValueError(f"a row has {len(row)} values, RETURNS TABLE declares {job['columns']}")
    return [wire.number(value) for value in row]
