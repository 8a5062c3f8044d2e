"""All files are read: what was read before comes from the cache, the rest is read here or by several processes."""

import gc
import marshal
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from neve.cache.codec import unpack
from neve.cache.digests import Digest, compiler, digest, digest_of, join
from neve.cache.project import Cache
from neve.ir import Project, SourceFile
from neve.read import Read, Reader

KINDS = ("model", "task", "python_task")
_JINJA = re.compile(r"\{[{%#]")
_PORTION = 25
_WORTH_A_PROCESS = 150
"""Files that are read in the time in which a process starts, and then some."""


def read_all(reader: Reader, files: Sequence[SourceFile], cache: Cache | None) -> Iterator[tuple[SourceFile, Read]]:
    """Each file that becomes a node, with what it gave, in order."""
    wanted = [file for file in files if file.kind in KINDS]
    packed = _through(cache, reader, files, wanted) if cache else _read(reader, files, wanted)
    packed.reverse()
    for file in wanted:
        yield file, unpack(Read, marshal.loads(packed.pop()))  # noqa: S302  just made, or signed


def _through(cache: Cache, reader: Reader, files: Sequence[SourceFile], wanted: Sequence[SourceFile]) -> list[bytes]:
    """Files that were read before out of the cache, the others into it."""
    name = f"{reader.project.target.name}.reads"
    known: dict[Digest, bytes] = cache.load(name)
    keys = list(_keys(reader, files, wanted, cache.digests()))
    fresh = {key: file for key, file in zip(keys, wanted, strict=True) if key not in known}
    read = dict(zip(fresh, _read(reader, files, list(fresh.values())), strict=True))
    found = [read.get(key) or known[key] for key in keys]
    cache.store(name, dict(zip(keys, found, strict=True)))
    return found


@contextmanager
def no_collection() -> Iterator[None]:
    """Without Python's garbage collector: among many objects that stay, looking for others takes half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _keys(
    reader: Reader, files: Sequence[SourceFile], wanted: Sequence[SourceFile], digests: Mapping[str, Digest]
) -> Iterator[Digest]:
    """For each file a digest of all that its reading can see."""
    project = reader.project
    always = digest_of([compiler(), repr(_defaults(project)).encode()])
    macros = [part for file in files if file.kind == "macro" for part in (file.path, file.text)]
    jinja = digest(project.name, repr(project.target), repr(project.vars), *macros)
    modules = digest(
        *(part for _, file in sorted(reader.modules.items()) for part in (file.path, file.kind, file.text))
    )
    for file in wanted:
        more = modules if file.kind == "python_task" else always
        if file.kind != "python_task" and _JINJA.search(file.text):
            more = jinja
        yield join(always, more, digests[file.path])


def _defaults(project: Project) -> list[tuple[str, str, object]]:
    """The defaults, those of tests with their places, for these are the places of tests."""
    return [
        (folder, key, value if key in {"columns", "data_tests"} else value.data)
        for folder, values in project.defaults.items()
        for key, value in values.items()
    ]


def _read(reader: Reader, files: Sequence[SourceFile], fresh: Sequence[SourceFile]) -> list[bytes]:
    """Read files: `Read`s, marshalled, in their order."""
    from neve.workers import processors, read_in_processes, read_marshalled, setup_of

    processes = min(processors(), len(fresh) // _WORTH_A_PROCESS)
    portions = [fresh[start : start + _PORTION] for start in range(0, len(fresh), _PORTION)]
    if processes > 1:
        return read_in_processes(setup_of(reader.project, files), portions, processes)
    results = []
    for portion in portions:
        results += [read_marshalled(reader, file) for file in portion]
        gc.collect(0)
    return results
