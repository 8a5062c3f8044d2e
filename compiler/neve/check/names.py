"""Two objects of one name: the second would replace the first, or be refused."""

from collections.abc import Iterator

from neve.check.context import Compiling
from neve.diagnostics.model import Diagnostic, Related, Say, Span
from neve.names import qualified

CODE = "NEVE307"
_LONGEST = 255


def check(compiling: Compiling, say: Say) -> None:
    seen: dict[tuple[str, str], Span] = {}
    for kind, name, span in _objects(compiling):
        first = seen.setdefault((kind, name), span)
        if first is not span:
            message = f"Two {kind}s would be called {name}"
            related = (Related(first, "This is the first."),)
            say(Diagnostic(CODE, message, span, related=related, hint="Give one of them another name."))
        elif len(name.rpartition(".")[2]) > _LONGEST:
            say(Diagnostic(CODE, f"Names have at most {_LONGEST} characters; this {kind} would be {name}", span))


def _objects(compiling: Compiling) -> Iterator[tuple[str, str, Span]]:
    for node in compiling.nodes.values():
        if node.relation and node.materialized != "ephemeral":
            relation = node.relation
            run = f"{node.graph}'s run"
            schema = run if relation.schema is None else qualified(relation.database, relation.schema)
            key = "alias" if "alias" in node.header.values else "schema"
            yield "table", f"{schema}.{relation.name}", compiling.key_span(node, key)
    for graph, task in compiling.tasks():
        yield "task", task.name, Span(task.node.file.path) if task.node else graph.settings.span
