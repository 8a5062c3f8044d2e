"""Statements that Snowflake refuses only in the run (fact sheet 1.2.3, 4.2)."""

import re

from neve.check.context import Compiling
from neve.diagnostics.model import Diagnostic, Say, Severity

SIDE_EFFECT = "NEVE413"
DBT = "NEVE414"
_PROCEDURE = re.compile(
    r"create\b.*?\bprocedure\b.*?\blanguage\s+sql\b.*?system\$set_return_value", re.IGNORECASE | re.DOTALL
)
_DBT_PROJECT = re.compile(r"execute\s+dbt\s+project\b", re.IGNORECASE)


def check(compiling: Compiling, say: Say) -> None:
    for _, task in compiling.tasks():
        node = task.node
        if node is None or node.file.kind != "task":
            continue
        for statement in node.facts.statements:
            text = node.rendered.text[statement.start : statement.end]
            span = compiling.where(node, statement.start, statement.end)
            if _PROCEDURE.match(text):
                message = "A procedure in SQL cannot set a task's return value"
                hint = "Let the procedure return it, and set it in the task: CALL p() INTO :v."
                say(Diagnostic(SIDE_EFFECT, message, span, Severity.WARNING, hint))
            if _DBT_PROJECT.match(text) and "warehouse" not in task.options:
                message = "EXECUTE DBT PROJECT does not run in a serverless task"
                say(Diagnostic(DBT, message, span, Severity.WARNING, "Give the task a `warehouse:`."))
