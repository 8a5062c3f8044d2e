"""What the calls in a Python file say: tables read and written, values asked for and returned."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from neve.ir import Access, Facts, Reference, ReturnRead
from neve.names import parse_name
from neve.parse_python.loops import visited
from neve.parse_python.source import Module
from neve.parse_python.text import Strings, Text, config_key, is_config

_MODES: dict[str, Access] = {"overwrite": "replace", "truncate": "replace", "append": "insert"}
_CHANGES = {"delete", "update", "merge"}
_TASK_CONTEXT = {"returned", "get_predecessor_return_value"}


@dataclass(frozen=True, slots=True)
class Returns:
    """The task's return value is set by hand."""


@dataclass(frozen=True, slots=True)
class Call:
    name: Reference


@dataclass(frozen=True, slots=True)
class ConfigRead:
    path: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unread:
    """SQL that is not known whole before the run, and could not be read."""

    start: int
    end: int
    message: str


@dataclass(frozen=True, slots=True)
class Temporary:
    """A table that lives only as long as the task runs."""

    parts: tuple[str, ...]


Found = Reference | ReturnRead | ConfigRead | Call | Returns | Temporary | Unread


def read_calls(module: Module, strings: Strings, session: str) -> Iterator[Found]:
    """Everything that the calls in `module` say; `session` is what the handler calls its session."""
    found = dict.fromkeys(_found(module, strings, session))
    temporary = {one.parts for one in found if isinstance(one, Temporary)}
    for one in found:
        if not isinstance(one, Temporary) and not (isinstance(one, Reference) and one.parts in temporary):
            yield one


def _found(module: Module, strings: Strings, session: str) -> Iterator[Found]:
    known: set[int] = set()
    for node, seen in visited(module.tree, strings):
        if isinstance(node, ast.expr):
            key = config_key(node, strings.run)
            if key:
                yield ConfigRead(key[0], *module.span(key[1]))
                known.update(id(child) for child in ast.walk(node))
            elif id(node) not in known and is_config(node, strings.run):
                yield ConfigRead("", *module.span(node))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from _Reader(module, seen, {session, "session"}).call(node, node.func)


@dataclass(frozen=True, slots=True)
class _Reader:
    module: Module
    strings: Strings
    sessions: set[str]

    def call(self, node: ast.Call, method: ast.Attribute) -> Iterator[Found]:
        name = method.attr
        if name in {"table", "sql", "call", "write_pandas"} and self._is_session(method.value):
            yield from _SESSION[name](self, node)
        elif name in _WRITERS:
            for written in self._named(node, _WRITERS[name](self, node)):
                yield Temporary(written.parts) if _is_temporary(node) else written
        elif name in _TASK_CONTEXT and self._is_run(method):
            yield self._returned(node.args[0] if node.args else None, node)
        elif name == "set_return_value":
            yield Returns()
        elif name in _CHANGES:
            yield from self._changed(method.value)

    def table(self, node: ast.Call) -> Iterator[Found]:
        yield from self._named(node, "read")

    def sql(self, node: ast.Call) -> Iterator[Found]:
        text = self.strings.read(node.args[0]) if node.args else None
        if text is not None:
            yield from _sql(text, self.module.span(node.args[0]))
        elif node.args:
            yield Unread(*self.module.span(node.args[0]), "It is put together in the run")

    def procedure(self, node: ast.Call) -> Iterator[Found]:
        text = self.strings.read(node.args[0]) if node.args else None
        if text is None:
            return
        if text.value.lower() == "system$set_return_value":
            yield Returns()
        elif text.value.lower() == "system$get_predecessor_return_value":
            yield self._returned(node.args[1] if len(node.args) > 1 else None, node)
        elif not text.value.lower().startswith("system$"):
            for found in self._named(node, "read"):
                yield Call(found)

    def pandas(self, node: ast.Call) -> Iterator[Found]:
        """`write_pandas(df, name)` keeps the name's case unless told not to quote it, and takes the schema apart."""
        argument = node.args[1] if len(node.args) > 1 else _keyword(node, "table_name")
        text = self.strings.read(argument) if argument is not None else None
        if text is None or argument is None or _keyword(node, "schema") or _keyword(node, "database"):
            return
        unquoted = _literal(_keyword(node, "quote_identifiers")) is False
        access: Access = "replace" if _literal(_keyword(node, "overwrite")) is True else "insert"
        at = self.module.span(argument)[0]
        yield Reference((text.value.upper() if unquoted else text.value,), access, at, at)

    def saved(self, node: ast.Call) -> Access:
        mode = _literal(_keyword(node, "mode")) or self._write_mode(node.func)
        return _MODES.get(mode.lower() if isinstance(mode, str) else "", "create")

    def inserted(self, node: ast.Call) -> Access:
        return "replace" if _literal(_keyword(node, "overwrite")) is True else "insert"

    def _write_mode(self, node: ast.expr) -> object:
        """The mode of `df.write.mode("append").save_as_table(...)`."""
        while isinstance(node, ast.Attribute | ast.Call):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "mode":
                return _literal(node.args[0]) if node.args else None
            node = node.func if isinstance(node, ast.Call) else node.value
        return None

    def _changed(self, table: ast.expr) -> Iterator[Found]:
        """`session.table("t").delete()`, or through a name for the table."""
        if isinstance(table, ast.Name):
            table = self.module.constants.get(table.id, table)
        if isinstance(table, ast.Call) and isinstance(table.func, ast.Attribute) and table.func.attr == "table":
            yield from self._named(table, "insert")

    def _named(self, node: ast.Call, access: Access) -> Iterator[Reference]:
        """The table that is the call's first argument: a string, or a list of the name's parts."""
        argument = node.args[0] if node.args else _keyword(node, "table_name") or _keyword(node, "name")
        if isinstance(argument, ast.List | ast.Tuple):
            parts = [self.strings.read(part) for part in argument.elts]
            if all(parts):
                name = parse_name(".".join(part.value for part in parts if part))
                start = self.module.span(argument)[0]
                if name:
                    yield Reference(name, access, start, start)
            return
        text = self.strings.read(argument) if argument is not None else None
        name = parse_name(text.value) if text else None
        if text and name and argument is not None:
            place = text.place(0, len(text.value)) or (self.module.span(argument)[0],) * 2
            yield Reference(name, access, *place, literal=True)

    def _returned(self, argument: ast.expr | None, node: ast.Call) -> ReturnRead:
        text = self.strings.read(argument) if argument is not None else None
        return ReturnRead(text.value if text else None, *self.module.span(argument or node))

    def _is_session(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Attribute):
            return node.attr in self.sessions or (node.attr == "read" and self._is_session(node.value))
        return isinstance(node, ast.Name) and node.id in self.sessions

    def _is_run(self, method: ast.Attribute) -> bool:
        named = isinstance(method.value, ast.Name) and method.value.id == self.strings.run
        return named or method.attr == "get_predecessor_return_value"


