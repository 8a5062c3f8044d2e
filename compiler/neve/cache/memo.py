"""What was worked out in earlier compilations, by the digest of all that it was worked out of."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from neve.cache.codec import Plain
from neve.cache.digests import Digest
from neve.cache.project import Cache


class Memo:
    """Plain results by digest: those of before, of which only those stay that are asked for again."""

    def __init__(self, before: Mapping[Digest, Plain] | None = None) -> None:
        self._before = before or {}
        self.now: dict[Digest, Plain] = {}

    def get(self, key: Digest) -> Plain:
        """What is known, or None."""
        found = self._before.get(key)
        if found is not None:
            self.now[key] = found
        return found

    def put(self, key: Digest, result: Plain) -> None:
        """Remember a result, which must not be None."""
        self.now[key] = result


@contextmanager
def remembered(cache: Cache | None, name: str) -> Iterator[Memo]:
    """The results of this name, which are kept again when the work with them is done."""
    memo = Memo(cache.load(name) if cache else None)
    yield memo
    if cache:
        cache.store(name, memo.now)
