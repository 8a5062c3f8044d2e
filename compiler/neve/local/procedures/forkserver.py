"""The process that forks one child a call: `python -m neve.local.procedures.forkserver FD`.

Importing Snowpark costs seconds, forking a process that has imported it costs milliseconds. The
engine writes one byte to the socket FD, and passes file descriptors beside it:

    b"I"  import the modules named in the message that waits on the first descriptor
    b"R"  fork: the child talks on the first descriptor, its end is told on the second

It runs no code of the user's itself, starts no threads, and ends with the engine.
"""

import gc
import importlib
import importlib.util
import os
import selectors
import signal
import socket
import sys
import threading
import time
import warnings
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

FIRST_IMPORTS = ("snowflake.snowpark", "snowflake.core.task.context", "pandas", "pyarrow", "cloudpickle")
_THREADS_WAIT = 2.0
_LIBRARIES = r"(snowflake|sklearn|xgboost|pandas|numpy)(\.|$)"


def serve(control: socket.socket) -> None:
    """Answer requests until the engine closes its end. What libraries warn of is not for the log."""
    warnings.filterwarnings("ignore", module=_LIBRARIES)
    children: dict[int, int] = {}
    with selectors.DefaultSelector() as selector, _child_signals() as ended:
        selector.register(control, selectors.EVENT_READ)
        selector.register(ended, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in selector.select()}
            if ended in ready:
                ended.recv(4096)
                _reap(children)
            if control in ready and not _answer(control, children):
                break
    for pid in children:
        _kill(pid)


def _answer(control: socket.socket, children: dict[int, int]) -> bool:
    kind, descriptors, _, _ = socket.recv_fds(control, 1, 2)
    if not kind:
        return False
    if kind == b"I":
        with Connection(descriptors[0]) as request:
            _import(request.recv())
    else:
        talk, ended = descriptors
        children[_fork(talk)] = ended
        os.close(talk)
    return True


def _import(modules: tuple[str, ...]) -> None:
    """Import what is a module; what cannot be imported is left to the call that needs it, which says why."""
    for module in modules:
        try:
            if importlib.util.find_spec(module) is not None:
                importlib.import_module(module)
        except ModuleNotFoundError:
            continue  # `from module import name` where name is no module
        except Exception as error:  # noqa: BLE001 - any package may fail in any way at import
            print(f"could not import {module} beforehand: {error!r}", file=sys.stderr)  # noqa: T201
    gc.collect()
    gc.freeze()


def _fork(talk: int) -> int:
    """Fork the child; a thread that an import left running must end first, as a fork keeps its locks."""
    deadline = time.monotonic() + _THREADS_WAIT
    while threading.active_count() > 1 and time.monotonic() < deadline:
        time.sleep(0.005)
    pid = os.fork()
    if not pid:
        try:
            _become_child(talk)
        finally:
            os._exit(70)
    return pid


def _become_child(talk: int) -> None:
    """Keep nothing of the server's but standard output, which is the log, and the way to the engine."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    with suppress(OSError):  # where there is no such file: when memory runs out, the call is to end, not the engine
        Path("/proc/self/oom_score_adj").write_text("1000")
    os.closerange(3, talk)
    os.closerange(talk + 1, os.sysconf("SC_OPEN_MAX"))
    from neve.local.procedures import child

    child.main(Connection(talk))


def _child_signals() -> socket.socket:
    """A socket that becomes readable when a child ends."""
    reading, writing = socket.socketpair()
    writing.setblocking(False)  # noqa: FBT003 - the method's own form
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writing.detach())
    return reading


def _reap(children: dict[int, int]) -> None:
    for pid in list(children):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            with suppress(ProcessLookupError):  # what the user's code started goes with it
                os.killpg(pid, signal.SIGKILL)
            descriptor = children.pop(pid)
            with suppress(BrokenPipeError):
                os.write(descriptor, str(os.waitstatus_to_exitcode(status)).encode())
            os.close(descriptor)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
