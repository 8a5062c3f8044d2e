"""The helper modules that a task takes along into its procedure, and imports that find nothing there."""

import ast
import sys
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from neve.diagnostics.model import Diagnostic, Span
from neve.ir import SourceFile
from neve.parse_python.source import Module

CODE = "NEVE215"


class Wanted(NamedTuple):
    """A module that a statement imports, and how one would write that; `relative` to the importing file's folder."""

    name: str
    node: ast.stmt
    written: str
    relative: bool = False


def wanted(tree: ast.Module) -> Iterator[Wanted]:
    """The modules that a file imports; of `from a import b` both `a` and `a.b`, which may be a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Wanted(alias.name, node, "import {}") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = f"{node.module}." if node.module else ""
            if node.module:
                yield Wanted(node.module, node, "from {} import ...", node.level > 0)
            yield from (Wanted(start + alias.name, node, "import {}", node.level > 0) for alias in node.names)


def helper_of(name: str, helpers: Mapping[str, SourceFile]) -> SourceFile | None:
    """The helper module of this very name."""
    found = helpers.get(name)
    return found if found and found.kind == "helper" else None


def refused(module: Module, files: Mapping[str, SourceFile], packages: list[str]) -> Iterator[Diagnostic]:
    """What a file imports of the project that no procedure has: tasks, and helpers by their folders (NEVE215)."""
    said: set[int] = set()
    for one in wanted(module.tree):
        found = _of_project(one, files)
        if found is None or id(one.node) in said or found.path == module.file.path:
            continue
        stem = one.name.rsplit(".", 1)[-1]
        span = Span(module.file.path, *module.span(one.node))
        if found.kind == "python_task" and not _is_package(stem, packages):
            said.add(id(one.node))
            hint = "Move what both need to a file without `main` and without front matter, and import that."
            yield Diagnostic(CODE, f"`{stem}` is a task, and a procedure cannot import it", span, hint=hint)
        elif found.kind == "helper" and (one.relative or "." in one.name):
            said.add(id(one.node))
            message = f"A procedure has its helper modules by their names alone, so not as `{_shown(one)}`"
            yield Diagnostic(CODE, message, span, hint=f"Write `{one.written.format(stem)}`.")


def _of_project(one: Wanted, files: Mapping[str, SourceFile]) -> SourceFile | None:
    """The file of python_tasks/ that is meant: of a dotted name the one whose path ends so."""
    parts = one.name.split(".")
    found = files.get(parts[-1])
    if found is None or one.relative:
        return found
    return found if found.path.removesuffix(".py").split("/")[-len(parts) :] == parts else None


def _shown(one: Wanted) -> str:
    return f".{one.name}" if one.relative else one.name


def _is_package(name: str, packages: list[str]) -> bool:
    """Whether a task is only called like a module that the procedure does have."""
    return name in sys.stdlib_module_names or any(package.lower().startswith(name.lower()) for package in packages)
