"""The functions of a task and of its helper modules, and what a call hands to them."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from neve.parse_python.source import Module
from neve.parse_python.text import NOT_KNOWN, Bound, Strings

Function = ast.FunctionDef | ast.AsyncFunctionDef
SESSION = ast.Name("session")
"""What an argument is bound to that is the session."""


@dataclass(frozen=True, slots=True)
class Known:
    """A function, the strings as its module reads them, and whether it is a method or stands in another function."""

    node: Function
    strings: Strings
    method: bool = False
    nested: bool = False


@dataclass(frozen=True, slots=True)
class Functions:
    """All functions of some modules, by module and by name."""

    found: Mapping[int, Mapping[str, Sequence[Known]]] = field(default_factory=dict)

    def called(self, call: ast.Call, seen: Strings) -> Known | None:
        """The function that a call means, when there is just one that it can be."""
        candidates = list(self._candidates(call.func, seen))
        return candidates[0] if len(candidates) == 1 else None

    def _candidates(self, func: ast.expr, seen: Strings) -> Iterator[Known]:
        own = self.found.get(id(seen.module), {})
        if isinstance(func, ast.Name):
            here = [one for one in own.get(func.id, ()) if not one.method]
            helper, name = seen.origin(func.id)
            yield from here or (one for one in self._of(helper, name) if not one.method)
        elif isinstance(func, ast.Attribute):
            helper = seen.helpers.get(func.value.id) if isinstance(func.value, ast.Name) else None
            if helper is not None:
                yield from (one for one in self._of(helper, func.attr) if not one.method)
            else:
                yield from (
                    one for of_module in self.found.values() for one in of_module.get(func.attr, ()) if one.method
                )

    def _of(self, module: Module | None, name: str) -> Sequence[Known]:
        return self.found.get(id(module), {}).get(name, ()) if module else ()


def functions_of(modules: Sequence[Strings]) -> Functions:
    found: dict[int, dict[str, list[Known]]] = {}
    for strings in modules:
        by_name = found.setdefault(id(strings.module), {})
        for one in _functions(strings.module.tree, strings, ast.Module):
            by_name.setdefault(one.node.name, []).append(one)
    return Functions(found)


def _functions(tree: ast.AST, strings: Strings, inside: type) -> Iterator[Known]:
    waiting: list[tuple[ast.AST, type]] = [(tree, inside)]
    while waiting:
        node, around = waiting.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function):
                yield Known(child, strings, around is ast.ClassDef, around is ast.FunctionDef)
                waiting.append((child, ast.FunctionDef))
            else:
                waiting.append((child, ast.ClassDef if isinstance(child, ast.ClassDef) else around))


def arguments(function: Known, call: ast.Call | None, seen: Strings) -> Bound:
    """What the names of a function's arguments stand for in a call; without one, for what they have by default."""
    node = function.node
    positional = [*node.args.posonlyargs, *node.args.args]
    defaults = dict(zip([one.arg for one in positional][::-1], node.args.defaults[::-1], strict=False))
    keywords = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    defaults |= {one.arg: value for one, value in keywords if value is not None}
    bound = {one.arg: NOT_KNOWN for one in (*positional, *node.args.kwonlyargs)} if call else {}
    bound |= {name: function.strings.frozen(value) for name, value in defaults.items()}
    if call is None:
        return {name: value for name, value in bound.items() if value is not NOT_KNOWN}
    names = [one.arg for one in positional][int(function.method and not _is_static(node)) :]
    if node.args.vararg:
        bound[node.args.vararg.arg] = seen.frozen(ast.Tuple(call.args[len(names) :]))
    given = [*zip(names, call.args, strict=False), *((one.arg or "", one.value) for one in call.keywords)]
    for name, value in given:
        if isinstance(value, ast.Starred):
            break
        if name in bound:
            bound[name] = SESSION if seen.is_session(value) else seen.frozen(value)
    return bound


def _is_static(node: Function) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in node.decorator_list)
