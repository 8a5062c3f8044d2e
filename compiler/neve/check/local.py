"""What a script for the local engine holds that the engine refuses: said now, not by an apply."""

from neve.check.context import Compiling
from neve.diagnostics.model import Diagnostic, Say, Severity

CODE = "NEVE415"
_REFUSED = ("external_access_integrations", "secrets")


def check(compiling: Compiling, say: Say) -> None:
    target = compiling.project.target
    if target.engine != "local":
        return
    for node in compiling.nodes.values():
        for key in _REFUSED:
            value = node.header.values.get(key)
            if value and value.data:
                message = f"The local engine has no `{key}`: it would refuse this task's procedure"
                folder = node.file.folder
                hint = f"Give it to the other targets in project.yml: `defaults: {{{folder}: ...}}` below each."
                say(Diagnostic(CODE, message, value.span, Severity.WARNING, hint))
