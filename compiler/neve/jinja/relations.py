"""What `ref` and `source` give: a fenced name, and of its parts those that the template's own files tell."""

from typing import Any, Self

from neve.jinja.environment import Mistake
from neve.names import fold

_NAMES = {"identifier", "name", "table"}
_PLACES = {"database", "schema"}


class Named(str):
    """A `ref` or `source`. The name of a source's table is as it is written; a model may have an alias."""

    __slots__ = ("_kind", "_name")
    _kind: str
    _name: str

    def __new__(cls, kind: str, *names: str) -> Self:
        whole = ".".join(names)
        made = super().__new__(cls, f'"neve"."{kind}"."{whole.replace(chr(34), chr(34) * 2)}"')
        made._kind, made._name = kind, names[-1]
        return made

    def __getattr__(self, part: str) -> Any:
        if part in _NAMES and self._kind == "source":
            return fold(self._name)
        if part in _NAMES | _PLACES:
            message = f"The `{part}` of a {self._kind} is not known here: a template sees no other files"
            raise Mistake("NEVE204", message, "Write it yourself, or hand it to the macro.")
        raise AttributeError(part)
