"""Files of delimited text as Parquet, which hold what they say in the way of Snowflake; made once, kept for a while."""

import hashlib
import shutil
import uuid
from pathlib import Path

from neve.local.stages.delimited import Record, records
from neve.local.stages.layout import Layout

FIELDS = "_neve_fields"
"""How many fields a record has."""

_KEPT = 50


def parquet(state: Path, content: bytes, how: Layout) -> Path:
    """The file that was made of this content, below the engine's state. Raises SqlError."""
    told = hashlib.sha256(content + repr(how).encode()).hexdigest()
    made = _folder(state) / f"{told}.parquet"
    if not made.exists():
        part = made.with_name(f"{uuid.uuid4()}.part")
        _write(list(records(content, how)), how, part)
        part.replace(made)
        _forget(made.parent)
    return made


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
