"""The columns that a SELECT gives."""

from typing import Any

from sqlglot import exp

from neve.parse_sql.dialect import Unreadable, parse, tokenize, word


def selected(text: str) -> tuple[str, ...] | None:
    """The stored names of a SELECT's columns; None when a star or an expression without a name hides one."""
    try:
        tokens = [token for token in tokenize(text) if word(token) != ";"]
        tree = parse(tokens, text)
    except Unreadable:
        return None
    if not isinstance(tree, exp.Query) or any(one.is_star for one in tree.selects):
        return None
    names = [name for one in tree.selects if (name := _name(one))]
    return tuple(names) if names and len(names) == len(tree.selects) else None


def _name(selection: Any) -> str | None:
    """A column's name as Snowflake stores it."""
    named = selection.args.get("alias") if isinstance(selection, exp.Alias) else selection.this
    if not isinstance(named, exp.Identifier):
        return None
    return str(named.name if named.args.get("quoted") else named.name.upper())
