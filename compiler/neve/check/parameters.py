"""Session parameters that tasks cannot have (fact sheet 1.2)."""

from collections.abc import Iterator

from neve.check.context import Compiling
from neve.diagnostics.model import Diagnostic, Say
from neve.header import item_span
from neve.ir import SourceFile, Value

CODE = "NEVE407"


def check(compiling: Compiling, say: Say) -> None:
    for value, file in _parameters(compiling):
        for name, setting in value.data.items():
            off = str(setting).upper() == "FALSE"
            if name.upper() == "SEARCH_PATH" or (name.upper() == "AUTOCOMMIT" and off):
                shown = name if name.upper() == "SEARCH_PATH" else f"{name}: false"
                span = item_span(file, value, name) if file else value.span
                say(Diagnostic(CODE, f"Tasks do not support `{shown}`", span, hint="Remove the parameter."))


def _parameters(compiling: Compiling) -> Iterator[tuple[Value, SourceFile | None]]:
    key = "session_parameters"
    for settings in compiling.project.graphs.values():
        if key in settings.options:
            yield settings.options[key], None
    for node in compiling.nodes.values():
        if key in node.header.values:
            yield node.header.values[key], node.file
