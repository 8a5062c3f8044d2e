"""Session parameters that tasks cannot have (fact sheet 1.2)."""

from collections.abc import Iterator

from neve.check.context import Compiling
from neve.diagnostics.model import Diagnostic, Say
from neve.ir import Value

CODE = "NEVE407"


def check(compiling: Compiling, say: Say) -> None:
    for value in _parameters(compiling):
        for name, setting in value.data.items():
            off = str(setting).upper() == "FALSE"
            if name.upper() == "SEARCH_PATH" or (name.upper() == "AUTOCOMMIT" and off):
                shown = name if name.upper() == "SEARCH_PATH" else f"{name}: false"
                say(Diagnostic(CODE, f"Tasks do not support `{shown}`", value.span, hint="Remove the parameter."))


def _parameters(compiling: Compiling) -> Iterator[Value]:
    key = "session_parameters"
    for settings in compiling.project.graphs.values():
        if key in settings.options:
            yield settings.options[key]
    for node in compiling.nodes.values():
        if key in node.header.values:
            yield node.header.values[key]
