"""A Python file's text and its tree: offsets of nodes, constants, parameters."""

import ast
import sys
import warnings
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from neve.ir import SourceFile
from neve.parse_python.uses import only_names
from neve.schema import DEFAULT_RUNTIME


@dataclass(frozen=True, slots=True)
class Module:
    """A parsed file. `constants` are the names that are assigned once, with what they are assigned; `names` are those
    that nothing but a table is meant with. `attributes` are the same by class ("": any) and name.
    """

    file: SourceFile
    tree: ast.Module
    lines: tuple[int, ...]
    constants: Mapping[str, ast.expr] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    attributes: Mapping[tuple[str, str], ast.expr] = field(default_factory=dict)
    imports: tuple[ast.ImportFrom, ...] = ()

    def offset(self, line: int, column: int) -> int:
        """The character offset of a line (from 1) and a column in UTF-8 bytes, as `ast` counts."""
        start = self.lines[line - 1]
        end = self.lines[line] if line < len(self.lines) else len(self.file.text)
        text = self.file.text[start:end]
        return start + (column if text.isascii() else len(text.encode()[:column].decode(errors="ignore")))

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self.offset(node.lineno, node.col_offset), self.offset(end_line, end_column)


def read_module(file: SourceFile, runtime: str = DEFAULT_RUNTIME) -> Module:
    """Parse a file by the grammar of the Python that is to run it, as far as this one can.

    Raises SyntaxError, ValueError, RecursionError or MemoryError as `ast.parse` does.
    """
    major, minor = map(int, runtime.split("."))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        tree = ast.parse(file.text, feature_version=min((major, minor), sys.version_info[:2]))
    constants = dict(_constants(tree))
    imports = tuple(node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    names = only_names(tree, constants)
    return Module(file, tree, line_starts(file.text), constants, names, dict(_attributes(tree)), imports)


def line_starts(text: str) -> tuple[int, ...]:
    starts = [0]
    while (at := text.find("\n", starts[-1])) >= 0:
        starts.append(at + 1)
    return tuple(starts)


def main_of(tree: ast.Module) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """The handler: the last function `main` at the top level."""
    found = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.name == "main"]
    return found[-1] if found else None


def returned(main: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr]:
    """What `main` returns, other than None."""
    return [
        node.value
        for node in _own(main)
        if isinstance(node, ast.Return)
        and node.value is not None
        and not (isinstance(node.value, ast.Constant) and node.value.value is None)
    ]


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function that are not of a function or class inside it."""
    waiting = deque(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.popleft()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    values: dict[str, list[ast.expr | None]] = {}
    for node in ast.walk(tree):
        for name, value in _assigned(node):
            values.setdefault(name, []).append(value)
    for name, assigned in values.items():
        if len(assigned) == 1 and assigned[0] is not None:
            yield name, assigned[0]


def _attributes(tree: ast.Module) -> Iterator[tuple[tuple[str, str], ast.expr]]:
    """What classes and their objects keep under a name, where that is assigned once."""
    values: dict[tuple[str, str], list[ast.expr | None]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for name, value in (pair for one in node.body for pair in _assigned(one)):
                values.setdefault((node.name, name), []).append(value)
                values.setdefault(("", name), []).append(value)
        for target in node.targets if isinstance(node, ast.Assign) else ():
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self":
                values.setdefault(("", target.attr), []).append(node.value)  # type: ignore[attr-defined]
    for key, assigned in values.items():
        if len(assigned) == 1 and assigned[0] is not None:
            yield key, assigned[0]


def sessions_of(tree: ast.Module, handed: str) -> frozenset[str]:
    """What a module calls the session: `session`, the handler's argument, what is annotated so or made of these."""
    found = {"session", handed}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and _last_name(node.annotation) == "Session":
            found.add(node.arg)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and _is_session(node.value, found):
            found.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
            given = node.context_expr.args if isinstance(node.context_expr, ast.Call) else []
            if any(_is_session(one, found) for one in given):
                found.add(node.optional_vars.id)
    return frozenset(found)


def _is_session(node: ast.expr, known: set[str]) -> bool:
    if isinstance(node, ast.Call):
        return _last_name(node.func) in {"get_active_session", "getOrCreate"}
    return isinstance(node, ast.Name) and node.id in known


def _last_name(node: ast.expr | None) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """The names that a node gives a value, each with that value where it is an expression."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _unpacked(target, node.value)
    elif isinstance(node, ast.AnnAssign):
        yield from ((name, node.value) for name in _names(node.target))
    elif isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
        yield node.optional_vars.id, node.context_expr  # most give themselves
    elif isinstance(node, ast.AugAssign | ast.NamedExpr | ast.For | ast.comprehension):
        yield from ((name, None) for name in _names(node.target))
    elif isinstance(node, ast.arg):
        yield node.arg, None


def _unpacked(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr | None]]:
    both = isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List)
    if both and len(target.elts) == len(value.elts):  # type: ignore[attr-defined]
        for one, part in zip(target.elts, value.elts, strict=True):  # type: ignore[attr-defined]
            yield from _unpacked(one, part)
    else:
        known = value if isinstance(target, ast.Name) else None
        yield from ((name, known) for name in _names(target))


def _names(target: ast.expr) -> Iterator[str]:
    return (part.id for part in ast.walk(target) if isinstance(part, ast.Name))
