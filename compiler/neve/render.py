"""Jinja: a file's body becomes plain SQL, and a place in that SQL becomes a place in the file again.

A body without `{{`, `{%` or `{#` never meets Jinja. A mistake in a template is a diagnostic (NEVE2xx).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from neve.diagnostics.model import Diagnostic, Related, Say, Span
from neve.ir import Header, Project, Rendered, SourceFile

if TYPE_CHECKING:
    from neve.jinja.engine import Engine
    from neve.jinja.map import Map

_JINJA = re.compile(r"\{[{%#]")


def make_renderer(project: Project, macros: Sequence[SourceFile], say: Say) -> "Renderer":
    """A renderer with the project's macros; what is wrong with their text is said now (NEVE201, NEVE205)."""
    renderer = Renderer(project, macros)
    if macros:
        for fault in renderer.engine.faults:
            say(fault)
    return renderer


def has_jinja(file: SourceFile, header: Header) -> bool:
    """Whether Jinja has anything to do in a file. Python is never given to it."""
    return file.kind in {"model", "task"} and bool(_JINJA.search(file.text, header.body))


class Renderer:
    """Renders the files of one project. Made by `make_renderer`; jinja2 is imported when a file needs it."""

    def __init__(self, project: Project, macros: Sequence[SourceFile]) -> None:
        self._project = project
        self._macros = macros
        self._origins: dict[Span, tuple[Span, ...]] = {}

    @cached_property
    def engine(self) -> "Engine":
        from neve.jinja.engine import Engine

        return Engine(self._project, self._macros)

    @cached_property
    def _fenced(self) -> "Engine":
        from neve.jinja.engine import Engine

        return Engine(self._project, self._macros, fenced=True)

    def render(self, file: SourceFile, header: Header, say: Say, *, incremental: bool = True) -> Rendered | None:
        """The body of a file after Jinja; None after saying why there is none (NEVE2xx, or a key of config(...)).

        `incremental` is what `is_incremental()` gives in an incremental model; without it, the text is that which
        fills an empty table.
        """
        if not has_jinja(file, header):
            return Rendered(file.text[header.body :], jinja=False, config={})
        return self.engine.render(file, header, say, incremental=incremental)

    def places(self, file: SourceFile, header: Header, rendered: Rendered, *, incremental: bool = True) -> "Places":
        """Where things in a rendered text stand in the user's files. Costs nothing until it is asked."""
        return Places(self, file, header, rendered, incremental=incremental)

    def note_origin(self, span: Span, *outer: Span) -> None:
        """Remember from where a place was expanded; empty when it stands in the file itself."""
        self._origins[span] = outer

    def with_origin(self, say: Say) -> Say:
        """A `Say` that adds to a place inside a macro from where it was expanded."""

        def told(diagnostic: Diagnostic) -> None:
            outer = self._origins.get(diagnostic.span, ()) if diagnostic.span else ()
            origin = tuple(Related(span, "Expanded from here.") for span in outer)
            say(replace(diagnostic, related=(*diagnostic.related, *origin)) if origin else diagnostic)

        return told

    def map(self, file: SourceFile, header: Header, rendered: Rendered, *, incremental: bool) -> "Map | None":
        """The map of a rendering: through macros when that changes nothing in it, else of the file's own text."""
        for engine in (self._fenced, self.engine):
            found = engine.map(file, header, rendered.text, incremental=incremental)
            if found is not None:
                return found
        return None


class Places:
    """Places of one rendered text: call it with offsets for a span."""

    def __init__(
        self, renderer: Renderer, file: SourceFile, header: Header, rendered: Rendered, *, incremental: bool
    ) -> None:
        self._renderer, self._file, self._header, self._rendered = renderer, file, header, rendered
        self._incremental = incremental

    def __call__(self, start: int, end: int) -> Span:
        """The place of a stretch of the rendered text: exact where the text is literal, the `{{ }}` where it is not."""
        if not self._rendered.jinja:
            return Span(self._file.path, self._header.body + start, self._header.body + end)
        found = self._map.place(start, end) if self._map else ()
        if not found:
            return Span(self._file.path, self._header.body, len(self._file.text))
        self._renderer.note_origin(*found)
        return found[0]

    @cached_property
    def _map(self) -> "Map | None":
        return self._renderer.map(self._file, self._header, self._rendered, incremental=self._incremental)
