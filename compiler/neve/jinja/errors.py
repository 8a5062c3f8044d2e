"""What Jinja raises, as diagnostics with a place in the user's file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.utils import missing

from neve.diagnostics.model import Diagnostic, Related, Span
from neve.jinja.environment import Environment, Mistake, UnknownNameError, tokens
from neve.jinja.names import NOT_HERE
from neve.names import nearest

_CLOSED_BY = {
    tag: f"end{tag}" for tag in ("for", "if", "macro", "call", "filter", "set", "block", "with", "autoescape")
}
_TAGS = (*_CLOSED_BY, *_CLOSED_BY.values(), "else", "elif", "do", "raw", "endraw")


@dataclass(frozen=True, slots=True)
class Source:
    """A template's text; `offset` is where it begins in its file."""

    path: str
    text: str
    offset: int = 0

    def span(self, start: int, end: int) -> Span:
        return Span(self.path, self.offset + start, self.offset + end)


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known while a template runs: `main` is the file's own, `names` what it can use and how to write it."""

    environment: Environment
    main: Source
    macros: Mapping[str, Source]
    names: Mapping[str, str]

    def source(self, path: str | None) -> Source:
        return self.macros.get(path or "", self.main)


Frame = tuple[Source, int]
"""A template's text and the offset in it of what it was doing."""


def diagnose(error: Exception, scene: Scene) -> Diagnostic:
    """What went wrong in a template, at the innermost place, with the calls that led there."""
    environment = scene.environment
    if isinstance(error, TemplateSyntaxError):
        return _syntax(error, scene.source(error.name), environment)
    frames = [(scene.source(path), offset) for path, offset in _frames(error)] or [(scene.main, 0)]
    if isinstance(error, UnknownNameError):
        frames = _to_the_name(error, frames, environment)
    source, offset = frames[-1]
    calls = [_statement(source, environment, offset) for source, offset in reversed(frames[:-1])]
    related = tuple(
        Related(span, "Expanded from here") for span in calls[: 1 if isinstance(error, RecursionError) else 8]
    )
    return replace(_fault(error, scene, source, offset), related=related)


def _fault(error: Exception, scene: Scene, source: Source, offset: int) -> Diagnostic:
    environment = scene.environment
    if isinstance(error, UnknownNameError):
        return _unknown(error, scene, source, offset)
    if isinstance(error, Mistake):
        return Diagnostic(error.code, error.message, _argument(error, source, offset, environment), hint=error.hint)
    span = _statement(source, environment, offset)
    if isinstance(error, RecursionError | MemoryError):
        return Diagnostic("NEVE206", "This Jinja calls itself without an end, or is nested too deep", span)
    if isinstance(error, SyntaxError):
        return Diagnostic("NEVE206", "The blocks of this Jinja are nested too deep", span)
    said = "A template may not do this" if isinstance(error, SecurityError) else "This Jinja fails"
    return Diagnostic("NEVE204", f"{said}: {_plain(error)}", span)


def extent(source: Source, environment: Environment, start: int) -> Span:
    """The token that begins at `start`."""
    end = next((end for begin, end, _, _ in tokens(environment, source.text) if begin == start), start + 1)
    return source.span(start, end)


def _frames(error: BaseException) -> Iterator[tuple[str, int]]:
    """Path and offset of each template's code on the way to the error, the outermost first."""
    last, frame = None, error.__traceback__
    while frame:
        template = frame.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            place = (template.name, template.get_corresponding_lineno(frame.tb_lineno))
            if place != last:
                yield place
            last = place
        frame = frame.tb_next


def _statement(source: Source, environment: Environment, offset: int) -> Span:
    """The `{{ }}` or `{% %}` around an offset."""
    return source.span(*_bounds(source, environment, offset))


def _bounds(source: Source, environment: Environment, offset: int) -> tuple[int, int]:
    start = 0
    for begin, end, kind, _ in tokens(environment, source.text):
        if kind in {"variable_begin", "block_begin"} and begin <= max(offset, start):
            start = begin
        if kind in {"variable_end", "block_end"} and end > offset and begin >= start:
            return start, start + len(source.text[start:end].rstrip())
    return start, max(len(source.text), start)


def _plain(error: Exception) -> str:
    text = re.sub(r" at 0x[0-9a-f]+", "", str(error) or type(error).__name__)
    text = re.sub(r"^(?:[A-Za-z_]+\.)*_?(\w+)\(\)", r"\1()", text)
    return text.rstrip(".")


def _to_the_name(error: UnknownNameError, frames: list[Frame], environment: Environment) -> list[Frame]:
    """The frames down to the innermost statement that has the name: a macro can be handed what there is not."""
    for depth in range(len(frames), 0, -1):
        source, offset = frames[depth - 1]
        start, end = _bounds(source, environment, offset)
        if any(start <= node.lineno < end for node in _nodes_named(error, source, environment)):
            return frames[:depth]
    return frames


def _nodes_named(error: UnknownNameError, source: Source, environment: Environment) -> list[nodes.Expr]:
    kinds: tuple[type[nodes.Expr], ...] = (nodes.Name,) if error.owner is missing else (nodes.Getattr, nodes.Getitem)
    found = [node for node in environment.parse(source.text).find_all(kinds) if _called(node) == error.name]
    return sorted(found, key=lambda node: node.lineno)


