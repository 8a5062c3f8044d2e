"""EXECUTE IMMEDIATE FROM: the statements of a file in a stage, which is a Jinja template where it says so."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from neve.local import result as r
from neve.local.errors import SqlError, compilation_error, line_and_position, unsupported
from neve.local.marks import unmarked
from neve.local.reader import Reader
from neve.local.result import Result
from neve.local.scripting.signals import STATEMENT_ERROR
from neve.local.sqltext import Statement, split_statements
from neve.local.stages.flags import flag
from neve.local.stages.location import Location, location, location_from
from neve.local.types import TEXT

if TYPE_CHECKING:
    from neve.local.session import Session

_DIRECTIVE = re.compile("\ufeff?\\s{0,10}(?:--|#)!jinja")
_DEEPEST = 20
_running: ContextVar[tuple[Location, ...]] = ContextVar("_running", default=())
"""The files that are being executed, the innermost last: it is where relative paths begin."""


def from_file(session: "Session", statement: Statement, reader: Reader) -> Location:
    """The file that the reader is at: in a stage, or (in quotes, without `@`) relative to the file that says so."""
    if not reader.sees_string() or statement.tokens[reader.position].text.startswith("@"):
        return location_from(session, statement, reader)
    path = reader.string()
    if not _running.get():
        message = f"Relative file references like '{path}' cannot be used in top-level EXECUTE IMMEDIATE calls."
        raise SqlError(1503, "42601", message)
    return _beside(_running.get()[-1], path)


def execute_file(session: "Session", file: Location, using: Mapping[str, Any], options: Mapping[str, str]) -> Result:
    """The result of the last statement of a file, rendered with the values of USING; with DRY_RUN its rendered text.

    Raises SqlError: what stands before a statement that fails was done.
    """
    if others := options.keys() - {"DRY_RUN"}:
        raise unsupported(f"The option {min(others)} of EXECUTE IMMEDIATE FROM")
    text = _read(file)
    if using or _DIRECTIVE.match(text):
        text = _rendered(session, file, text, using)
    if flag(options, "DRY_RUN"):
        return r.from_rows([("rendered file contents", TEXT)], [(text,)])
    with _inside(file):
        return _run(session, file, text)


def _run(session: "Session", file: Location, text: str) -> Result:
    result, at = r.status("Statement executed successfully."), 0
    statements = split_statements(text)
    with unmarked(session) as mark:
        for number, sql in enumerate(statements, start=1):
            at = text.index(sql, at)
            session.mark = mark if number == len(statements) else ""
            try:
                result = session.run(sql)
            except SqlError as error:
                raise _located(error, file, text, at) from None
            at += len(sql)
    return result


def _located(error: SqlError, file: Location, text: str, at: int) -> SqlError:
    line, position = line_and_position(text, at)
    place = f"in file @{file.name}/{file.path} on line {line} at position {position}"
    message = f"Uncaught exception of type '{STATEMENT_ERROR}' {place}:\n{error.message}"
    return SqlError(error.code, error.sqlstate, message)


@contextmanager
def _inside(file: Location) -> Iterator[None]:
    if len(_running.get()) >= _DEEPEST:
        raise unsupported(f"EXECUTE IMMEDIATE FROM below more than {_DEEPEST} others")
    token = _running.set((*_running.get(), file))
    try:
        yield
    finally:
        _running.reset(token)


def _read(file: Location) -> str:
    path = file.folder / file.path
    if not file.path or not path.is_file():
        raise SqlError(1501, "02000", f"File '{file.path}' not found in stage '{file.name}'.")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise compilation_error(f"File '{file.path}' is not in UTF-8.") from None


def _beside(file: Location, path: str) -> Location:
    """A path as the file sees it; one with a slash at its start begins at the stage."""
    there = posixpath.normpath(posixpath.join("/", posixpath.dirname(file.path), path)).lstrip("/")
    return replace(file, path=there)


def _rendered(session: "Session", file: Location, text: str, using: Mapping[str, Any]) -> str:
    from jinja2 import FunctionLoader, StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    class Environment(SandboxedEnvironment):
        def join_path(self, template: str, parent: str) -> str:
            """A name in a file that was included itself."""
            return template if template[:1] in {"@", "/"} else posixpath.join(posixpath.dirname(parent), template)

    def load(name: str) -> str:
        return _read(location(session, name) if name.startswith("@") else _beside(file, name))

    environment = Environment(undefined=StrictUndefined, loader=FunctionLoader(load), keep_trailing_newline=True)
    try:
        return environment.from_string(re.sub(r"\A\s*#!jinja[^\n]*\n?", "", text)).render(using)
    except TemplateError as error:
        kind = f"{type(error).__module__.partition('.')[0]}.exceptions.{type(error).__name__}"
        raise SqlError(
            5, "XX000", f"Python Interpreter Error: {kind}: {error.message} in template processing"
        ) from None
