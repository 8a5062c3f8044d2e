"""The cache of one project, during one compilation."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neve.cache import signed
from neve.cache.codec import Plain, pack, unpack
from neve.cache.digests import Digest, compiler, digest, digest_named, digest_of
from neve.diagnostics.model import Diagnostic, Say
from neve.discover import contents, sources
from neve.ir import SourceFile

_SHARDS = "0123456789abcdef"
"""Results are kept in so many files, by the first digit of their keys: few results that change rewrite few files."""
_MOST_OUTCOMES = 8
_MODELS = "models/"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a compilation came to: the digest of its script (None: there were errors), its size, and the findings."""

    target: str
    script: Digest | None
    graphs: int
    tasks: int
    statements: int
    findings: tuple[Diagnostic, ...]


class Cache:
    """What was kept of a project, and its files, which are read once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / ".neve" / "cache"
        self._loaded: dict[str, frozenset[Digest]] = {}
        self._contents = contents(root)
        self._digests = {one.path: digest_named(f"{one.path}\0{one.error}", one.raw) for one in self._contents}

    def files(self, say: Say) -> tuple[SourceFile, ...]:
        """The project's files, as `discover` gives them."""
        return sources(self._contents, say)

    def files_for(self, models: Collection[str]) -> tuple[SourceFile, ...]:
        """The files without any other models than these (by their paths), those that can be read."""
        some = [one for one in self._contents if one.path in models or not one.path.startswith(_MODELS)]
        return sources(some, lambda _: None)

    def digests(self) -> Mapping[str, Digest]:
        """The digest of each file, by its path."""
        return self._digests

    def load(self, name: str) -> dict[Digest, Plain]:
        """What was stored by this name, if anything was."""
        found: dict[Digest, Plain] = {}
        for shard in _SHARDS:
            path = _path(name, shard)
            known = signed.load(self._folder / path) or {}
            self._loaded[path] = frozenset(known)
            found |= known
        return found

    def store(self, name: str, results: Mapping[Digest, Plain]) -> None:
        """Store results that were worked out of what their keys are digests of: a key never has another result."""
        shards: dict[str, dict[Digest, Plain]] = {shard: {} for shard in _SHARDS}
        for key, result in results.items():
            shards[key.hex()[0]][key] = result
        for shard, held in shards.items():
            path = _path(name, shard)
            if held.keys() != self._loaded.get(path, frozenset()):
                signed.store(self._folder, path, held)

    def recall(self, target: str | None, cli_vars: Mapping[str, Any]) -> Outcome | None:
        """What came of the very same files before; None when something is different."""
        known = self._outcomes().get(self._key(target, cli_vars, self._digests.values()))
        return known and unpack(Outcome, known)

    def keep(self, target: str | None, cli_vars: Mapping[str, Any], outcome: Outcome) -> None:
        """Remember what came of these files, beside a few others."""
        key = self._key(target, cli_vars, self._digests.values())
        others = [(one, known) for one, known in self._outcomes().items() if one != key]
        signed.store(self._folder, "outcomes", dict([*others[1 - _MOST_OUTCOMES :], (key, pack(outcome))]))

    def take(self, name: str) -> Plain:
        """What was put by this name; None when nothing was."""
        return signed.load(self._folder / name)

    def put(self, name: str, data: Plain) -> None:
        """Put something of which there is only one into the cache."""
        signed.store(self._folder, name, data)

    def world(self, target: str | None, cli_vars: Mapping[str, Any]) -> tuple[Digest, dict[str, Digest]]:
        """The digest of all that is compiled but the texts of models, and for each model's path that of its text."""
        models = {path: one for path, one in self._digests.items() if path.startswith(_MODELS)}
        parts = [digest(path) if path in models else one for path, one in self._digests.items()]
        return self._key(target, cli_vars, parts), models

    def _outcomes(self) -> dict[Digest, Plain]:
        return signed.load(self._folder / "outcomes") or {}

    def _key(self, target: str | None, cli_vars: Mapping[str, Any], files: Iterable[Digest]) -> Digest:
        """A digest of what is asked, and of files, by a digest each."""
        try:
            project = (self._root / "project.yml").read_bytes()
        except OSError:
            project = b""
        asked = digest(repr(target), repr(sorted(cli_vars.items())))
        return digest_of([compiler(), project, asked, b"".join(files)])


def _path(name: str, shard: str) -> str:
    """Where a part of the results of this name is, whatever characters a target's name has."""
    return re.sub(r"[^\w.]", "_", name) + "/" + shard
