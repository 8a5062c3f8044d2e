"""Docstrings and annotations are cut; the program stays."""

import ast
from importlib.resources import files

from neve.emit.plain import plain

TEXT = '''"""Module."""

from typing import Any as _Any


class C:
    """Class."""

    def f(self, a: int, *, b: "str | None" = None) -> dict[str, int]:
        """Function."""
        return {"a": a}
'''


def test_cuts_what_only_readers_need():
    assert plain(TEXT) == 'class C:\n\n    def f(self, a, *, b = None):\n        return {"a": a}\n'


def test_the_shim_is_still_the_same_program():
    shim = files("neve").joinpath("shim.py").read_text(encoding="utf-8")
    assert shim.isascii()
    names = [node.name for node in ast.walk(ast.parse(plain(shim))) if isinstance(node, ast.FunctionDef)]
    assert names == [node.name for node in ast.walk(ast.parse(shim)) if isinstance(node, ast.FunctionDef)]
    assert '"""' not in plain(shim)
