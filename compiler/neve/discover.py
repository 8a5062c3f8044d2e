"""The files of a project, by folder."""

import os
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from neve.diagnostics.model import Diagnostic, Related, Say, Severity, Span
from neve.ir import FileKind, SourceFile
from neve.names import is_identifier

_FOLDERS: dict[str, tuple[str, FileKind]] = {
    "macros": (".sql", "macro"),
    "models": (".sql", "model"),
    "python_tasks": (".py", "python_task"),
    "seeds": (".csv", "seed"),
    "tasks": (".sql", "task"),
}
_SPACES = {"model": ("node",), "task": ("node",), "python_task": ("node", "module"), "helper": ("module",)}
"""Among what a file's name is to be unique: what Snowflake gets, and what Python imports."""
_PART = 1 << 16
_IS_TASK = re.compile(r'^(?:async\s+)?def\s+main\b|\A(?:\s|#[^\n]*\n)*[rR]?(?:"""|\'\'\')---[ \t]*$', re.MULTILINE)


class Content(NamedTuple):
    """A file in the project's folders: its posix path, and its bytes, or why they cannot be read.

    There are no bytes of a file that only has to be there, such as a seed.
    """

    path: str
    raw: bytes = b""
    error: str = ""


def discover(root: Path, say: Say) -> tuple[SourceFile, ...]:
    """The project's files, sorted by path; says NEVE110 to 112 and 116 of those that cannot be used as they are."""
    return sources(contents(root), say)


def contents(root: Path) -> tuple[Content, ...]:
    """What is in the project's folders, sorted by path: all that `sources` looks at."""
    paths = sorted(path for folder in _FOLDERS for path in _walk(root / folder, folder))
    return tuple([_content(root, path) if _is_read(path) else Content(path) for path in paths])


def sources(found: Sequence[Content], say: Say) -> tuple[SourceFile, ...]:
    """What `discover` gives, of what was found."""
    files = tuple(file for one in found if (file := _file(one, say)))
    _check_names(files, say)
    return files


def read_text(root: Path, path: str, say: Say) -> str | None:
    """The text of a file with line feeds only; None after saying why it cannot be read (NEVE112)."""
    return _text(_content(root, path), say)


def _content(root: Path, path: str) -> Content:
    try:
        file = os.open(f"{root}/{path}", os.O_RDONLY)  # the shortest way: there are thousands
        try:
            raw = os.read(file, os.fstat(file).st_size + 1)
            while more := os.read(file, _PART):
                raw += more
        finally:
            os.close(file)
    except OSError as error:
        return Content(path, error=error.strerror or type(error).__name__)
    return Content(path, raw)


def _text(content: Content, say: Say) -> str | None:
    path, raw, error = content
    if error:
        say(Diagnostic("NEVE112", f"This file cannot be read: {error}", Span(path)))
        return None
    raw = raw.removeprefix(BOM_UTF8)
    try:
        text = raw.decode()
    except UnicodeDecodeError as wrong:
        before = _lines_fed(raw[: wrong.start].decode())
        message = f"This file is not UTF-8 text: byte {wrong.start} is 0x{raw[wrong.start]:02x}"
        say(Diagnostic("NEVE112", message, Span(path, len(before), len(before) + 1), hint="Save it as UTF-8."))
        return None
    return _lines_fed(text)


def _lines_fed(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def reader(root: Path) -> Callable[[str], str]:
    """How findings are shown with their lines: the text of a file as a pass saw it, "" when it cannot be read."""

    def read(path: str) -> str:
        try:
            text = (root / path).read_bytes().decode("utf-8-sig", errors="replace")
        except OSError:
            return ""
        return _lines_fed(text)

    return read


def _walk(folder: Path, below: str) -> Iterator[str]:
    """Files below a folder, as posix paths; hidden ones, `__pycache__` and linked folders are not the project's."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            path = f"{below}/{entry.name}"
            if entry.name.startswith((".", "__")):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path), path)
            elif entry.is_file():
                yield path


def _is_read(path: str) -> bool:
    suffix, kind = _FOLDERS[path.split("/", 1)[0]]
    return kind != "seed" and path.endswith(suffix)


def _file(content: Content, say: Say) -> SourceFile | None:
    path = content.path
    kind = _FOLDERS[path.split("/", 1)[0]][1]
    if kind == "seed":
        return SourceFile(path, kind, "") if path.endswith((".csv", ".py")) else None
    if not _is_read(path):
        if path.endswith((".sql", ".py", ".yml", ".yaml")):
            say(_misplaced(path))
        return None
    text = _text(content, say)
    if text is None:
        return None
    if kind == "python_task" and not _IS_TASK.search(text):
        kind = "helper"
    return SourceFile(path, kind, text)


def _misplaced(path: str) -> Diagnostic:
    folder, suffix = path.split("/", 1)[0], path.rsplit(".", 1)[-1]
    right = "python_tasks/" if suffix == "py" else "models/, tasks/ or macros/"
    hint = f"Move it to {right}, or delete it."
    if suffix in {"yml", "yaml"}:
        hint = "Write columns and data tests into each model's header; sources, vars and defaults into project.yml."
    message = f"Nothing uses this file: {folder}/ holds {_FOLDERS[folder][0]} files"
    return Diagnostic("NEVE116", message, Span(path), Severity.WARNING, hint)


def _check_names(files: tuple[SourceFile, ...], say: Say) -> None:
    first: dict[tuple[str, str], SourceFile] = {}
    for file in files:
        stem = file.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        if "node" in _SPACES.get(file.kind, ()) and not is_identifier(stem):
            hint = "Rename it with letters, digits and _ only, the first no digit, and no reserved word."
            say(
                Diagnostic(
                    "NEVE110",
                    f"`{stem}` cannot be the name of a task or table in Snowflake",
                    Span(file.path),
                    hint=hint,
                )
            )
        others = [first.setdefault((space, file.name.upper()), file) for space in _SPACES.get(file.kind, ())]
        other = next((other for other in others if other is not file), None)
        if other:
            related = (Related(Span(other.path), "This is the other one."),)
            message = f"Two files are named `{file.name}`; a name is unique in the project, whatever its case"
            say(Diagnostic("NEVE111", message, Span(file.path), hint="Rename one of them.", related=related))
