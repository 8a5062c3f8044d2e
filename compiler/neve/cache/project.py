"""The cache of one project, during one compilation."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neve.cache import signed
from neve.cache.codec import Plain, pack, unpack
from neve.cache.digests import Digest, compiler, digest, digest_of
from neve.diagnostics.model import Diagnostic, Say
from neve.discover import discover
from neve.ir import SourceFile

_OUTCOMES = "outcomes"
_MOST_OUTCOMES = 8


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
        self._said: list[Diagnostic] = []
        self._files = discover(root, self._said.append)
        self._digests = [
            digest_of([file.path.encode(), file.text.encode(errors="surrogatepass")]) for file in self._files
        ]

    def files(self, say: Say) -> tuple[SourceFile, ...]:
        """The project's files, as `discover` gives them."""
        for diagnostic in self._said:
            say(diagnostic)
        return self._files

    def digests(self) -> Mapping[str, Digest]:
        """The digest of each file, by its path."""
        return {file.path: one for file, one in zip(self._files, self._digests, strict=True)}

    def load(self, name: str) -> dict[Digest, Plain]:
        """What was stored by this name, if anything was."""
        return signed.load(self._folder / name) or {}

    def store(self, name: str, results: Mapping[Digest, Plain]) -> None:
        signed.store(self._folder / name, dict(results))

    def recall(self, target: str | None, cli_vars: Mapping[str, Any]) -> Outcome | None:
        """What came of the very same files before; None when something is different."""
        known = self.load(_OUTCOMES).get(self._key(target, cli_vars))
        return known and unpack(Outcome, known)

    def keep(self, target: str | None, cli_vars: Mapping[str, Any], outcome: Outcome) -> None:
        """Remember what came of these files, beside a few others."""
        key = self._key(target, cli_vars)
        others = [(one, known) for one, known in self.load(_OUTCOMES).items() if one != key]
        self.store(_OUTCOMES, dict([*others[1 - _MOST_OUTCOMES :], (key, pack(outcome))]))

    def _key(self, target: str | None, cli_vars: Mapping[str, Any]) -> Digest:
        try:
            project = (self._root / "project.yml").read_bytes()
        except OSError:
            project = b""
        asked = digest(repr(target), repr(sorted(cli_vars.items())))
        found = [f"{one.code} {one.message} {one.span}".encode() for one in self._said]
        return digest_of([compiler(), project, asked, *self._digests, *found])
