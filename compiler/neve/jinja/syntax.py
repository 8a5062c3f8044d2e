"""Jinja that cannot be read, as diagnostics."""

import re

from jinja2 import TemplateSyntaxError

from neve.diagnostics.model import Diagnostic, Span
from neve.jinja.environment import Environment, tokens
from neve.jinja.source import Source, statement_bounds, token_span
from neve.names import nearest

_CLOSED_BY = {
    tag: f"end{tag}" for tag in ("for", "if", "macro", "call", "filter", "set", "block", "with", "autoescape")
}
_OF_DBT = {
    "test": "Write data tests into each model's header, and what they find as a SELECT.",
    "data_test": "Write data tests into each model's header, and what they find as a SELECT.",
    "snapshot": "Keep history with a MERGE in tasks/, or with an incremental model.",
    "materialization": "There is `view`, `table`, `incremental`, `dynamic_table` and `ephemeral`.",
    "docs": "Write descriptions into each model's header.",
}
"""Tags that dbt has: what to do instead."""
_TAGS = (*_CLOSED_BY, *_CLOSED_BY.values(), "else", "elif", "do", "raw", "endraw")


def syntax_fault(error: TemplateSyntaxError, source: Source, environment: Environment) -> Diagnostic:
    message = error.message or ""
    if "end of template" in message and (found := _unclosed(source, environment)):
        tag, span = found
        hint = f"Write `{{% {_CLOSED_BY[tag]} %}}` where it ends."
        return Diagnostic("NEVE201", f"This `{tag}` is never closed", span, hint=hint)
    offset = min(error.lineno, max(len(source.text.rstrip()) - 1, 0))
    span = token_span(source, environment, offset)
    hint = ""
    if quoted := re.match(r"(?:Encountered unknown tag|No (?:filter|test) named) '(\w+)'", message):
        kinds = {"Enc": _TAGS, "No f": environment.filters, "No t": environment.tests}
        names = next(names for prefix, names in kinds.items() if message.startswith(prefix))
        meant = nearest(quoted[1], [name for name in names if name != quoted[1]])
        hint = f"Did you mean `{meant}`?" if meant and quoted[1] not in names else ""
        hint = _OF_DBT.get(quoted[1], hint) if names is _TAGS else hint
        start = source.text.find(quoted[1], offset)
        span = source.span(start, start + len(quoted[1])) if start >= 0 else span
    message = re.sub(r" at \d+$", "", message).rstrip(".")
    return Diagnostic("NEVE201", f"This Jinja cannot be read: {message}", span, hint=hint)


def _unclosed(source: Source, environment: Environment) -> tuple[str, Span] | None:
    """The innermost block tag that nothing closes."""
    found = tokens(environment, source.text)
    open_: list[tuple[str, int]] = []
    for position, (begin, _, kind, _) in enumerate(found):
        if kind != "block_begin":
            continue
        tag = next((text for _, _, kind, text in found[position + 1 :] if kind == "name"), "")
        if open_ and tag == _CLOSED_BY[open_[-1][0]]:
            open_.pop()
        elif tag in _CLOSED_BY and not (tag == "set" and _is_assignment(found[position:])):
            open_.append((tag, begin))
    if not open_:
        return None
    tag, begin = open_[-1]
    return tag, source.span(*statement_bounds(source, environment, begin))


def _is_assignment(found: list[tuple[int, int, str, str]]) -> bool:
    for _, _, kind, text in found:
        if kind == "block_end":
            return False
        if kind == "operator" and text == "=":
            return True
    return False
