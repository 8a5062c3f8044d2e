"""The nodes of a file, those in a loop over a list that stands in the text once for each of its elements."""

import ast
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from neve.parse_python.text import Strings

_TIMES = 200
"""How often a node is looked at, at most: loops in loops multiply."""
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp)

Bound = Mapping[str, ast.expr]


def visited(tree: ast.AST, strings: Strings) -> Iterator[tuple[ast.AST, Strings]]:
    """Each node with the strings as they are read there."""
    waiting = deque([(tree, strings, 1)])
    while waiting:
        node, seen, times = waiting.popleft()
        yield node, seen
        inside, turns = _turns(node, seen)
        if not turns or times * len(turns) > _TIMES:
            waiting.extend((child, seen, times) for child in ast.iter_child_nodes(node))
            continue
        waiting.extend((child, seen, times) for child in ast.iter_child_nodes(node) if child not in inside)
        for bound in turns:
            inner = replace(seen, bound={**seen.bound, **bound})
            waiting.extend((child, inner, times * len(turns)) for child in inside)


def _turns(node: ast.AST, strings: Strings) -> tuple[Sequence[ast.AST], Sequence[Bound]]:
    """What is repeated, and for each turn what its names are bound to; nothing when it is no loop that is known."""
    if isinstance(node, ast.For):
        return node.body, _bindings(node.target, node.iter, strings)
    if isinstance(node, _COMPREHENSIONS) and len(node.generators) == 1:
        return [node.elt], _bindings(node.generators[0].target, node.generators[0].iter, strings)
    return [], []


def _bindings(target: ast.expr, source: ast.expr, strings: Strings) -> Sequence[Bound]:
    bindings = [_binding(target, element) for element in _elements(source, strings)]
    return [bound for bound in bindings if bound is not None] if None not in bindings else []


def _elements(source: ast.expr, strings: Strings) -> Sequence[ast.expr]:
    """The elements of a list that stands in the text, or the keys and values of a dictionary."""
    if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) and source.func.attr == "items":
        pairs = strings.constant(source.func.value)
        if isinstance(pairs, ast.Dict):
            both = zip(pairs.keys, pairs.values, strict=True)
            return [ast.Tuple([key, value]) for key, value in both if key is not None]
    known = strings.constant(source)
    if isinstance(known, ast.Dict):
        return [key for key in known.keys if key is not None]
    return known.elts if isinstance(known, ast.List | ast.Tuple | ast.Set) else []


def _binding(target: ast.expr, element: ast.expr) -> Bound | None:
    if isinstance(target, ast.Name):
        return {target.id: element}
    if not isinstance(target, ast.Tuple | ast.List) or not isinstance(element, ast.Tuple | ast.List):
        return None
    names = [one.id for one in target.elts if isinstance(one, ast.Name)]
    fits = len(names) == len(target.elts) == len(element.elts)
    return dict(zip(names, element.elts, strict=True)) if fits else None
