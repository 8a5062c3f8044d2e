"""All files are read: those that did not change from the cache, the rest here or by several processes."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from neve import cache
from neve.ir import Project, SourceFile
from neve.pack import Packed, pack_diagnostic, pack_node, unpack_diagnostic, unpack_node, value_maker
from neve.read import Read, Reader

KINDS = ("model", "task", "python_task")
_FEW = 60
"""So many files are read faster than a cache is, or than other processes are started."""
_CHUNK = 25


def read_all(reader: Reader, files: Sequence[SourceFile], folder: Path | None) -> Iterator[tuple[SourceFile, Read]]:
    """Each file that becomes a node, with what it gave, in order. `folder` is where the cache is, if there is any."""
    wanted = [file for file in files if file.kind in KINDS]
    if len(wanted) <= _FEW:
        yield from ((file, reader.read(file)) for file in wanted)
        return
    key = _key(reader.project, files)
    path = folder and folder / f"{reader.project.target.name}.facts"
    known = cache.load(path, key) if path else {}
    digests = [_digest(reader, file) for file in wanted]
    fresh = [file for file, digest in zip(wanted, digests, strict=True) if digest not in known]
    read = dict(zip((file.path for file in fresh), _read(reader, fresh), strict=True))
    entries = {d: read.get(file.path) or known[d] for file, d in zip(wanted, digests, strict=True)}
    if path and (read or len(entries) < len(known)):
        cache.store(path, key, entries)
    value_of = value_maker()
    for file, digest in zip(wanted, digests, strict=True):
        node, said, enabled = entries[digest]
        unpacked = node and unpack_node(node, file, value_of)
        yield file, Read(unpacked, tuple(map(unpack_diagnostic, said)), enabled)


def _key(project: Project, files: Sequence[SourceFile]) -> cache.Digest:
    """Of all that any file's facts may depend on beside its own text."""
    macros = [part for file in files if file.kind == "macro" for part in (file.path, file.text)]
    return cache.digest(cache.compiler_stamp(), repr(project), *macros)


def _digest(reader: Reader, file: SourceFile) -> cache.Digest:
    helpers = reader.helpers.get(file.folder, {}) if file.kind == "python_task" else {}
    return cache.digest(
        file.path, file.text, *(text for name in sorted(helpers) for text in (name, helpers[name].text))
    )


def _pack(read: Read) -> Packed:
    return read.node and pack_node(read.node), tuple(map(pack_diagnostic, read.said)), read.enabled


def _read(reader: Reader, files: Sequence[SourceFile]) -> Iterator[Packed]:
    """Read the files, packed, in their order."""
    chunks = [files[start : start + _CHUNK] for start in range(0, len(files), _CHUNK)]
    processes = _processes(len(files))
    if processes == 1:
        for chunk in chunks:
            yield from _read_chunk(reader, chunk)
        return
    import multiprocessing

    from neve import parse_sql  # noqa: F401  imported once, before the processes part

    _WORK.append((reader, chunks))
    try:
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            for packed in pool.imap(_read_numbered, range(len(chunks))):
                yield from packed
    finally:
        _WORK.pop()


_WORK: list[tuple[Reader, list[Sequence[SourceFile]]]] = []
"""What forked processes inherit: nothing has to be sent to them but a chunk's number."""


def _read_numbered(number: int) -> list[Packed]:
    reader, chunks = _WORK[-1]
    return _read_chunk(reader, chunks[number])


def _read_chunk(reader: Reader, files: Sequence[SourceFile]) -> list[Packed]:
    with _no_collection():
        return [_pack(reader.read(file)) for file in files]


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without Python's garbage collector until a chunk is done: in the middle of parsing it costs half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.collect()
        gc.unfreeze()
        if was_on:
            gc.enable()


def _processes(files: int) -> int:
    """How many processes read so many files. Only Linux forks safely."""
    if not sys.platform.startswith("linux") or files < 4 * _CHUNK:
        return 1
    return min(len(os.sched_getaffinity(0)), 8, files // _CHUNK)
