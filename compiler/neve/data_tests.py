"""Data tests: each becomes a query that finds the rows that should not be there."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from neve.diagnostics.model import Diagnostic, Say, Span
from neve.header import item_span
from neve.ir import DataTest, Facts, Node, Rendered, Value
from neve.names import nearest, quote_string
from neve.parse_sql import parse_sql

CODE = "NEVE310"
KNOWN = ("not_null", "unique", "accepted_values", "relationships")
_THIS = '"neve"."this"."this"'
_REF = re.compile(r"""ref\(\s*['"](?P<name>[^'"]+)['"]\s*\)""")
_QUERY = re.compile(r"\s*(?:select|with|\()", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Written:
    """A test as the header has it: below which key, by which way from there, of which column ("": of the table)."""

    key: str
    way: tuple[str | int, ...]
    column: str
    test: Any


def data_tests(node: Node, say: Say) -> tuple[DataTest, ...]:
    """The tests in a model's header, those of its columns first (NEVE310: a test that is not known)."""
    found: list[DataTest] = []
    for written in _written(node):
        test = _test(written.test, written.column)
        if test is None:
            say(_unknown(node, written))
            continue
        name, sql = test
        facts = _facts_of(sql) or parse_sql(sql, _place(node, written), say)
        if facts and len(facts.statements) > 1:
            message = "A data test is one SELECT, but this goes on with another statement"
            say(Diagnostic(CODE, message, _span(node, written), hint="Write each as a test of its own."))
        elif facts:
            value = node.header.values.get(written.key)
            span = value.span if value else Span(node.file.path)
            rendered = Rendered(sql, jinja=False, config={}, span=span, keys=written.way)
            found.append(DataTest(name, replace(node, rendered=rendered, facts=facts, initial=None)))
    return tuple(found)


def _written(node: Node) -> Iterator[_Written]:
    columns = node.header.get("columns")
    for at, column in enumerate(columns if isinstance(columns, list) else ()):
        for key in ("data_tests", "tests"):
            for number, test in enumerate(column.get(key) or ()):
                yield _Written("columns", (at, key, number), str(column["name"]), test)
    for number, test in enumerate(node.header.get("data_tests") or ()):
        yield _Written("data_tests", (number,), "", test)


def _test(written: Any, column: str) -> tuple[str, str] | None:
    """A test's name and its query; None when there is no such test."""
    if isinstance(written, str) and _QUERY.match(written):
        return " ".join(written.split())[:60], written
    name, arguments = (written, None) if isinstance(written, str) else next(iter(written.items()), ("", None))
    given = arguments if isinstance(arguments, dict) else {}
    column = str(given.get("column_name", column))
    if name == "not_null" and column:
        return f"not_null({column})", f"SELECT * FROM {_THIS} WHERE {column} IS NULL"
    if name == "unique" and column:
        rows = f"SELECT {column} FROM {_THIS} WHERE {column} IS NOT NULL"
        return f"unique({column})", f"{rows} GROUP BY {column} HAVING COUNT(*) > 1"
    values = arguments if isinstance(arguments, list) else given.get("values")
    if name == "accepted_values" and column and values:
        literals = ", ".join(_literal(value) for value in values if value is not None)
        return f"accepted_values({column})", f"SELECT * FROM {_THIS} WHERE {column} NOT IN ({literals})"
    if name == "relationships" and column and given.get("to") and given.get("field"):
        return _relationship(column, str(given["to"]), str(given["field"]))
    return None


def _relationship(column: str, to: str, field: str) -> tuple[str, str]:
    ref = _REF.fullmatch(to.strip())
    table = f'"neve"."ref"."{ref["name"]}"' if ref else to
    join = f"FROM {_THIS} AS child LEFT JOIN {table} AS parent ON child.{column} = parent.{field}"
    shown = ref["name"] if ref else to
    where = f"WHERE child.{column} IS NOT NULL AND parent.{field} IS NULL"
    return f"relationships({column}, {shown}.{field})", f"SELECT child.* {join} {where}"


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return str(value) if isinstance(value, int | float) else quote_string(str(value))


@lru_cache(maxsize=1000)
def _facts_of(sql: str) -> Facts | None:
    """The facts of a query that many models ask alike; None when there is something to say of it."""
    said: list[Diagnostic] = []
    facts = parse_sql(sql, lambda _start, _end: Span(""), said.append)
    return None if said else facts


def _place(node: Node, written: _Written) -> Callable[[int, int], Span]:
    return lambda _start, _end: _span(node, written)


def _span(node: Node, written: _Written) -> Span:
    value: Value | None = node.header.values.get(written.key)
    return item_span(node.file, value, *written.way) if value else Span(node.file.path)


def _unknown(node: Node, written: _Written) -> Diagnostic:
    name = written.test if isinstance(written.test, str) else next(iter(written.test), "")
    meant = nearest(str(name), KNOWN)
    known = f"There are {', '.join(KNOWN)}, and a SELECT that must find no row."
    message = f"There is no data test `{name}`" if meant != name else f"The data test `{name}` lacks arguments"
    hint = f"Did you mean `{meant}`? {known}" if meant and meant != name else known
    return Diagnostic(CODE, message, _span(node, written), hint=hint)
