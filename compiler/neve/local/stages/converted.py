"""Files that hold what others say in the way of Snowflake, for DuckDB to read; made once, kept for a while."""

import hashlib
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

from neve.local.errors import SqlError
from neve.local.jsontext import write
from neve.local.stages.delimited import Record, invalid_utf8, records
from neve.local.stages.layout import Layout
from neve.local.translate.natives.loose_json import FaultError, documents

FIELDS = "_neve_fields"
"""How many fields a record has."""

_KEPT = 50


def parquet(state: Path, content: bytes, how: Layout) -> Path:
    """The file that was made of delimited text, below the engine's state. Raises SqlError."""
    return _made(state, content, repr(how), lambda part: _write(list(records(content, how)), how, part))


def json_lines(state: Path, content: bytes, *, strip: bool, repeated: bool) -> Path:
    """The file that was made of JSON as Snowflake takes it: a value a line, and in place of an array its elements when
    they are to be stripped of it. Raises SqlError.
    """
    return _made(
        state,
        content,
        f"json {strip} {repeated}",
        lambda part: part.write_text(_lines(content, strip, repeated), "utf-8"),
    )


def _made(state: Path, content: bytes, how: str, write: Callable[[Path], object]) -> Path:
    made = _folder(state) / hashlib.sha256(content + how.encode()).hexdigest()
    if not made.exists():
        part = made.with_name(f"{uuid.uuid4()}.part")
        write(part)
        part.replace(made)
        _forget(made.parent)
    return made


def _lines(content: bytes, strip: bool, repeated: bool) -> str:  # noqa: FBT001 - two flags of a file format
    try:
        found = list(documents(content.decode("utf-8-sig"), repeated=repeated))
    except FaultError as error:
        raise SqlError(100069, "22P02", f"Error parsing JSON: {error}") from error
    except UnicodeDecodeError as error:
        raise invalid_utf8(content, error) from error
    rows = [row for value in found for row in (value if strip and isinstance(value, list) else [value])]
    return "".join(f"{write(row)}\n" for row in rows)


def _write(rows: list[Record], how: Layout, file: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet as writer

    names = [str(name) for name in rows.pop(0)] if how.header and rows else []
    width = max([len(names), 1, *map(len, rows)])
    names += [f"column{place}" for place in range(len(names), width)]
    columns = [pa.array([row[n] if n < len(row) else None for row in rows], pa.string()) for n in range(width)]
    fields = pa.array([len(row) for row in rows], pa.int64())
    writer.write_table(pa.table([*columns, fields], names=[*names, FIELDS]), file)


def _folder(state: Path) -> Path:
    folder = state / "read"
    folder.mkdir(exist_ok=True)
    return folder


def _forget(folder: Path) -> None:
    """All but the newest."""
    made = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime)
    for file in made[:-_KEPT]:
        file.unlink(missing_ok=True)


def sweep(state: Path) -> None:
    shutil.rmtree(state / "read", ignore_errors=True)
