"""Start, stop and find the engine of a state folder. Light: imports neither DuckDB nor the connector."""

import fcntl
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HOLD = "held"
"""The file of a state folder that its engine keeps locked: by a number alone, a process may be another's by now."""

UNREADABLE = 65
"""The exit code of an engine that cannot read its state: the last line of its log says why, in plain words."""

_ANSWERING = 2.0
_STARTING = 60.0
_STOPPING = 20.0


class EngineFailed(Exception):  # noqa: N818 - reads as what happened
    """The engine did not start or did not stop: the message says why, for the user."""


@dataclass(frozen=True, slots=True)
class Running:
    """A running engine. `connection` are arguments of snowflake.connector.connect."""

    pid: int
    host: str
    port: int
    account: str
    user: str
    password: str = field(repr=False)

    @property
    def connection(self) -> dict[str, Any]:
        return {
            "host": self.host,
            "port": self.port,
            "protocol": "http",
            "account": self.account,
            "user": self.user,
            "password": self.password,
        }


def status(state: Path) -> Running | None:
    """The engine of this folder, if one runs: one that is too busy to answer does."""
    if not _held(state / HOLD):
        return None
    try:
        running = Running(**json.loads((state / "engine.json").read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return running if _listens(running) else None


def start(state: Path) -> Running:
    """The engine of this folder: the one that runs, else a new process. Raises EngineFailed."""
    state.mkdir(parents=True, exist_ok=True)
    with _locked(state):
        return status(state) or _spawn(state)


def stop(state: Path) -> bool:
    """Stops the engine; False when none ran. Raises EngineFailed when it does not go."""
    running = status(state)
    if running is None:
        return False
    os.kill(running.pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOPPING
    while _held(state / HOLD):
        if time.monotonic() > deadline:
            raise EngineFailed(f"The engine (process {running.pid}) did not stop within {_STOPPING:.0f} seconds.")
        time.sleep(0.02)
    return True


def _spawn(state: Path) -> Running:
    (state / "engine.json").unlink(missing_ok=True)
    command = [sys.executable, "-m", "neve.local", "--state", str(state.resolve())]
    with (state / "engine.log").open("ab") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=state, start_new_session=True
        )
    deadline = time.monotonic() + _STARTING
    while time.monotonic() < deadline:
        if running := status(state):
            return running
        if process.poll() == UNREADABLE:
            raise EngineFailed(_tail(state / "engine.log").splitlines()[-1])
        if process.poll() is not None:
            raise EngineFailed(f"The engine did not start; its last words:\n{_tail(state / 'engine.log')}")
        time.sleep(0.02)
    process.kill()
    raise EngineFailed(f"The engine did not answer within {_STARTING:.0f} seconds; see {state / 'engine.log'}.")


@contextmanager
def _locked(state: Path) -> Iterator[None]:
    """One start at a time."""
    with (state / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _held(path: Path) -> bool:
    """Whether an engine holds the folder."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _listens(running: Running) -> bool:
    connection = http.client.HTTPConnection(running.host, running.port, timeout=_ANSWERING)
    try:
        connection.request("POST", "/session/heartbeat")
        return connection.getresponse().status == 200
    except TimeoutError:
        return True
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _tail(path: Path) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-15:])
