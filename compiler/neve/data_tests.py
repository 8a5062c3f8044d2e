"""Data tests: each becomes a query that finds the rows that should not be there."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from neve.diagnostics.model import Diagnostic, Say, Span
from neve.ir import DataTest, Node, Rendered, Value
from neve.names import nearest, quote_string
from neve.nodes import setting
from neve.parse_sql import parse_sql

CODE = "NEVE310"
KNOWN = ("not_null", "unique", "accepted_values", "relationships")
_THIS = '"neve"."this"."this"'
_REF = re.compile(r"""ref\(\s*['"](?P<name>[^'"]+)['"]\s*\)""")
_QUERY = re.compile(r"\s*(?:select|with|\()", re.IGNORECASE)


def data_tests(node: Node, say: Say) -> tuple[DataTest, ...]:
    """The tests in a model's header, those of its columns first (NEVE310: a test that is not known)."""
    found: list[DataTest] = []
    for key, column, written in _written(node):
        test = _test(written, column)
        if test is None:
            say(_unknown(node, key, written))
            continue
        name, sql = test
        span = _span(node, key)
        facts = parse_sql(sql, _at(span), say)
        if facts:
            query = replace(node, rendered=Rendered(sql, jinja=False, config={}, span=span), facts=facts, initial=None)
            found.append(DataTest(name, query))
    return tuple(found)


def _at(span: Span) -> Callable[[int, int], Span]:
    return lambda _start, _end: span


def _written(node: Node) -> Iterator[tuple[str, str, Any]]:
    """The tests as they are written: the header's key, the column ("" for the table), and the test."""
    columns = setting(node.header, node.rendered, "columns")
    for column in columns if isinstance(columns, list) else ():
        for key in ("data_tests", "tests"):
            yield from (("columns", str(column["name"]), test) for test in column.get(key) or ())
    yield from (("data_tests", "", test) for test in setting(node.header, node.rendered, "data_tests") or ())


def _test(written: Any, column: str) -> tuple[str, str] | None:
    """A test's name and its query; None when there is no such test."""
    if isinstance(written, str) and _QUERY.match(written):
        return " ".join(written.split())[:60], written
    name, arguments = (written, None) if isinstance(written, str) else next(iter(written.items()), ("", None))
    given = arguments if isinstance(arguments, dict) else {}
    column = str(given.get("column_name", column))
    if name == "not_null" and column:
        return f"not_null({column})", f"SELECT 1 FROM {_THIS} WHERE {column} IS NULL"
    if name == "unique" and column:
        rows = f"SELECT {column} FROM {_THIS} WHERE {column} IS NOT NULL"
        return f"unique({column})", f"{rows} GROUP BY {column} HAVING COUNT(*) > 1"
    values = arguments if isinstance(arguments, list) else given.get("values")
    if name == "accepted_values" and column and values:
        literals = ", ".join(map(_literal, values))
        return f"accepted_values({column})", f"SELECT 1 FROM {_THIS} WHERE {column} NOT IN ({literals})"
    if name == "relationships" and column and given.get("to") and given.get("field"):
        return _relationship(column, str(given["to"]), str(given["field"]))
    return None


def _relationship(column: str, to: str, field: str) -> tuple[str, str]:
    ref = _REF.fullmatch(to.strip())
    table = f'"neve"."ref"."{ref["name"]}"' if ref else to
    join = f"FROM {_THIS} AS child LEFT JOIN {table} AS parent ON child.{column} = parent.{field}"
    shown = ref["name"] if ref else to
    where = f"WHERE child.{column} IS NOT NULL AND parent.{field} IS NULL"
    return f"relationships({column}, {shown}.{field})", f"SELECT 1 {join} {where}"


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return str(value) if isinstance(value, int | float) else quote_string(str(value))


def _span(node: Node, key: str) -> Span:
    value: Value | None = node.header.values.get(key)
    return value.span if value else Span(node.file.path)


def _unknown(node: Node, key: str, written: Any) -> Diagnostic:
    name = written if isinstance(written, str) else next(iter(written), "")
    meant = nearest(str(name), KNOWN)
    known = f"There are {', '.join(KNOWN)}, and a SELECT that must find no row."
    message = f"There is no data test `{name}`" if meant != name else f"The data test `{name}` lacks arguments"
    hint = f"Did you mean `{meant}`? {known}" if meant and meant != name else known
    return Diagnostic(CODE, message, _span(node, key), hint=hint)
