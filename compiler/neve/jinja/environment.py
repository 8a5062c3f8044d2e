"""Jinja as neve runs it: sandboxed, without clock or environment, and with places.

Jinja keeps a line number with every token, node and line of generated code, and nothing finer. Here each of these
numbers is a character offset instead: the lexer says so, and all the rest hands it on.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, nodes
from jinja2.environment import Template
from jinja2.exceptions import UndefinedError
from jinja2.lexer import Lexer
from jinja2.loaders import BaseLoader
from jinja2.runtime import Context, Macro
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing

_LARGEST = 1_000_000
_OF_DBT = ("as_bool", "as_native", "as_number", "as_text")
"""dbt's filters that say what kind of value a text is, which matters only in its YAML."""


class Mistake(Exception):  # noqa: N818 - the user's, not ours
    """What one of neve's own functions refuses. `function` was called, `argument` is the value that was wrong."""

    def __init__(self, code: str, message: str, hint: str = "", *, function: str = "", argument: Any = missing) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint
        self.function, self.argument = function, argument


class ReturnedValue(Exception):  # noqa: N818 - a way out of a macro, no error
    """What a macro gives with `return(...)`, in the place of its text."""

    def __init__(self, value: Any = None) -> None:
        super().__init__("`return` belongs into a macro")
        self.value = value


class UnknownNameError(UndefinedError):
    """A name, or an attribute of `owner`, that there is not."""

    def __init__(self, name: str, owner: Any, message: str | None = None) -> None:
        super().__init__(message)
        self.name, self.owner = name, owner


class Unknown(StrictUndefined):
    """An undefined name: whatever is done with it fails, and says which name it was."""

    def __init__(self, hint: str | None = None, obj: Any = missing, name: str | None = None, exc: Any = None) -> None:
        error: Any = exc or partial(UnknownNameError, name or "", obj)
        super().__init__(hint, obj, name, error)


class OffsetLexer(Lexer):
    """Jinja's lexer with offsets in the place of line numbers. The text must have line feeds only."""

    def tokeniter(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> Iterator[tuple[int, str, str]]:
        start = end = 0
        try:
            for _, token, value in super().tokeniter(source, name, filename, state):
                start = source.index(value, end)  # further on only by blanks that a minus sign took away
                end = start + len(value)
                yield start, token, value
        except TemplateSyntaxError as error:
            message = error.message or ""
            at = start if message.startswith("Missing end") else end
            raise TemplateSyntaxError(message, at, name, filename) from None


class DynamicContext(Context):
    """A context that falls back on the environment's names when a name is asked for, not when it is made."""

    def resolve_or_missing(self, key: str) -> Any:
        found = super().resolve_or_missing(key)
        return self.environment.names(key) if found is missing else found  # type: ignore[attr-defined]


class _NoTemplates(BaseLoader):
    def get_source(self, environment: object, template: str) -> Any:  # noqa: ARG002
        message = f"{template!r} cannot be imported, included or extended"
        raise Mistake("NEVE204", message, "Every macro in macros/ can be called by its name, without an import.")


class Environment(SandboxedEnvironment):
    """The environment of one renderer; `names` gives what a template can use besides its own names."""

    context_class = DynamicContext
    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, names: Callable[[str], Any]) -> None:
        super().__init__(
            undefined=Unknown,
            keep_trailing_newline=True,
            loader=_NoTemplates(),
            extensions=["jinja2.ext.do"],
            finalize=_printed,
            cache_size=0,
        )
        self.names = names
        self._lexer = OffsetLexer(self)
        for unsteady in ("random", "pprint", "urlize", "xmlattr"):
            self.filters.pop(unsteady, None)
        self.filters.update(dict.fromkeys(_OF_DBT, _same))
        for replaced in ("lipsum", "range"):
            del self.globals[replaced]

    @property
    def lexer(self) -> Lexer:
        return self._lexer

    def template(self, tree: nodes.Template, path: str) -> Template:
        """A parsed template, ready to render."""
        code = self.compile(tree, path, path)
        return Template.from_code(self, code, self.globals)

    def call(self, context: Context, called: Any, /, *positional: Any, **named: Any) -> Any:
        """A call; what there is not can be handed to a macro, which may test it, but to nothing else."""
        if isinstance(called, Macro):
            try:
                return super().call(context, called, *positional, **named)
            except ReturnedValue as returned:
                return returned.value
        for given in (*positional, *named.values()):
            if isinstance(given, Unknown):
                str(given)
        return super().call(context, called, *positional, **named)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator in {"*", "**"} and _too_large(operator, left, right):
            raise Mistake("NEVE206", f"The result of `{operator}` would be larger than a SQL text can be")
        return super().call_binop(context, operator, left, right)


def _same(value: Any) -> Any:
    return value


def _too_large(operator: str, left: Any, right: Any) -> bool:
    if operator == "**":
        return isinstance(left, int) and isinstance(right, int) and abs(right) * left.bit_length() > 10_000
    for many, times in ((left, right), (right, left)):
        if isinstance(many, str | list | tuple) and isinstance(times, int):
            return len(many) * times > _LARGEST
    return False


def _printed(value: Any) -> Any:
    """What `{{ }}` may print: data. A function's text would name its place in memory."""
    if callable(value) and not isinstance(value, Undefined):
        name = getattr(value, "name", None) or getattr(value, "__name__", "this")
        raise Mistake(
            "NEVE204", f"`{name}` is a macro or function: its value is what a call gives", f"Write `{name}(...)`."
        )
    return value


def tokens(environment: Environment, text: str) -> list[tuple[int, int, str, str]]:
    """Start, end, kind and text of every token, up to the first that cannot be read."""
    found = []
    try:
        for start, kind, value in environment.lexer.tokeniter(text, None):
            found.append((start, start + len(value), kind, value))
    except TemplateSyntaxError:
        pass
    return found
