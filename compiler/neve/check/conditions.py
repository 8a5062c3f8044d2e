"""WHEN: the four functions that Snowflake admits, comparisons, and nothing else (fact sheet 4.1)."""

from collections.abc import Iterator

from neve.check.context import Compiling
from neve.diagnostics.model import Diagnostic, Say
from neve.ir import Value
from neve.names import fold, parse_name
from neve.when import asked, streams

CODE = "NEVE403"
UNKNOWN_STREAM = "NEVE303"
FUNCTIONS = {
    "RETURN_VALUE",
    "STREAM_HAS_DATA",
    "SYSTEM$GET_PREDECESSOR_RETURN_VALUE",
    "SYSTEM$PREDECESSORS_STATE",
    "SYSTEM$STREAM_HAS_DATA",
    "SYSTEM$TASK_COMPLETION_STATE",
}
_WORDS = {"AND", "OR", "NOT", "TRUE", "FALSE", "CAST", "AS"}
_TYPES = {"NUMBER", "INT", "INTEGER", "DECIMAL", "FLOAT", "DOUBLE", "BOOLEAN", "VARCHAR", "STRING", "TEXT", "CHAR"}
_HINT = "Conditions compare return_value('task') and stream_has_data('stream') with plain values."


def check(compiling: Compiling, say: Say) -> None:
    known = {relation.name for node in compiling.nodes.values() for _, relation in node.links}
    known |= {fold(source.name) for source in compiling.project.sources.values()}
    for root in _roots(compiling):
        for task in asked(str(root.data)):
            message = f"The root of a graph runs first: there is no `{task}` before it to ask"
            say(
                Diagnostic(CODE, message, root.span, hint="Put the condition into the header of a task after that one.")
            )
    for value in _conditions(compiling):
        problem = _problem(str(value.data))
        if problem:
            say(Diagnostic(CODE, problem, value.span, hint=_HINT))
        for stream in streams(str(value.data)):
            parts = parse_name(stream)
            if parts is None or parts[-1] not in known:
                hint = "Declare it below `sources:` in project.yml, or let a task create it."
                say(Diagnostic(UNKNOWN_STREAM, f"There is no stream `{stream}`", value.span, hint=hint))


def _roots(compiling: Compiling) -> Iterator[Value]:
    for name in compiling.graphs:
        settings = compiling.project.graphs.get(name)
        if settings and "when" in settings.options:
            yield settings.options["when"]


def _conditions(compiling: Compiling) -> Iterator[Value]:
    yield from _roots(compiling)
    for node in compiling.nodes.values():
        if "when" in node.header.values:
            yield node.header.values["when"]


def _problem(condition: str) -> str | None:
    from neve.parse_sql.dialect import Unreadable, is_string, parse, select_token, tokenize, word

    try:
        tokens = tokenize(condition)
        if not tokens:
            return "This condition is empty"
        for at, token in enumerate(tokens):
            following = word(tokens[at + 1]) if at + 1 < len(tokens) else ""
            named = word(token)
            name_like = (named[:1].isalpha() or named[:1] == "_") and not is_string(token)
            if name_like and following == "(" and named not in FUNCTIONS | _WORDS | _TYPES:
                return f"Snowflake admits no `{token.text}` in a condition"
            if name_like and following != "(" and named not in _WORDS | _TYPES:
                return f"Snowflake admits no `{token.text}` in a condition: no columns, variables or subqueries"
        parse([select_token(), *tokens], condition)
    except Unreadable as problem:
        return f"This condition cannot be read: {problem.message[0].lower()}{problem.message[1:]}"
    return None
