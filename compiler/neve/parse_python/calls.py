"""What the calls in a Python file say: tables read and written, values asked for and returned."""

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from neve.ir import Access, Facts, Reference, ReturnRead
from neve.names import HOLE, parse_name
from neve.parse_python.functions import functions_of
from neve.parse_python.literals import Text
from neve.parse_python.loops import visited
from neve.parse_python.source import Module
from neve.parse_python.text import Strings, config_key, is_config

_MODES: dict[str, Access] = {"overwrite": "replace", "truncate": "replace", "append": "insert"}
_CHANGES: dict[str, Access] = {"delete": "insert", "update": "insert", "merge": "insert", "drop_table": "drop"}
_TEMPORARY_VIEWS = {"create_or_replace_temp_view", "create_temp_view"}
_EXECUTE = {"execute", "execute_async", "executemany"}
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
class UnknownTable:
    """A table whose name is known only in the run."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Temporary:
    """A table that lives only as long as the task runs."""

    parts: tuple[str, ...]


Found = Reference | ReturnRead | ConfigRead | Call | Returns | Temporary | Unread | UnknownTable


def read_calls(modules: Sequence[Strings], handler: ast.AST) -> Iterator[tuple[Module, Found]]:
    """Everything that the calls in a task and its helper modules say, each with the module that says it."""
    found = {(id(module), one): module for module, one in _found(modules, handler)}
    temporary = {one.parts for _, one in found if isinstance(one, Temporary)}
    for (_, one), module in found.items():
        if not isinstance(one, Temporary) and not (isinstance(one, Reference) and one.parts in temporary):
            yield module, one


def _found(modules: Sequence[Strings], handler: ast.AST) -> Iterator[tuple[Module, Found]]:
    known: set[int] = set()
    for node, seen in visited(modules, handler, functions_of(modules)):
        module = seen.module
        if isinstance(node, ast.expr):
            key = config_key(node, seen.run)
            if key:
                yield module, ConfigRead(key[0], *module.span(key[1]))
                known.update(id(child) for child in ast.walk(node))
            elif id(node) not in known and is_config(node, seen.run):
                yield module, ConfigRead("", *module.span(node))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            for one in _Reader(module, seen).call(node, node.func):
                yield module, one


@dataclass(frozen=True, slots=True)
class _Reader:
    module: Module
    strings: Strings

    def call(self, node: ast.Call, method: ast.Attribute) -> Iterator[Found]:
        name = method.attr
        if name in {"table", "sql", "call", "write_pandas"} and self.strings.is_session(method.value):
            yield from _SESSION[name](self, node)
        elif name in _EXECUTE and self.strings.is_cursor(method.value):
            yield from self.sql(node)
        elif name in _WRITERS:
            yield from self._made(node, _WRITERS[name](self, node), temporary=_is_temporary(node))
        elif name in _TASK_CONTEXT and self._is_run(method):
            yield self._returned(node.args[0] if node.args else None, node)
        elif name == "set_return_value":
            yield Returns()
        elif name in _CHANGES:
            yield from self._changed(method.value, _CHANGES[name])
        elif name in _TEMPORARY_VIEWS:
            yield from self._made(node, "create", temporary=True)

    def table(self, node: ast.Call) -> Iterator[Found]:
        yield from self._named(node, "read")

    def sql(self, node: ast.Call) -> Iterator[Found]:
        query = _first(node, "query") or _keyword(node, "command")
        text = self.strings.read(query) if query is not None else None
        if text is not None and query is not None:
            yield from _sql(text, self.module.span(query))
        elif query is not None:
            yield Unread(*self.module.span(query), "It is put together in the run")

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
                yield Call(found) if isinstance(found, Reference) else found

    def pandas(self, node: ast.Call) -> Iterator[Found]:
        """`write_pandas(df, name)` keeps the name's case unless told not to quote it, and takes the schema apart."""
        argument = node.args[1] if len(node.args) > 1 else _keyword(node, "table_name")
        text = self.strings.read(argument) if argument is not None else None
        above = [self.strings.read(one) for key in ("database", "schema") if (one := _keyword(node, key)) is not None]
        if text is None or argument is None or None in above:
            return
        unquoted = _literal(_keyword(node, "quote_identifiers")) is False
        access: Access = "replace" if _literal(_keyword(node, "overwrite")) is True else "insert"
        at = self.module.span(argument)[0]
        parts = tuple(one.value for one in (*above, text) if one)
        yield Reference(tuple(map(str.upper, parts)) if unquoted else parts, access, at, at)

    def saved(self, node: ast.Call) -> Access:
        given = _keyword(node, "mode") or _write_mode(node.func)
        mode = self.strings.read(given) if given is not None else None
        return _MODES.get(mode.value.lower() if mode else "", "create")

    def inserted(self, node: ast.Call) -> Access:
        return "replace" if _literal(_keyword(node, "overwrite")) is True else "insert"

    def _changed(self, table: ast.expr, access: Access) -> Iterator[Found]:
        """`session.table("t").delete()`, or through a name for the table."""
        if isinstance(table, ast.Name):
            table = self.module.constants.get(table.id, table)
        if isinstance(table, ast.Call) and isinstance(table.func, ast.Attribute) and table.func.attr == "table":
            yield from self._named(table, access)

    def _made(self, node: ast.Call, access: Access, *, temporary: bool) -> Iterator[Found]:
        for one in self._named(node, access):
            if isinstance(one, Reference):
                yield Temporary(one.parts) if temporary else one
            elif not temporary:
                yield one

    def _named(self, node: ast.Call, access: Access) -> Iterator[Reference | UnknownTable]:
        """The table that is the call's first argument; of `a if x else b` both."""
        argument = _first(node, "table_name", "name")
        known = self.strings.resolved(argument) if argument is not None else None
        if isinstance(known, ast.IfExp) and hasattr(known, "lineno"):
            yield from (self._table(either, access) for either in (known.body, known.orelse))
        elif argument is not None:
            yield self._table(argument, access)

    def _table(self, argument: ast.expr, access: Access) -> Reference | UnknownTable:
        """The table that a string names, or a list of the name's parts."""
        start, end = self.module.span(argument)
        if isinstance(argument, ast.List | ast.Tuple):
            parts = [self.strings.read(part) for part in argument.elts]
            name = parse_name(".".join(part.value for part in parts if part)) if all(parts) else None
            place = start, start
        else:
            text = self.strings.read(argument)
            name = parse_name(text.value) if text else None
            place = (text and text.place(0, len(text.value))) or (start, start)
        if name is None or HOLE in name:
            return UnknownTable(start, end)
        return Reference(name, access, *place, literal=not isinstance(argument, ast.List | ast.Tuple))

    def _returned(self, argument: ast.expr | None, node: ast.Call) -> ReturnRead:
        text = self.strings.read(argument) if argument is not None else None
        return ReturnRead(text.value if text else None, *self.module.span(argument or node))

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
    yield from map(Temporary, _temporary(text.value))
    for message, start, end in problems:
        place = text.place(start, end) or span
        yield Unread(*place, message)
    if any(HOLE in one.parts for one in facts.references):
        yield UnknownTable(*span)
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


