"""Choosing nodes, in dbt's words: `+orders`, `2+orders+1`, `@orders`, `tag:daily`, `path:models/staging`, `git:main`.

Several selectors are a union; a comma inside one is an intersection; `*` and `?` stand for letters of a name.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from neve.ir import Node
from neve.names import nearest

Changed = Callable[[str], Collection[str]]
"""A revision of git -> the paths, below the project's root, of the files that differ from it."""

_PARTS = re.compile(r"(?P<at>@)?(?:(?P<above>\d*)\+)?(?P<core>[^+]+)(?:\+(?P<below>\d*))?")
_EVERYTHING = "project.yml"


class NoSuchNodes(ValueError):  # noqa: N818 - it says what it is
    """A selector that cannot be read, or that names what is not there; `hint` is what may have been meant."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def select(nodes: Mapping[str, Node], chosen: Sequence[str], left_out: Sequence[str], changed: Changed) -> list[str]:
    """The names of the nodes that one of `chosen` selects (all, when it is empty), without those of `left_out`.

    In the order of `nodes`. Raises NoSuchNodes.
    """
    wanted = _union(nodes, chosen, changed) if chosen else set(nodes)
    unwanted = _union(nodes, left_out, changed)
    return [name for name in nodes if name in wanted and name not in unwanted]


def _union(nodes: Mapping[str, Node], selectors: Iterable[str], changed: Changed) -> set[str]:
    found: set[str] = set()
    for selector in selectors:
        for one in selector.split():
            found |= set.intersection(*(_one(nodes, part, changed) for part in one.split(",")))
    return found


def _one(nodes: Mapping[str, Node], selector: str, changed: Changed) -> set[str]:
    parts = _PARTS.fullmatch(selector)
    if parts is None:
        raise NoSuchNodes(f"{selector!r} is no selector", "a name, +name, name+2, @name, tag:x, path:x or git:revision")
    core = _core(nodes, parts["core"], changed)
    above, below = _edges(nodes)
    found = set(core)
    if parts["above"] is not None:
        found |= _reach(core, above, _steps(parts["above"]))
    if parts["below"] is not None:
        found |= _reach(core, below, _steps(parts["below"]))
    if parts["at"]:
        downstream = core | _reach(core, below, None)
        found |= downstream | _reach(downstream, above, None)
    return found


def _steps(text: str) -> int | None:
    return int(text) if text else None


def _core(nodes: Mapping[str, Node], text: str, changed: Changed) -> set[str]:
    method, colon, value = text.partition(":")
    match method if colon else "":
        case "":
            return _core(nodes, f"path:{text}", changed) if "/" in text else _named(nodes, text)
        case "tag":
            return {name for name, node in nodes.items() if any(fnmatchcase(tag, value) for tag in _tags(node))}
        case "path":
            return {name for name, node in nodes.items() if _below(node.file.path, value)}
        case "graph":
            return {name for name, node in nodes.items() if node.graph == value}
        case "git":
            return _changed(nodes, changed(value))
    hint = nearest(method, ("tag", "path", "graph", "git"))
    raise NoSuchNodes(f"there is no method {method!r} to select by", f"{hint}:{value}" if hint else "")


def _named(nodes: Mapping[str, Node], pattern: str) -> set[str]:
    found = {name for name in nodes if fnmatchcase(name, pattern)}
    if not found and not set(pattern) & set("*?["):
        raise NoSuchNodes(f"there is no node {pattern!r}", nearest(pattern, nodes) or "")
    return found


def _tags(node: Node) -> Collection[str]:
    tags = node.header.get("tags", ())
    return {tags} if isinstance(tags, str) else {str(tag) for tag in tags}


def _below(path: str, prefix: str) -> bool:
    prefix = prefix.strip("/").removeprefix("./")
    return path == prefix or path.startswith(f"{prefix}/") or fnmatchcase(path, prefix)


def _changed(nodes: Mapping[str, Node], paths: Collection[str]) -> set[str]:
    """Nodes whose own file changed, or a helper that it imports; a changed macro may be in any file with Jinja."""
    if _EVERYTHING in paths:
        return set(nodes)
    macros = any(path.startswith("macros/") for path in paths)
    helpers = {path.rsplit("/", 1)[-1].removesuffix(".py") for path in paths if path.startswith("python_tasks/")}
    return {
        name
        for name, node in nodes.items()
        if node.file.path in paths or (macros and node.rendered.jinja) or helpers & set(node.facts.imports)
    }


def _edges(nodes: Mapping[str, Node]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """(what each node depends on, what depends on it)."""
    above = {name: set(node.depends_on) for name, node in nodes.items()}
    below: dict[str, set[str]] = {name: set() for name in nodes}
    for name, before in above.items():
        for other in before:
            below[other].add(name)
    return above, below


def _reach(start: set[str], edges: Mapping[str, set[str]], steps: int | None) -> set[str]:
    """What lies within so many steps of `start`; None: however far."""
    reached: set[str] = set()
    front = set(start)
    while front and (steps is None or steps > 0):
        front = {other for name in front for other in edges[name]} - reached
        reached |= front
        steps = None if steps is None else steps - 1
    return reached
