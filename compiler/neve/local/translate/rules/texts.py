"""Functions on text."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import unsupported
from neve.local.translate.build import call
from neve.local.translate.typing import kind_of

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    on_text = (exp.Upper, exp.Lower, exp.Trim, exp.Length, exp.Substring, exp.Left, exp.Right, exp.Replace, exp.SHA,
               exp.SHA2, exp.MD5, exp.Like, exp.ILike, exp.RegexpLike, exp.RegexpReplace, exp.RegexpExtract,
               exp.StartsWith, exp.EndsWith, exp.Contains, exp.StrPosition, exp.SplitPart, exp.Pad, exp.Initcap,
               exp.Reverse)  # fmt: skip
    return {
        **dict.fromkeys(on_text, as_text),
        exp.Initcap: lambda s, node: call("initcap", _text(s, node.this)),
        exp.Split: lambda s, node: call("sf_split", _text(s, node.this), node.expression),
        exp.DPipe: concatenate,
        exp.Concat: concatenate_all,
        exp.ConcatWs: concatenate_all,
        exp.ByteLength: lambda _, node: call("strlen", node.this),
        exp.RegexpInstr: regexp_instr,
        exp.Strtok: strtok,
        exp.Collate: collate,
        exp.HexDecodeString: lambda _, node: call("hex_decode_string", node.this),
        exp.Uuid: lambda _s, _n: call("uuid_string"),
    }


def _text(session: "Session", node: "exp.Expr") -> "exp.Expr":
    from neve.local.translate.rules.casts import text_of

    return node if kind_of(node) in {"TEXT", "", "NULL", "BINARY"} else text_of(session, node)


def as_text(session: "Session", node: Any) -> "exp.Expr | None":
    """The first argument read as text."""
    changed = _text(session, node.this)
    if changed is not node.this:
        node.set("this", changed)
    return None


def concatenate(session: "Session", node: "exp.DPipe") -> None:
    for key in ("this", "expression"):
        operand = node.args[key]
        changed = _text(session, operand)
        if changed is not operand:
            node.set(key, changed)


def concatenate_all(session: "Session", node: Any) -> None:
    node.set("expressions", [_text(session, operand) for operand in node.expressions])


def regexp_instr(_session: "Session", node: "exp.RegexpInstr") -> "exp.Expr":
    if any(node.args.get(key) is not None for key in ("position", "occurrence", "option", "parameters", "group")):
        raise unsupported("REGEXP_INSTR with more than two arguments")
    return call("regexp_instr", node.this, node.expression)


def strtok(_session: "Session", node: "exp.Strtok") -> "exp.Expr":
    parts = [node.args.get(key) for key in ("delimiter", "part_index")]
    return call("strtok", node.this, parts[0] or " ", parts[1] or 1)


def collate(_session: "Session", node: "exp.Collate") -> "exp.Expr":
    """Only comparison by code points is to be had: a collation that asks for it is left out."""
    name = node.expression.name.lower()
    if name not in {"", "utf8", "en", "bin", "en_us"}:
        raise unsupported(f"The collation '{name}'")
    this: exp.Expr = node.this
    return this
