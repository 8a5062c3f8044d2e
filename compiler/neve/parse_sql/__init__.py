"""What a SQL body does, read from its text: the tables it reads and writes, what it calls, asks for and returns.

Every kind of statement is read, scripting blocks and executed literals included; names of CTEs and of temporary
tables are no references. What cannot be read is said with its place.
"""

from collections.abc import Callable, Sequence
from typing import Any

from neve.columns import unsettled
from neve.diagnostics.model import Diagnostic, Say, Severity, Span
from neve.ir import Facts, Reference, ReturnRead, Scope, Statement
from neve.parse_sql.comments import stated
from neve.parse_sql.dialect import Token, Unreadable, tokenize
from neve.parse_sql.found import Call, Found, Selects, Temporary, Unknown
from neve.parse_sql.functions import ConfigRead, Returns, functions
from neve.parse_sql.statements import place_of, read_statement, split

SYNTAX = "NEVE210"
UNREADABLE = "NEVE211"


def parse_sql(text: str, place: Callable[[int, int], Span], say: Say, *, declared: bool = False) -> Facts | None:
    """The facts of `text`; None when it has no statement that can be read.

    `place` turns offsets into a place in the user's file. A syntax error is an error, or a warning when the header
    declares (`reads:`, `writes:`) what the body does.
    """
    found: list[Found] = []
    statements: list[Statement] = []
    tokens: Sequence[Token] = ()
    try:
        tokens = tokenize(text)
        for start, end, block in split(tokens):
            statements.append(place_of(tokens[start:end], block))
            found.extend(read_statement(tokens[start:end], text, block=block))
    except Unreadable as problem:
        found.append(problem)
    found.extend(stated(text, tokens) if "depends_on" in text else ())
    for unreadable in (one for one in found if isinstance(one, Unreadable)):
        say(_diagnostic(unreadable, place, declared=declared))
    for unknown in (one for one in found if isinstance(one, Unknown) and not declared):
        say(_unknown(place(unknown.start, unknown.end)))
    if not statements:
        return None
    return _facts(found, statements, tokens, text)


def _facts(found: Sequence[Found], statements: Sequence[Statement], tokens: Sequence[Token], text: str) -> Facts:
    temporary = {one.name for one in found if isinstance(one, Temporary)}
    references = [
        one for one in found if isinstance(one, Reference) and not (len(one.parts) == 1 and one.parts[0] in temporary)
    ]
    asked = list(functions(tokens, text)) if "$" in text else []
    returns = [one.values for one in asked if isinstance(one, Returns)]
    known = [value for values in returns for value in values or ()]
    return Facts(
        references=tuple(sorted(references, key=lambda one: one.start)),
        returned=tuple(one for one in asked if isinstance(one, ReturnRead)),
        config_keys=tuple((one.path, one.start, one.end) for one in asked if isinstance(one, ConfigRead)),
        calls=tuple(one.name for one in found if isinstance(one, Call)),
        statements=tuple(statements),
        returns=bool(returns),
        values=tuple(known) if known and None not in returns else None,
        **_scopes(found),
    )


def _scopes(found: Sequence[Found]) -> dict[str, Any]:
    """All scopes in one row: those of a later statement keep their places from its first one on."""
    scopes: list[Scope] = []
    result = -1
    for one in found:
        if isinstance(one, Selects):
            base = len(scopes)
            result = one.result if base == 0 and result < 0 else result
            scopes += [_shifted(scope, base) for scope in one.scopes]
    return {"scopes": unsettled(scopes), "result": result}


def _shifted(scope: Scope, by: int) -> Scope:
    if not by:
        return scope
    sources = tuple(one._replace(scope=one.scope + by) if one.scope >= 0 else one for one in scope.sources)
    outer = scope.outer + by if scope.outer >= 0 else -1
    return scope._replace(sources=sources, outer=outer, union=tuple(one + by for one in scope.union))


def _diagnostic(problem: Unreadable, place: Callable[[int, int], Span], *, declared: bool) -> Diagnostic:
    span = place(problem.start, problem.end)
    if declared:
        return Diagnostic(
            UNREADABLE,
            f"{problem.message}; what this body reads and writes is taken from the header",
            span,
            Severity.WARNING,
        )
    return Diagnostic(
        SYNTAX,
        problem.message,
        span,
        hint="If Snowflake takes it as it is, say in the header what it does: `reads: [...]`, `writes: [...]`.",
    )


def _unknown(span: Span) -> Diagnostic:
    return Diagnostic(
        UNREADABLE,
        "What this statement reads and writes is not all known before the run",
        span,
        Severity.WARNING,
        hint="Say it in the header: `reads: [...]`, `writes: [...]`.",
    )
