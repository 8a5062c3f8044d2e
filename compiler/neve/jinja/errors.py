"""What Jinja raises, as diagnostics with a place in the user's file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.utils import missing

from neve.diagnostics.model import Diagnostic, Related, Span
from neve.jinja.environment import Environment, Mistake, UnknownNameError
from neve.jinja.names import NOT_HERE
from neve.jinja.source import Source, statement_bounds, statement_span, token_span
from neve.jinja.syntax import syntax_fault
from neve.names import nearest


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
        return syntax_fault(error, scene.source(error.name), environment)
    frames = [(scene.source(path), offset) for path, offset in _frames(error)] or [(scene.main, 0)]
    if isinstance(error, UnknownNameError):
        frames = _to_the_name(error, frames, environment)
    source, offset = frames[-1]
    calls = [statement_span(source, environment, offset) for source, offset in reversed(frames[:-1])]
    related = tuple(
        Related(span, "Expanded from here.") for span in calls[: 1 if isinstance(error, RecursionError) else 8]
    )
    return replace(_fault(error, scene, source, offset), related=related)


def missing_macro(error: Exception) -> str:
    """The name of what there is not, where it can be a macro."""
    if isinstance(error, UnknownNameError):
        return error.name if error.owner is missing else ""
    return error.function if isinstance(error, Mistake) and error.code == "NEVE202" else ""


def _fault(error: Exception, scene: Scene, source: Source, offset: int) -> Diagnostic:
    environment = scene.environment
    if isinstance(error, UnknownNameError):
        return _unknown(error, scene, source, offset)
    if isinstance(error, Mistake):
        return Diagnostic(error.code, error.message, _argument(error, source, offset, environment), hint=error.hint)
    span = statement_span(source, environment, offset)
    if isinstance(error, RecursionError | MemoryError):
        return Diagnostic("NEVE206", "This Jinja calls itself without an end, or is nested too deep", span)
    if isinstance(error, SyntaxError):
        return Diagnostic("NEVE206", "The blocks of this Jinja are nested too deep", span)
    said = "A template may not do this" if isinstance(error, SecurityError) else "This Jinja fails"
    return Diagnostic("NEVE204", f"{said}: {_plain(error)}", span)


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


def _plain(error: Exception) -> str:
    text = re.sub(r" at 0x[0-9a-f]+", "", str(error) or type(error).__name__)
    text = re.sub(r"^(?:[A-Za-z_]+\.)*_?(\w+)\(\)", r"\1()", text)
    return text.rstrip(".")


def _to_the_name(error: UnknownNameError, frames: list[Frame], environment: Environment) -> list[Frame]:
    """The frames down to the innermost statement that has the name: a macro can be handed what there is not."""
    for depth in range(len(frames), 0, -1):
        source, offset = frames[depth - 1]
        start, end = statement_bounds(source, environment, offset)
        if any(start <= node.lineno < end for node in _nodes_named(error, source, environment)):
            return frames[:depth]
    return frames


def _nodes_named(error: UnknownNameError, source: Source, environment: Environment) -> list[nodes.Expr]:
    kinds: tuple[type[nodes.Expr], ...] = (nodes.Name,) if error.owner is missing else (nodes.Getattr, nodes.Getitem)
    found = [node for node in environment.parse(source.text).find_all(kinds) if _called(node) == error.name]
    return sorted(found, key=lambda node: node.lineno)


def _unknown(error: UnknownNameError, scene: Scene, source: Source, offset: int) -> Diagnostic:
    found = _nearest(
        _nodes_named(error, source, scene.environment), *statement_bounds(source, scene.environment, offset)
    )
    span = _name_span(source, found, error.name) if found else statement_span(source, scene.environment, offset)
    if error.owner is not missing:
        there = _attributes(error.owner)
        meant = nearest(str(error.name), there)
        hint = f"Did you mean `{meant}`?" if meant else f"There are {', '.join(there)}." if 0 < len(there) < 10 else ""
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
    start, end = statement_bounds(source, environment, offset)
    calls = [
        call
        for call in environment.parse(source.text).find_all(nodes.Call)
        if error.function and _called(call.node) == error.function and start <= call.lineno < end
    ]
    for call in calls:
        for argument in call.args:
            if isinstance(error.argument, str | int | float) and _value(argument) == error.argument:
                return token_span(source, environment, argument.lineno)
    if not calls:
        return source.span(start, end)
    called = calls[0].node
    found = _name_span(source, called, error.function) if isinstance(called, nodes.Getattr) else None
    return found or token_span(source, environment, called.lineno)


def _value(node: nodes.Node) -> Any:
    return node.value if isinstance(node, nodes.Const) else missing
