"""`$$` in what stands between two `$$` marks, which know no escape."""

from collections.abc import Iterator

from neve.check.context import Compiling
from neve.diagnostics.model import Diagnostic, Say, Span
from neve.ir import Node, Relation

CODE = "NEVE404"
_HINT = "Quote it with single quotes, or put it together: {}."


def check(compiling: Compiling, say: Say) -> None:
    for _, task in compiling.tasks():
        for node in (*task.fused, *((task.node,) if task.node else ())):
            for span in _marks(compiling, node, fused=bool(task.fused)):
                message = "`$$` cannot stand here: the whole text is put between `$$` marks"
                together = "'$' + '$'" if node.file.kind == "python_task" else "'$' || '$'"
                say(Diagnostic(CODE, message, span, hint=_HINT.format(together)))


def _marks(compiling: Compiling, node: Node, *, fused: bool) -> Iterator[Span]:
    start = node.header.body if node.file.kind == "python_task" else 0
    if node.file.kind != "python_task" and not fused and not _in_block(node):
        return
    text = node.rendered.text
    at = text.find("$$", start)
    while at >= 0:
        end = text.find("$$", at + 2) if node.file.kind != "python_task" else -1
        yield compiling.where(node, at, at + 2)
        at = text.find("$$", (end if end >= 0 else at) + 2)  # in SQL the next one only closes this one


def _in_block(node: Node) -> bool:
    """Whether the body becomes a block in EXECUTE IMMEDIATE $$...$$ rather than stand as it is."""
    statements = node.facts.statements
    in_run = any(_of_run(relation) for _, relation in node.links) or (node.relation and _of_run(node.relation))
    return (
        len(statements) != 1
        or statements[0].scripting
        or bool(in_run)
        or node.materialized == "incremental"
        or bool(node.tests)
    )


def _of_run(relation: Relation) -> bool:
    return relation.schema is None
