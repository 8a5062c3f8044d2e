"""What was read of each file, kept in `.neve/cache/`: by content, so that nothing in it can be out of date.

One file a target, for one version of neve and Python, one project.yml, one set of macros and variables. A file that
is damaged, or that was written for anything else, is as good as none.
"""

import marshal
import os
import sys
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from neve.pack import Packed

Digest = bytes
_SIZE = 16


def digest(*parts: str) -> Digest:
    """A hash of texts, in which it matters where one ends and the next begins."""
    whole = blake2b(digest_size=_SIZE)
    for part in parts:
        data = part.encode(errors="surrogatepass")
        whole.update(len(data).to_bytes(8, "little"))
        whole.update(data)
    return whole.digest()


def compiler_stamp() -> str:
    """What tells this very compiler and Python from others."""
    package = Path(__file__).parent
    stats = [path.stat() for path in sorted(package.rglob("*.py"))]
    return f"{sys.version} {sys.implementation.cache_tag} {[(stat.st_size, stat.st_mtime_ns) for stat in stats]}"


def load(path: Path, key: Digest) -> dict[Digest, Packed]:
    """What was stored under this key; nothing when there is no such file, or not for this key, or not whole."""
    try:
        data = path.read_bytes()
    except OSError:
        return {}
    head, body = data[: 2 * _SIZE], data[2 * _SIZE :]
    if head != key + blake2b(body, digest_size=_SIZE).digest():
        return {}
    found: dict[Digest, Packed] = marshal.loads(body)  # noqa: S302  its hash says that we wrote it
    return found


def store(path: Path, key: Digest, entries: Mapping[Digest, Packed]) -> None:
    """Write the entries in one step. A folder that cannot be written to stays without a cache."""
    body = marshal.dumps(dict(entries))
    temporary = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(key + blake2b(body, digest_size=_SIZE).digest() + body)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
