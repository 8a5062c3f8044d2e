"""One Jinja environment with the macros of a project in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.utils import missing

from neve.diagnostics.model import Diagnostic, Related, Say, Span
from neve.ir import Header, Project, Rendered, SourceFile
from neve.jinja.config import config_values
from neve.jinja.dbt import FUNCTIONS, Package
from neve.jinja.environment import Environment, Mistake
from neve.jinja.errors import Scene, diagnose, missing_macro
from neve.jinja.map import Fences, Map
from neve.jinja.names import Current, Names
from neve.jinja.source import Source

if TYPE_CHECKING:
    from jinja2.environment import Template

_LARGEST_TEXT = 10_000_000
_MACRO = re.compile(r"\{%[-+]?\s*macro\s+(default__|snowflake__|)(\w+)")


@dataclass(frozen=True, slots=True)
class _Definition:
    source: Source
    tree: nodes.Template
    span: Span


class Engine:
    """Renders bodies. A `fenced` one marks where each stretch of the result comes from, inside macros too."""

    def __init__(self, project: Project, macros: Sequence[SourceFile], *, fenced: bool = False) -> None:
        self._names = Names(project, self._macro)
        self._environment = Environment(self._name)
        self._fences = Fences()
        self._fenced = fenced
        self._templates: dict[str, Template] = {}
        self._modules: dict[str, Any] = {}
        self._sources = {file.path: Source(file.path, file.text) for file in macros}
        self._macros: dict[str, _Definition] = {}
        self._unread: set[str] = set()
        self.faults: list[Diagnostic] = []
        for source in list(self._sources.values()):
            self._define(source)

    def render(self, file: SourceFile, header: Header, say: Say, *, incremental: bool) -> Rendered | None:
        """The body of a file after Jinja, with what its config(...) says; None after saying why not."""
        source = Source(file.path, file.text[header.body :], header.body)
        try:
            text = self._run(self._environment.parse(source.text, file.path, file.path), source, header, incremental)
        except Exception as error:  # noqa: BLE001 - templates are programs of the user's: anything can come out of them
            if not self._unread or missing_macro(error) not in self._unread:  # of those their own file says enough
                say(diagnose(error, self._scene(source)))
            return None
        config = config_values(self._names.current.config, file, source, self._environment, say)
        if config is None:
            return None
        data, spans = ({key: getattr(value, part) for key, value in config.items()} for part in ("data", "span"))
        return Rendered(text, jinja=True, config=data, config_spans=spans)

    def map(self, file: SourceFile, header: Header, plain: str, *, incremental: bool) -> Map | None:
        """The map of a rendering that gave `plain`; None when marks would change what comes out."""
        source = Source(file.path, file.text[header.body :], header.body)
        known = len(self._fences.pieces)
        try:
            tree = self._environment.parse(source.text, file.path, file.path)
            self._fences.put(tree, source, self._environment, inside=self._fenced)
            return self._fences.read(self._run(tree, source, header, incremental), plain)
        except Exception:  # noqa: BLE001 - marks can make a template fail that does not fail without them
            return None
        finally:
            del self._fences.pieces[known:]

    def _run(self, tree: nodes.Template, source: Source, header: Header, incremental: bool) -> str:  # noqa: FBT001
        self._names.current = Current(header, incremental, source.path.rsplit("/", 1)[-1].split(".", 1)[0])
        self._modules.clear()  # what a macro remembers in its file must not reach the next text
        template = self._environment.template(tree, source.path)
        chunks, size = [], 0
        for chunk in template.root_render_func(template.new_context()):
            chunks.append(chunk)
            size += len(chunk)
            if size > _LARGEST_TEXT:
                raise Mistake("NEVE206", "This file gives more than 10 MB of text")
        return "".join(chunks)

    def _define(self, source: Source) -> None:
        """Note the macros of a file; their text is run when one of them is first used."""
        try:
            tree = self._environment.parse(source.text, source.path, source.path)
            names = [node for node in tree.body if isinstance(node, nodes.Macro)]
            if self._fenced:
                self._fences.put(tree, source, self._environment, inside=True)
        except Exception as error:  # noqa: BLE001 - numbers with too many digits, deep nesting, whatever else
            self.faults.append(diagnose(error, self._scene(source)))
            self._unread.update(name for prefix, name in _MACRO.findall(source.text) for name in (name, prefix + name))
            return
        for node in names:
            start = source.text.index(node.name, node.lineno + len("macro"))
            definition = _Definition(source, tree, Span(source.path, start, start + len(node.name)))
            first = self._macros.setdefault(node.name, definition)
            if first is not definition:
                self.faults.append(_twice(node.name, definition, first))

    def _name(self, name: str) -> Any:
        """What a template means by a name that is not its own; dbt's macros need no `dbt.` before them."""
        known = self._names.all.get(name, missing)
        if known is not missing and not (name in self._macros and isinstance(known, Package)):
            return known
        macro = self._macro(name)
        return getattr(self._names.dbt, name) if macro is missing and name in FUNCTIONS else macro

    def _macro(self, name: str) -> Any:
        """A macro of macros/."""
        definition = self._macros.get(name)
        if definition is None:
            return missing
        path = definition.source.path
        if path not in self._templates:
            self._templates[path] = self._environment.template(definition.tree, path)
        if path not in self._modules:
            self._modules[path] = None
            self._modules[path] = self._templates[path].make_module()
        return getattr(self._modules[path], name, missing)

    def _scene(self, source: Source) -> Scene:
        variables = {name: f"{{{{ var('{name}') }}}}" for name in self._names.project.vars}
        names = variables | {name: name for name in (*self._names.all, *self._macros)}
        return Scene(self._environment, source, self._sources, names)


def _twice(name: str, second: _Definition, first: _Definition) -> Diagnostic:
    related = (Related(first.span, "It is defined here first."),)
    message = f"There are two macros `{name}`"
    return Diagnostic("NEVE205", message, second.span, hint="Rename one of them.", related=related)
