"""A model is one SELECT: that is what a table or a view is made of."""

from neve.check.context import Compiling
from neve.diagnostics.model import Diagnostic, Say

CODE = "NEVE214"
_QUERY = ("SELECT", "WITH", "(", "FROM", "VALUES")
_LONGEST = max(map(len, _QUERY))


def check(compiling: Compiling, say: Say) -> None:
    for node in compiling.nodes.values():
        if node.materialized is None:
            continue
        first, *more = node.facts.statements
        text = node.rendered.text[first.start : first.start + _LONGEST].upper()
        if more:
            span = compiling.where(node, more[0].start, more[-1].end)
            hint = "Move what else it does to a file in tasks/."
            say(
                Diagnostic(CODE, "A model is one SELECT, but this file goes on with another statement", span, hint=hint)
            )
        elif first.scripting or not text.startswith(_QUERY):
            span = compiling.where(node, first.start, first.end)
            say(Diagnostic(CODE, "A model is one SELECT, but this is none", span, hint="Move the file to tasks/."))