def _unknown(error: UnknownNameError, scene: Scene, source: Source, offset: int) -> Diagnostic:
    found = _nearest(_nodes_named(error, source, scene.environment), *_bounds(source, scene.environment, offset))
    span = _name_span(source, found, error.name) if found else _statement(source, scene.environment, offset)
    if error.owner is not missing:
        meant = nearest(str(error.name), _attributes(error.owner))
        hint = f"Did you mean `{meant}`?" if meant else ""
        return Diagnostic("NEVE202", f"There is no `{error.name}` in this value", span, hint=hint)
    if "was not provided" in str(error):
        return Diagnostic("NEVE202", f"The macro's argument `{error.name}` was not given", span)
    names = {**scene.names, **{name: name for name in _own_names(source, scene.environment)}}
    meant = nearest(error.name, names)
    hint = NOT_HERE.get(error.name) or (f"Did you mean `{names[meant]}`?" if meant else "")
    return Diagnostic("NEVE202", f"There is no variable, macro or function `{error.name}` in Jinja", span, hint=hint)


def _nearest(found: list[nodes.Expr], start: int, end: int) -> nodes.Expr | None:
    """Of nodes in order, the first in a statement, else the last before it, else the first behind it."""
    inside = [node for node in found if start <= node.lineno < end]
    before = [node for node in found if node.lineno < start]
    return next(iter([*inside, *reversed(before), *found]), None)


def _own_names(source: Source, environment: Environment) -> set[str]:
    """What a template itself sets, and the arguments of its macros."""
    names = environment.parse(source.text).find_all(nodes.Name)
    return {node.name for node in names if node.ctx in {"store", "param"}}


def _called(node: nodes.Node) -> Any:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return node.attr
    return getattr(getattr(node, "arg", None), "value", None)


def _name_span(source: Source, node: nodes.Node, name: Any) -> Span:
    start = source.text.find(str(name), node.lineno)
    return source.span(start, start + len(str(name)))


def _attributes(owner: Any) -> list[str]:
    names = owner if isinstance(owner, dict) else getattr(type(owner), "__slots__", ())
    return [str(name) for name in names if not str(name).startswith("_")]


def _argument(error: Mistake, source: Source, offset: int, environment: Environment) -> Span:
    """The argument that a function refused; else the call's name; else the statement."""
    start, end = _bounds(source, environment, offset)
    calls = [
        call
        for call in environment.parse(source.text).find_all(nodes.Call)
        if error.function and _called(call.node) == error.function and start <= call.lineno < end
    ]
    for call in calls:
        for argument in call.args:
            if isinstance(error.argument, str | int | float) and _value(argument) == error.argument:
                return extent(source, environment, argument.lineno)
    return extent(source, environment, calls[0].node.lineno) if calls else source.span(start, end)


def _value(node: nodes.Node) -> Any:
    return node.value if isinstance(node, nodes.Const) else missing


def _syntax(error: TemplateSyntaxError, source: Source, environment: Environment) -> Diagnostic:
    message = error.message or ""
    if "end of template" in message and (found := _unclosed(source, environment)):
        tag, span = found
        hint = f"Write `{{% {_CLOSED_BY[tag]} %}}` where it ends."
        return Diagnostic("NEVE201", f"This `{tag}` is never closed", span, hint=hint)
    offset = min(error.lineno, max(len(source.text.rstrip()) - 1, 0))
    span = extent(source, environment, offset)
    hint = ""
    if quoted := re.match(r"(?:Encountered unknown tag|No (?:filter|test) named) '(\w+)'", message):
        kinds = {"Enc": _TAGS, "No f": environment.filters, "No t": environment.tests}
        names = next(names for prefix, names in kinds.items() if message.startswith(prefix))
        meant = nearest(quoted[1], [name for name in names if name != quoted[1]])
        hint = f"Did you mean `{meant}`?" if meant and quoted[1] not in names else ""
        start = source.text.find(quoted[1], offset)
        span = source.span(start, start + len(quoted[1])) if start >= 0 else span
    message = re.sub(r" at \d+$", "", message).rstrip(".")
    return Diagnostic("NEVE201", f"This Jinja cannot be read: {message}", span, hint=hint)


def _unclosed(source: Source, environment: Environment) -> tuple[str, Span] | None:
    """The innermost block tag that nothing closes."""
    found = tokens(environment, source.text)
    open_: list[tuple[str, int]] = []
    for position, (begin, _, kind, _) in enumerate(found):
        if kind != "block_begin":
            continue
        tag = next((text for _, _, kind, text in found[position + 1 :] if kind == "name"), "")
        if open_ and tag == _CLOSED_BY[open_[-1][0]]:
            open_.pop()
        elif tag in _CLOSED_BY and not (tag == "set" and _is_assignment(found[position:])):
            open_.append((tag, begin))
    if not open_:
        return None
    tag, begin = open_[-1]
    return tag, source.span(*_bounds(source, environment, begin))


def _is_assignment(found: list[tuple[int, int, str, str]]) -> bool:
    for _, _, kind, text in found:
        if kind == "block_end":
            return False
        if kind == "operator" and text == "=":
            return True
    return False
