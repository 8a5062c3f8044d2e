"""Functions on text."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import unsupported
from neve.local.translate.build import call, cast
from neve.local.translate.typing import kind_of

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    on_text = (exp.Upper, exp.Lower, exp.Trim, exp.Length, exp.Left, exp.Right, exp.Replace, exp.SHA, exp.MD5, exp.Like,
               exp.ILike, exp.StartsWith, exp.EndsWith, exp.Contains, exp.StrPosition, exp.SplitPart, exp.Reverse,
               exp.Translate, exp.RtrimmedLength, exp.Ascii, exp.Unicode, exp.Repeat)  # fmt: skip
    return {
        **dict.fromkeys(on_text, as_text),
        exp.Substring: substring,
        exp.Pad: pad,
        exp.Initcap: initcap,
        exp.Split: lambda s, node: call("sf_split", text(s, node.this), node.expression),
        exp.DPipe: concatenate,
        exp.Concat: concatenate_all,
        exp.ConcatWs: concatenate_all,
        exp.ByteLength: lambda _, node: call("strlen", node.this),
        exp.BitLength: lambda _, node: call("sf_bits", node.this),
        exp.Strtok: strtok,
        exp.StrtokToArray: lambda s, node: call("to_json", _tokens(s, node, node.expression)),
        exp.Collate: collate,
        exp.Collation: collation,
        exp.Chr: lambda _, node: call("chr", cast(node.expressions[0], "INTEGER")),
        exp.Levenshtein: edit_distance,
        exp.JarowinklerSimilarity: lambda s, node: call("sf_jarowinkler", text(s, node.this), node.expression),
        exp.Soundex: lambda s, node: call("sf_soundex", text(s, node.this)),
        exp.SoundexP123: lambda s, node: call("sf_soundex_p123", text(s, node.this)),
        exp.ParseUrl: lambda s, node: cast(call("sf_parse_url", text(s, node.this)), "JSON"),
    }


def text(session: "Session", node: "exp.Expr") -> "exp.Expr":
    """The operand as text; text and bytes as they are."""
    from neve.local.translate.rules.casts import text_of

    return node if kind_of(node) in {"TEXT", "", "NULL", "BINARY"} else text_of(session, node)


def as_text(session: "Session", node: Any) -> "exp.Expr | None":
    """The first argument read as text."""
    changed = text(session, node.this)
    if changed is not node.this:
        node.set("this", changed)
    return None


def concatenate(session: "Session", node: "exp.DPipe") -> None:
    for key in ("this", "expression"):
        operand = node.args[key]
        changed = text(session, operand)
        if changed is not operand:
            node.set(key, changed)


def concatenate_all(session: "Session", node: Any) -> None:
    node.set("expressions", [text(session, operand) for operand in node.expressions])


def substring(session: "Session", node: "exp.Substring") -> "exp.Expr":
    """SUBSTR: of text by characters, of BINARY by bytes."""
    start, length = node.args.get("start") or 1, node.args.get("length")
    if kind_of(node.this) == "BINARY":
        return call("sf_bytes", node.this, start, call("octet_length", node.this) if length is None else length)
    subject = text(session, node.this)
    if length is None:
        return call("sf_substr_from", subject, start)
    return call("sf_substr", subject, start, length)


def pad(session: "Session", node: "exp.Pad") -> "exp.Expr":
    """LPAD and RPAD; with an empty padding the text is only cut."""
    filler = node.args.get("fill_pattern")
    name = "sf_lpad" if node.args.get("is_left") else "sf_rpad"
    return call(name, text(session, node.this), cast(node.expression, "INTEGER"), " " if filler is None else filler)


def initcap(session: "Session", node: "exp.Initcap") -> "exp.Expr":
    if node.expression is None:
        return call("sf_initcap", text(session, node.this))
    return call("sf_initcap_by", text(session, node.this), node.expression)


def edit_distance(session: "Session", node: "exp.Levenshtein") -> "exp.Expr":
    """EDITDISTANCE(a, b [, most])."""
    distance, most = call("sf_edit_distance", text(session, node.this), node.expression), node.args.get("max_dist")
    return distance if most is None else call("greatest", call("least", distance, most), 0)


def _tokens(session: "Session", node: Any, delimiters: "exp.Expr | None") -> "exp.Expr":
    return call("sf_tokens", text(session, node.this), " " if delimiters is None else delimiters)


def strtok(session: "Session", node: "exp.Strtok") -> "exp.Expr":
    """STRTOK(text [, delimiters [, place]])."""
    return call("list_extract", _tokens(session, node, node.args.get("delimiter")), node.args.get("part_index") or 1)


_PLAIN = frozenset({"", "utf8", "en", "bin", "en_us"})


def collate(_session: "Session", node: "exp.Collate") -> "exp.Expr":
    """Only comparison by code points is to be had: a collation that asks for it is left out."""
    name = node.expression.name.lower()
    if name not in _PLAIN:
        raise unsupported(f"The collation '{name}'")
    this: exp.Expr = node.this
    return this


def collation(_session: "Session", _node: "exp.Collation") -> "exp.Expr":
    raise unsupported("COLLATION")
