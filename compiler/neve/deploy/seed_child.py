"""Runs in a process of its own: `python -m neve.deploy.seed_child SEED OUT` makes Parquet files of a seed.

A CSV file is one table, all text (the declared types decide what it means). A Python file has `tables()`, which gives
a dict of DataFrames by source table. OUT gets one <table>.parquet each. Its prints go to standard error.
"""

import contextlib
import runpy
import sys
from pathlib import Path
from typing import Any


def main(seed: Path, out: Path) -> None:
    with contextlib.redirect_stdout(sys.stderr):
        frames = _python(seed) if seed.suffix == ".py" else _csv(seed)
    for name, frame in frames.items():
        frame.to_parquet(out / f"{name}.parquet", index=False)


def _csv(seed: Path) -> dict[str, Any]:
    import pandas as pd

    return {seed.stem: pd.read_csv(seed, dtype=str, keep_default_na=False, na_values=[""])}


def _python(seed: Path) -> dict[str, Any]:
    import pandas as pd

    sys.path.insert(0, str(seed.parent))
    tables = runpy.run_path(str(seed)).get("tables")
    if not callable(tables):
        sys.exit(f"{seed.name} has no function tables()")
    frames = tables()
    if not isinstance(frames, dict) or not all(isinstance(frame, pd.DataFrame) for frame in frames.values()):
        sys.exit(f"{seed.name}: tables() must give a dict of pandas DataFrames by source table")
    return frames


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
