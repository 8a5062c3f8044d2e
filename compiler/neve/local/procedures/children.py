"""The engine's side of the fork server: start it, import beforehand, run one call in a child of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from neve.local.procedures.forkserver import FIRST_IMPORTS

_TURN = 0.25


@dataclass(frozen=True, slots=True)
class Ended:
    """A child that ended without an answer: its exit code, negative for a signal."""

    code: int


class Cancelled(Exception):  # noqa: N818 - no fault of the call
    """The call was cancelled; its child has been killed."""


@dataclass(slots=True)
class Children:
    """One fork server, started by the first of `start`, `preload` and `run`; its output goes to the file `log`."""

    log: Path
    _control: socket.socket | None = None
    _process: "subprocess.Popen[bytes] | None" = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _imported: list[str] = field(default_factory=lambda: list(FIRST_IMPORTS))

    def start(self) -> None:
        """Start the server in the background; the modules every procedure needs are imported there."""
        self.preload(())

    def preload(self, modules: Iterable[str]) -> None:
        """Let the server import `modules` when it finds the time."""
        with self._lock:
            wanted = [module for module in modules if module not in self._imported]
            self._imported += wanted
            if not self._running():
                self._open()
            elif wanted:
                self._import(wanted)

    def run(self, job: Mapping[str, Any], cancelled: threading.Event) -> Any:
        """Run `job` in a child and return its answer, or Ended; raises Cancelled once `cancelled` is set."""
        ours, ending = self._fork()
        with ours, ending:
            ours.send(job)
            return _answer(ours, ending, cancelled)

    def serve(self, module: str, job: Mapping[str, Any]) -> Connection:
        """Start a child that calls `serve(talk, job)` of `module` and ends with it; the other end of `talk`."""
        ours, ending = self._fork()
        ending.close()
        ours.recv_bytes()  # its process id
        ours.send({"serve": module, **job})
        return ours

    def _fork(self) -> tuple[Connection, Connection]:
        """A new child: what to talk over, and what tells its end."""
        ours, theirs = Pipe()
        ended, tell = os.pipe()
        try:
            with self._lock:
                if not self._running():
                    self._open()
                self._ask(b"R", theirs.fileno(), tell)
        finally:
            theirs.close()
            os.close(tell)
        return ours, Connection(ended, writable=False)

    def close(self) -> None:
        """End the server and the calls that still run."""
        with self._lock:
            if self._control is None or self._process is None:
                return
            self._control.close()
            try:
                self._process.wait(timeout=2)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._control = self._process = None

    def _running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _ask(self, kind: bytes, *descriptors: int) -> None:
        if self._control is not None:
            socket.send_fds(self._control, [kind], list(descriptors))

    def _import(self, modules: Sequence[str]) -> None:
        ours, theirs = Pipe()
        with ours, theirs:
            self._ask(b"I", theirs.fileno())
            ours.send(tuple(modules))

    def _open(self) -> None:
        if self._control is not None:
            self._control.close()
        self._control, theirs = socket.socketpair()
        with theirs, self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "neve.local.procedures.forkserver", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(),
                start_new_session=True,
            )
        self._import(self._imported)


def _environment() -> dict[str, str]:
    """Ours without Snowflake's variables: they may hold a password, and would change how Snowpark connects. Progress
    bars would fill the log.
    """
    ours = {name: value for name, value in os.environ.items() if not name.startswith("SNOWFLAKE_")}
    return {"TQDM_DISABLE": "1", **ours}


def _answer(talk: Connection, ending: Connection, cancelled: threading.Event) -> Any:
    """What the child says after its process id; Ended when it says nothing."""
    pid: int | None = None
    listening = [talk, ending]
    while True:
        ready = wait(listening, _TURN)
        if cancelled.is_set():
            if pid is not None:  # one that has not begun ends by itself, as nobody listens
                _kill(pid)
            raise Cancelled
        if talk in ready:
            try:
                message = json.loads(talk.recv_bytes())
            except EOFError:
                listening.remove(talk)
                continue
            if pid is not None:
                return message
            pid = message
        elif ending in ready:
            return Ended(int(os.read(ending.fileno(), 16) or b"70"))


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
