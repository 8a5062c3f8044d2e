"""The nodes of a task and its helpers, each as often as it runs with other names: in loops over lists that stand in
the text, and in functions that are called.
"""

import ast
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from neve.parse_python.functions import Function, Functions, Known, arguments
from neve.parse_python.text import Bound, Strings

_TIMES = 200
"""How often a node is looked at, at most: loops in loops multiply."""
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)

_CALLS = 100
"""How often a function is gone through, at most."""


def visited(modules: Sequence[Strings], handler: ast.AST, functions: Functions) -> Iterator[tuple[ast.AST, Strings]]:
    """Each node of the modules with the strings as they are read there.

    A function is gone through for each call that is found, with what it is given; one that nobody calls, once.
    """
    walk = _Walk(functions, deque((strings.module.tree, strings, 1) for strings in modules), handler)
    yield from walk.nodes()
    while walk.enter_uncalled():
        yield from walk.nodes()


@dataclass(slots=True)
class _Walk:
    functions: Functions
    waiting: deque[tuple[ast.AST, Strings, int]]
    handler: ast.AST
    met: dict[int, tuple[Function, Strings]] = field(default_factory=dict)
    entered: dict[int, set[tuple[tuple[str, str], ...]]] = field(default_factory=dict)

    def nodes(self) -> Iterator[tuple[ast.AST, Strings]]:
        while self.waiting:
            node, seen, times = self.waiting.popleft()
            yield node, seen
            if isinstance(node, Function):
                self._define(node, seen, times)
                continue
            if isinstance(node, ast.Call) and (called := self.functions.called(node, seen)):
                self._enter(called, node, seen)
            inside, turns = _turns(node, seen)
            if not turns or times * len(turns) > _TIMES:
                self.waiting.extend((child, seen, times) for child in ast.iter_child_nodes(node))
                continue
            self.waiting.extend((child, seen, times) for child in ast.iter_child_nodes(node) if child not in inside)
            for bound in turns:
                inner = replace(seen, bound={**seen.bound, **bound})
                self.waiting.extend((child, inner, times * len(turns)) for child in inside)

    def enter_uncalled(self) -> bool:
        """Go through the functions that no call led to; false when there is none."""
        found = [one for key, one in self.met.items() if key not in self.entered]
        for node, seen in found:
            known = Known(node, replace(seen, bound={}))
            self._body(node, replace(seen, bound={**seen.bound, **arguments(known, None, seen)}))
        return bool(found)

    def _define(self, node: Function, seen: Strings, times: int) -> None:
        self.waiting.extend((child, seen, times) for child in (*node.decorator_list, node.args))
        self.met.setdefault(id(node), (node, seen))
        if node is self.handler:
            self._body(node, seen)

    def _enter(self, called: Known, call: ast.Call, seen: Strings) -> None:
        around = (
            {**self.met[id(called.node)][1].bound, **seen.bound}
            if called.nested and id(called.node) in self.met
            else {}
        )
        bound = {**around, **arguments(called, call, seen)}
        self._body(called.node, replace(called.strings, bound=bound))

    def _body(self, node: Function, seen: Strings) -> None:
        times = self.entered.setdefault(id(node), set())
        key = tuple((name, ast.dump(value)) for name, value in sorted(seen.bound.items()))
        if key not in times and len(times) < _CALLS:
            times.add(key)
            self.waiting.extend((child, seen, 1) for child in node.body)


def _turns(node: ast.AST, strings: Strings) -> tuple[Sequence[ast.AST], Sequence[Bound]]:
    """What is repeated, and for each turn what its names are bound to; nothing when it is no loop that is known."""
    if isinstance(node, ast.For):
        return node.body, _bindings(node.target, node.iter, strings)
    if isinstance(node, _COMPREHENSIONS) and len(node.generators) == 1:
        made = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        return made, _bindings(node.generators[0].target, node.generators[0].iter, strings)
    return [], []


def _bindings(target: ast.expr, source: ast.expr, strings: Strings) -> Sequence[Bound]:
    bindings = [_binding(target, element) for element in _elements(source, strings)]
    return [bound for bound in bindings if bound is not None] if None not in bindings else []


def _elements(source: ast.expr, strings: Strings) -> Sequence[ast.expr]:
    """The elements of a list that stands in the text, or the keys and values of a dictionary."""
    if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute):
        pairs = strings.resolved(source.func.value)
        if isinstance(pairs, ast.Dict):
            both = [(key, value) for key, value in zip(pairs.keys, pairs.values, strict=True) if key is not None]
            given: dict[str, list[ast.expr]] = {
                "items": [ast.Tuple([*pair]) for pair in both],
                "keys": [key for key, _ in both],
                "values": [value for _, value in both],
            }
            return given.get(source.func.attr, [])
    if isinstance(source, ast.Call) and isinstance(source.func, ast.Name) and source.args:
        return _wrapped(source.func.id, [_elements(one, strings) for one in source.args])
    known = strings.resolved(source)
    if isinstance(known, ast.Dict):
        return [key for key in known.keys if key is not None]
    return known.elts if isinstance(known, ast.List | ast.Tuple | ast.Set) else []


def _wrapped(name: str, given: Sequence[Sequence[ast.expr]]) -> Sequence[ast.expr]:
    """The elements of `sorted(...)`, `enumerate(...)`, `zip(..., ...)` and their like."""
    if name == "zip":
        return [ast.Tuple([*one]) for one in zip(*given, strict=False)]
    if name == "enumerate":
        return [ast.Tuple([ast.Constant(at), one]) for at, one in enumerate(given[0])]
    return given[0] if name in {"sorted", "list", "tuple", "set", "reversed"} else []


def _binding(target: ast.expr, element: ast.expr) -> Bound | None:
    if isinstance(target, ast.Name):
        return {target.id: element}
    if not isinstance(target, ast.Tuple | ast.List) or not isinstance(element, ast.Tuple | ast.List):
        return None
    names = [one.id for one in target.elts if isinstance(one, ast.Name)]
    fits = len(names) == len(target.elts) == len(element.elts)
    return dict(zip(names, element.elts, strict=True)) if fits else None
