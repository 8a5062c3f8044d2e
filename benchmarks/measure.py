"""What a command costs: CPU, time and memory of all its processes together."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_OFTEN = 0.05
_SPENT = ("ru_utime", "ru_stime")


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of all processors, seconds on the clock, MiB at the moment when the processes together held most."""

    cpu: float
    wall: float
    memory: float


class Failed(Exception):  # noqa: N818 - it says what it is
    """A command that did not do its work, with the end of what it said."""


def measure(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Cost:
    """Run a command to its end. Raises Failed.

    Memory is what Linux counts for the process and all its descendants, looked at 20 times a second; where there is
    no /proc, it is the most of any one of them.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
    )
    said: list[bytes] = []
    reading = threading.Thread(target=lambda: said.append(process.stdout.read()), daemon=True)
    reading.start()
    most = 0
    while True:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        most = max(most, sum(map(_resident, _tree(process.pid))))
        time.sleep(_OFTEN)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    reading.join(5)
    if process.returncode:
        raise Failed(b"".join(said).decode(errors="replace")[-2000:])
    # ru_maxrss is in KiB, on macOS in bytes.
    most = max(most, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
    return Cost(sum(getattr(used, one) for one in _SPENT), wall, most / 2**20)


def spent(pid: int) -> float:
    """The CPU seconds of a process that runs, of its descendants, and of those that it waited for (Linux)."""
    ticks = 0
    for one in _tree(pid):
        with suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _tree(pid: int) -> Iterator[int]:
    """A process and its descendants."""
    yield pid
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _tree(int(child))


def _resident(pid: int) -> int:
    """Bytes that a process holds, without the pages of files that it shares with others."""
    try:
        counted = Path(f"/proc/{pid}/statm").read_text().split()
    except OSError:
        return 0
    return (int(counted[1]) - int(counted[2])) * os.sysconf("SC_PAGE_SIZE")
