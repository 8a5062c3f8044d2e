"""Digests of all that a result depends on."""

import sys
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

Digest = bytes
_SIZE = 16
_NOT_THE_COMPILER = {"cli", "deploy", "local", "page", "runs"}
_READS_WITH = ("jinja2", "sqlglot", "yaml")


def digest(*parts: str) -> Digest:
    """A digest of texts, in which it matters where one ends and the next begins."""
    return digest_of(part.encode(errors="surrogatepass") for part in parts)


def digest_named(name: str, data: bytes) -> Digest:
    """A digest of bytes and of their name: texts without NUL, with one between them."""
    return blake2b(b"%s\0%s" % (name.encode(errors="surrogatepass"), data), digest_size=_SIZE).digest()


def digest_of(parts: Iterable[bytes]) -> Digest:
    """The same of bytes."""
    whole = blake2b(digest_size=_SIZE)
    for part in parts:
        whole.update(len(part).to_bytes(8, "little"))
        whole.update(part)
    return whole.digest()


def digest_stream(parts: Iterable[bytes]) -> Digest:
    """A digest of what the parts make up, however it is cut."""
    whole = blake2b(digest_size=_SIZE)
    for part in parts:
        whole.update(part)
    return whole.digest()


def join(*digests: Digest) -> Digest:
    """A digest of digests, which all have one size."""
    return blake2b(b"".join(digests), digest_size=_SIZE).digest()


@cache
def compiler() -> Digest:
    """A digest of this very compiler, of the packages that it reads with, and of Python."""
    package = Path(__file__).parents[1]
    parts = (package, *(part for part in package.iterdir() if part.is_dir() and part.name not in _NOT_THE_COMPILER))
    own = (path for part in parts for path in part.glob("*.py" if part is package else "**/*.py"))
    versions = (Path(spec.origin) for name in _READS_WITH if (spec := find_spec(name)) and spec.origin)
    about = (path for init in versions for path in (init, init.with_name("_version.py")) if path.is_file())
    return digest_of([sys.version.encode(), *(path.read_bytes() for path in (*sorted(own), *about))])
