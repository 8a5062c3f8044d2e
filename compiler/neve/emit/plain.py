"""Python text without docstrings, annotations and linter's marks: what only readers of the original need.

Cut out of the text, not written anew from the tree: the same bytes under every version of Python.
"""

import ast
import re
from collections.abc import Iterator
from itertools import accumulate

_FOR_ANNOTATIONS = {"typing", "collections.abc"}


def plain(text: str) -> str:
    """The same program, shorter; imports for annotations alone are gone as well."""
    starts = [0, *accumulate(len(line) for line in text.splitlines(keepends=True))]
    kept, done = [], 0
    for start, end in sorted(_cuts(text, starts)):
        kept.append(text[done:start])
        done = end
    return re.sub(r"  # noqa[^\n]*", "", "".join([*kept, text[done:]])).lstrip("\n")


def _cuts(text: str, starts: list[int]) -> Iterator[tuple[int, int]]:
    """The offsets of what goes. The text is ASCII, so columns count characters."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and ast.get_docstring(node) is not None:
            yield _lines(node.body[0], starts)
        if isinstance(node, ast.ImportFrom) and node.module in _FOR_ANNOTATIONS:
            yield _lines(node, starts)
        if isinstance(node, ast.arg) and node.annotation:
            _, end = _span(node.annotation, starts)
            yield _span(node, starts)[0] + len(node.arg), end
        if isinstance(node, ast.FunctionDef) and node.returns:
            start, end = _span(node.returns, starts)
            yield text.rindex(")", 0, start) + 1, end


def _lines(node: ast.stmt, starts: list[int]) -> tuple[int, int]:
    return starts[node.lineno - 1], starts[node.end_lineno or node.lineno]


def _span(node: ast.expr | ast.arg, starts: list[int]) -> tuple[int, int]:
    end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return starts[node.lineno - 1] + node.col_offset, starts[end_line - 1] + end_column
