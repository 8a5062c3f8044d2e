"""The compiler on broken projects: findings with places inside a file, never an exception, and never for long."""

import random
import traceback
from pathlib import Path

from fuzz.corpus import FILES, texts
from fuzz.limits import TooSlow, seconds_of_processor
from fuzz.mutations import mutated_bytes
from neve.compile import compile_project
from neve.diagnostics import codes, github, json, sarif, text
from neve.diagnostics.collect import Findings
from neve.discover import reader

SECONDS = 5.0
_TEXTS = texts()
_OTHERS = [one for _, one in _TEXTS]


class Projects:
    """A folder with the unbroken project, in which one file at a time is broken."""

    def __init__(self, root: Path) -> None:
        self._root = root
        for path, body in FILES.items():
            self._write(path, body.encode())

    def case(self, seed: int) -> tuple[str, bytes]:
        """What trial number `seed` tries: a file, and what stands in it."""
        dice = random.Random(seed)
        path, body = dice.choice(_TEXTS)
        return path, mutated_bytes(dice, body, _OTHERS)

    def problem(self, path: str, body: bytes) -> str:
        """What is wrong with how the compiler takes it, "" for nothing."""
        self._write(path, body)
        try:
            with seconds_of_processor(SECONDS):
                return self._compiled()
        except TooSlow:
            return f"longer than {SECONDS:g} seconds"
        except Exception:  # noqa: BLE001 - every exception is the finding
            return traceback.format_exc()
        finally:
            self._write(path, FILES[path].encode())

    def _write(self, path: str, body: bytes) -> None:
        file = self._root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)

    def _compiled(self) -> str:
        compiled, findings = compile_project(self._root)
        if not findings.errors and not (compiled and compiled.script):
            return "neither an error nor a script"
        return _misplaced(findings, self._root) or _badly_said(findings, self._root)


def _misplaced(findings: Findings, root: Path) -> str:
    read = reader(root)
    for found in findings:
        if found.code not in codes.CODES or found.span is None:
            return f"no code or no place: {found}"
        for span in (found.span, *(related.span for related in found.related)):
            if not (root / span.path).is_file() or not 0 <= span.start <= span.end <= len(read(span.path)):
                return f"a place outside of a file: {found}"
    return ""


def _badly_said(findings: Findings, root: Path) -> str:
    for render in (text.render, json.render, sarif.render, github.render):
        said = render(findings, reader(root))
        for line in said.splitlines():
            if "\x1b" in line or "Traceback" in line or " object at 0x" in line:
                return f"badly said by {render.__module__}: {line}"
        said.encode()
    return ""