def _temporary(text: str) -> Iterator[tuple[str, ...]]:
    """The temporary tables that a text makes; the session's later statements see them."""
    if "temp" in text.lower() or "volatile" in text.lower():
        from neve.parse_sql import found, statements

        yield from ((one.name,) for one in statements.read_text(text) if isinstance(one, found.Temporary))


def _parsed(text: str) -> tuple[Facts, list[tuple[str, int, int]]]:
    from neve.diagnostics.model import Diagnostic, Span
    from neve.parse_sql import parse_sql

    problems: list[tuple[str, int, int]] = []

    def say(found: Diagnostic) -> None:
        if found.span:
            problems.append((found.message, found.span.start, found.span.end))

    facts = parse_sql(text, lambda start, end: Span("", start, end), say)
    return facts or Facts(), problems


def _write_mode(node: ast.expr) -> ast.expr | None:
    """The mode of `df.write.mode("append").save_as_table(...)`."""
    while isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "mode":
            return _first(node, "save_mode")
        node = node.func if isinstance(node, ast.Call) else node.value
    return None


def _first(node: ast.Call, *names: str) -> ast.expr | None:
    """A call's first argument, or the one that is given by a name."""
    return node.args[0] if node.args else next((one.value for one in node.keywords if one.arg in names), None)


def _keyword(node: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in node.keywords if keyword.arg == name), None)


def _is_temporary(node: ast.Call) -> bool:
    """Whether `save_as_table` is told to make a temporary table, in the present way or the earlier one."""
    kind = _literal(_keyword(node, "table_type"))
    return kind in {"temp", "temporary"} or _literal(_keyword(node, "create_temp_table")) is True


def _literal(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None
