"""Regular expressions: RE2's where DuckDB's functions are Snowflake's, else our own in Python."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.translate.build import call, cast

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    return {
        exp.RegexpLike: like,
        exp.RegexpReplace: replace,
        exp.RegexpExtract: lambda s, n: call("sf_regexp_substr", *_text(s, n), *_places(n), *_group(n)),
        exp.RegexpExtractAll: lambda s, n: cast(
            call("sf_regexp_substr_all", *_text(s, n), *_places(n), *_group(n)), "JSON"
        ),
        exp.RegexpCount: lambda s, n: call("sf_regexp_count", *_text(s, n), _place(n), _letters(n, "parameters")),
        exp.RegexpInstr: lambda s, n: call(
            "sf_regexp_instr", *_text(s, n), *_places(n), n.args.get("option") or 0, *_group(n)
        ),
    }


def _text(session: "Session", node: Any) -> "tuple[exp.Expr, exp.Expr]":
    from neve.local.translate.rules.texts import text

    return text(session, node.this), node.expression


def _place(node: Any) -> "exp.Expr | int":
    place: exp.Expr | None = node.args.get("position")
    return 1 if place is None else place


def _places(node: Any) -> "tuple[exp.Expr | int, exp.Expr | int]":
    """The position and the occurrence."""
    return _place(node), node.args.get("occurrence") or 1


def _letters(node: Any, key: str) -> "exp.Expr | str":
    return node.args.get(key) or "c"


def _group(node: Any) -> "tuple[exp.Expr | str, exp.Expr | int]":
    """The parameters and the group; -1 when none is named. sqlglot fills in 0."""
    from sqlglot import exp

    group = node.args.get("group")
    named = group is not None and not (isinstance(group, exp.Literal) and group.name == "0")
    return _letters(node, "parameters"), group if named else -1


def like(session: "Session", node: "exp.RegexpLike") -> "exp.Expr | None":
    """REGEXP_LIKE, RLIKE, REGEXP: the pattern is the whole text."""
    subject, pattern = _text(session, node)
    if node.args.get("flag") is not None:
        return call("sf_regexp_like", subject, pattern, node.args["flag"])
    return call("regexp_full_match", subject, pattern)


def replace(session: "Session", node: "exp.RegexpReplace") -> "exp.Expr":
    """REGEXP_REPLACE: without a position and the like, all occurrences."""
    subject, pattern = _text(session, node)
    into = node.args.get("replacement") or ""
    if all(node.args.get(key) is None for key in ("position", "occurrence", "modifiers")):
        return call("regexp_replace", subject, pattern, into, "g")
    occurrence = node.args.get("occurrence") or 0
    return call("sf_regexp_replace", subject, pattern, into, _place(node), occurrence, _letters(node, "modifiers"))
