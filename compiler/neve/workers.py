"""Files are read by several processes. `python -m neve.workers` is one of them: it is told over its standard input."""

import gc
import marshal
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, TYPE_CHECKING, Any

from neve.cache.codec import Plain, pack, unpack
from neve.ir import Project, SourceFile
from neve.read import Reader, modules_of
from neve.render import make_renderer

if TYPE_CHECKING:
    from subprocess import Popen

Portion = Sequence[SourceFile]
_LENGTH = 8
_EARLY = "a process that read files ended early"


def read_in_processes(setup: Plain, portions: Sequence[Portion], processes: int) -> list[bytes]:
    """Each file's `Read`, marshalled, in order. `setup` is what `setup_of` made.

    Raises EOFError when a process ends early; it said why on standard error.
    """
    from concurrent.futures import ThreadPoolExecutor

    results: list[list[bytes]] = [[] for _ in portions]
    waiting: SimpleQueue[int] = SimpleQueue()
    for number in range(len(portions)):
        waiting.put(number)

    def serve(process: "Popen[bytes]") -> None:
        _send(process.stdin, setup)
        try:
            while True:
                number = waiting.get_nowait()
                _send(process.stdin, [pack(file) for file in portions[number]])
                results[number] = _receive(process.stdout)
        except Empty:
            return

    with _started(processes) as started, ThreadPoolExecutor(processes) as threads:
        for done in [threads.submit(serve, process) for process in started]:
            done.result()
    return [one for result in results for one in result]


def setup_of(project: Project, files: Sequence[SourceFile]) -> Plain:
    """What a process has to know beside the files that it reads."""
    macros = [file for file in files if file.kind == "macro"]
    return pack(project), [pack(file) for file in (*macros, *modules_of(files).values())]


def read_marshalled(reader: Reader, file: SourceFile) -> bytes:
    """What a file gave, as bytes of plain data."""
    return marshal.dumps(pack(reader.read(file)))


def processors() -> int:
    """How many processes can work at once."""
    known = getattr(os, "sched_getaffinity", None)
    return len(known(0)) if known else os.cpu_count() or 1


@contextmanager
def _started(count: int) -> Iterator[list["Popen[bytes]"]]:
    """Processes that wait for their setup; none is left behind."""
    from subprocess import PIPE, Popen

    paths = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "neve.workers"]
    started = [Popen(command, stdin=PIPE, stdout=PIPE, env={**os.environ, "PYTHONPATH": paths}) for _ in range(count)]
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


def _send(stream: IO[bytes] | None, data: Plain) -> None:
    if stream is None:
        raise EOFError(_EARLY)
    body = marshal.dumps(data)
    try:
        stream.write(len(body).to_bytes(_LENGTH, "little") + body)
        stream.flush()
    except BrokenPipeError:
        raise EOFError(_EARLY) from None


def _receive(stream: IO[bytes] | None) -> Any:
    length = int.from_bytes(_exactly(stream, _LENGTH), "little")
    return marshal.loads(_exactly(stream, length))  # noqa: S302  from a process of our own


def _exactly(stream: IO[bytes] | None, length: int) -> bytes:
    found = stream.read(length) if stream else b""
    if len(found) < length:
        raise EOFError(_EARLY)
    return found


def _work() -> None:
    """Read what comes until nothing does."""
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints must not get among the results
    project, files = _receive(sys.stdin.buffer)
    beside = [unpack(SourceFile, one) for one in files]
    known = unpack(Project, project)
    renderer = make_renderer(known, [file for file in beside if file.kind == "macro"], lambda _: None)
    reader = Reader(known, renderer, modules_of(beside))
    gc.disable()
    settled = False
    while True:
        portion = _receive(sys.stdin.buffer)
        _send(results, [read_marshalled(reader, unpack(SourceFile, one)) for one in portion])
        gc.collect()  # trees hold on to themselves; collected while they are made they cost twice as much
        if not settled:
            gc.freeze()  # what the first files had imported stays, and need not be looked through again
            settled = True


if __name__ == "__main__":
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this one stops it
    try:
        _work()
    except EOFError:
        sys.exit()
