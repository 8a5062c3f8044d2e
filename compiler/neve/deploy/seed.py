"""Loading seeds/ into the declared sources: each table is replaced as a whole, in one statement at the end."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neve.deploy.connect import Account, explained
from neve.deploy.errors import NeveError
from neve.ir import Project, SourceTable
from neve.names import fold, nearest, qualified, quote_identifier
from neve.nodes import sources_named

_TEXT = re.compile(r"(VAR)?CHAR|STRING|TEXT|BINARY", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Loaded:
    """One source table that was filled."""

    table: str
    seed: str
    rows: int


def seed_files(root: Path) -> list[Path]:
    """The project's seeds, sorted: CSV files, and Python files that are not hidden by a leading underscore."""
    folder = root / "seeds"
    found = [path for path in folder.glob("*") if path.suffix in {".csv", ".py"} and not path.name.startswith("_")]
    return sorted(found)


def load_seeds(account: Account, project: Project, root: Path) -> Iterator[Loaded]:
    """Fill the declared sources from seeds/, one after the other. Raises NeveError for a seed that cannot be loaded."""
    files = seed_files(root)
    if not files:
        raise NeveError("there are no seeds", "put CSV files named after source tables into seeds/")
    filled: dict[str, str] = {}
    for path in files:
        seed = path.relative_to(root).as_posix()
        with tempfile.TemporaryDirectory() as folder:
            _run_child(path, Path(folder), seed)
            for parquet in sorted(Path(folder).iterdir()):
                table = _source(parquet.stem, seed, project)
                name = _relation(table)
                if name in filled:
                    raise NeveError(f"{filled[name]} and {seed} both fill {name}", "keep one of them")
                filled[name] = seed
                yield Loaded(name, seed, _load(account, table, parquet, seed))
    yield from _streams(account, project, filled)


def _streams(account: Account, project: Project, filled: Mapping[str, str]) -> Iterator[Loaded]:
    """The declared streams on tables that were filled are made anew: a table that is replaced leaves them stale."""
    for stream in project.sources.values():
        if not stream.stream_on:
            continue
        base = _relation(_source(stream.stream_on, f"stream_on of {stream.name}", project))
        if base in filled:
            account.execute(f"CREATE OR REPLACE STREAM {_relation(stream)} ON TABLE {base}")
            yield Loaded(_relation(stream), f"{stream.span.path}, a stream on {base}", 0)


def _run_child(path: Path, folder: Path, seed: str) -> None:
    command = [sys.executable, "-m", "neve.deploy.seed_child", str(path), str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise NeveError(f"{seed} failed:\n{done.stderr.strip()}")


def _source(name: str, seed: str, project: Project) -> SourceTable:
    """The declared source table that a seed is for: `table`, or `source.table` where two sources have one."""
    found = sources_named(project, name)
    if not found:
        near = nearest(name, [t.name for t in project.sources.values()])
        hint = f"name it {near!r}" if near else "declare it in project.yml below sources:"
        raise NeveError(f"{seed}: {name!r} is no declared source table", hint)
    if len(found) == 1 and found[0].stream_on:
        message = f"{seed}: {name!r} is a stream on {found[0].stream_on!r}, and has no rows of its own"
        raise NeveError(message, f"seed {found[0].stream_on!r} instead")
    if len(found) > 1:
        named = " or ".join(f"{t.source}.{t.name}" for t in found)
        raise NeveError(f"{seed}: {name!r} is declared twice", f"name it {named}")
    return found[0]


def _relation(table: SourceTable) -> str:
    return qualified(table.database, table.schema, fold(table.name))


def _load(account: Account, table: SourceTable, parquet: Path, seed: str) -> int:
    """Load into a table beside, then replace the real one by it in one statement; gives the number of rows."""
    import pandas as pd

    frame = pd.read_parquet(parquet)
    frame.columns = [str(name).upper() for name in frame.columns]
    _check_columns(set(frame.columns), table, seed)
    place = (table.database, table.schema, f"{fold(table.name)}__NEVE_SEED")
    account.execute(f"CREATE DATABASE IF NOT EXISTS {qualified(place[0])}")
    account.execute(f"CREATE SCHEMA IF NOT EXISTS {qualified(*place[:2])}")
    _write(account, frame, place)
    _swap_in(account, qualified(*place), _relation(table), table.columns)
    return len(frame)


def _check_columns(given: set[str], table: SourceTable, seed: str) -> None:
    declared = table.columns
    missing, unknown = sorted(declared.keys() - given), sorted(given - declared.keys()) if declared else []
    if missing or unknown:
        parts = [f"lacks {', '.join(missing).lower()}" if missing else ""]
        parts += [f"has {', '.join(unknown).lower()}, not declared" if unknown else ""]
        raise NeveError(f"{seed}: {table.name} {' and '.join(filter(None, parts))}", "see sources: in project.yml")


def _write(account: Account, frame: Any, place: tuple[str, str, str]) -> None:
    from snowflake.connector.pandas_tools import write_pandas

    database, schema, name = place
    with explained():
        write_pandas(
            account.raw, frame, name, database, schema,
            auto_create_table=True, overwrite=True, use_logical_type=True,
        )  # fmt: skip


def _swap_in(account: Account, beside: str, relation: str, columns: Mapping[str, str]) -> None:
    account.execute(f"CREATE OR REPLACE TABLE {relation}{_typed(columns)} AS SELECT {_selected(columns)} FROM {beside}")
    account.execute(f"DROP TABLE {beside}")


def _typed(columns: Mapping[str, str]) -> str:
    """The declared columns, when the type of each is known."""
    if not columns or not all(columns.values()):
        return ""
    return f" ({', '.join(f'{quote_identifier(name)} {kind}' for name, kind in columns.items())})"


def _selected(columns: Mapping[str, str]) -> str:
    """The columns in their declared types. A text is not cast: a cast would cut what is too long for its column."""
    casts = {name: f"::{kind}" if kind and not _TEXT.match(kind) else "" for name, kind in columns.items()}
    return ", ".join(f"{quote_identifier(n)}{cast} AS {quote_identifier(n)}" for n, cast in casts.items()) or "*"
