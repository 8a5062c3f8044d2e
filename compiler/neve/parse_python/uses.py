"""Which constants are nothing but names of tables or SQL: their text can be completed where they are assigned."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping

_NAMED = frozenset(
    {
        *("table", "save_as_table", "insert_into", "copy_into_table"),
        *("create_or_replace_view", "create_or_replace_dynamic_table"),
    }
)
_KEYWORDS = frozenset(("table_name", "name"))
_ENDS, _BEGINS = re.compile(r"""[\w$."']\Z"""), re.compile(r"""[\w$."']""")
"""What makes a value a part of a longer name, or of a string, before it and behind it."""


def only_names(tree: ast.Module, constants: Mapping[str, ast.expr]) -> frozenset[str]:
    """The constants that are read only as a whole table's name, alone or in SQL, or as a whole statement."""
    loaded = (one for one in ast.walk(tree) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load))
    used, naming = Counter(one.id for one in loaded), Counter(_naming(tree))
    statements = [constants[name] for name in naming if name in constants and used[name] == naming[name]]
    naming.update(name for statement in statements for name in _whole(list(_pieces(statement))))
    return frozenset(name for name in naming if used[name] == naming[name])


def _naming(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            named = [one.value for one in node.keywords if one.arg in _KEYWORDS]
            for argument in (*node.args[:1], *named):
                if isinstance(argument, ast.Name) and node.func.attr in {*_NAMED, "sql"}:
                    yield argument.id
                elif node.func.attr == "sql":
                    yield from _whole(list(_pieces(argument)))


def _pieces(text: ast.expr) -> Iterator[ast.expr]:
    """The literals and values that an f-string or a sum is made of, or a name alone."""
    if isinstance(text, ast.JoinedStr):
        for part in text.values:
            plain = isinstance(part, ast.FormattedValue) and part.conversion == -1 and part.format_spec is None
            yield part.value if isinstance(part, ast.FormattedValue) and plain else part
    elif isinstance(text, ast.BinOp):
        yield from _pieces(text.left)
        yield from _pieces(text.right)
    else:
        yield text


def _whole(pieces: list[ast.expr]) -> Iterator[str]:
    """The values that are no part of a longer name."""
    for at, piece in enumerate(pieces):
        if isinstance(piece, ast.Name):
            before, behind = _text(pieces, at - 1), _text(pieces, at + 1)
            if not _ENDS.search(before) and not _BEGINS.match(behind):
                yield piece.id


def _text(pieces: list[ast.expr], at: int) -> str:
    """The literal at `at`; what is none could be a part of any name."""
    if not 0 <= at < len(pieces):
        return ""
    piece = pieces[at]
    return piece.value if isinstance(piece, ast.Constant) and isinstance(piece.value, str) else "."