_SESSION = {"table": _Reader.table, "sql": _Reader.sql, "call": _Reader.procedure, "write_pandas": _Reader.pandas}
_WRITERS: dict[str, Callable[["_Reader", ast.Call], Access]] = {
    "save_as_table": _Reader.saved,
    "insert_into": _Reader.inserted,
    "copy_into_table": lambda _reader, _node: "insert",
    "create_or_replace_view": lambda _reader, _node: "replace",
    "create_or_replace_dynamic_table": lambda _reader, _node: "replace",
}


def _sql(text: Text, span: tuple[int, int]) -> Iterator[Found]:
    """What a statement in a string does, each place moved to the Python file."""
    facts, problems = _parsed(text.value)
    for message, start, end in problems:
        place = text.place(start, end) or span
        yield Unread(*place, message)
    for one in (*facts.references, *facts.calls):
        known = text.place(one.start, one.end)
        at = text.nearby(one.start)
        place = known or (span[0] if at is None else at,) * 2
        moved = replace(one, start=place[0], end=place[1], literal=True)
        yield Call(moved) if one in facts.calls else moved
    for read in facts.returned:
        place = text.place(read.start, read.end) or span
        yield ReturnRead(read.task, *place)
    for path, start, end in facts.config_keys:
        yield ConfigRead(path, *(text.place(start, end) or span))
    if facts.returns:
        yield Returns()


def _parsed(text: str) -> tuple[Facts, list[tuple[str, int, int]]]:
    from neve.diagnostics.model import Diagnostic, Span
    from neve.parse_sql import parse_sql

    problems: list[tuple[str, int, int]] = []

    def say(found: Diagnostic) -> None:
        if found.span:
            problems.append((found.message, found.span.start, found.span.end))

    facts = parse_sql(text, lambda start, end: Span("", start, end), say)
    return facts or Facts(), problems


def _keyword(node: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in node.keywords if keyword.arg == name), None)


def _is_temporary(node: ast.Call) -> bool:
    """Whether `save_as_table` is told to make a temporary table, in the present way or the earlier one."""
    kind = _literal(_keyword(node, "table_type"))
    return kind in {"temp", "temporary"} or _literal(_keyword(node, "create_temp_table")) is True


def _literal(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None
