"""The `config(...)` of a body: dbt's way to write header keys."""

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import nodes

from neve.diagnostics.model import Diagnostic, Say, Span
from neve.header import header_problems
from neve.ir import SourceFile, Value
from neve.jinja.environment import Environment
from neve.jinja.errors import Source, extent

_OURS = {"snowflake_warehouse": "warehouse"}
"""dbt's words that are others here."""


def config_values(
    config: Mapping[str, Any], file: SourceFile, source: Source, environment: Environment, say: Say
) -> dict[str, Value] | None:
    """What config(...) set, by neve's names, each with its place; None after saying which key is wrong."""
    if not config:
        return {}
    written = {_OURS.get(key, key): value for key, value in config.items()}
    spans = dict(_keys(source, environment))
    nowhere = Span(source.path, source.offset, source.offset + len(source.text))
    faults = list(header_problems(written, file))
    for fault in faults:
        key = str(fault.keys[0]) if fault.keys else ""
        say(Diagnostic(fault.code, fault.message, spans.get(key, nowhere), hint=fault.hint))
    return None if faults else {key: Value(value, spans.get(key, nowhere)) for key, value in written.items()}


def _keys(source: Source, environment: Environment) -> Iterator[tuple[str, Span]]:
    for call in environment.parse(source.text).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "config":
            for keyword in call.kwargs:
                span = extent(source, environment, keyword.lineno)
                yield _OURS.get(keyword.key, keyword.key), span
