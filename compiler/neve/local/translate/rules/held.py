"""What a VARIANT holds: TYPEOF, IS_… and AS_…

JSON cannot tell a date from a text. So these are told of a VARIANT that is made in the same expression; of another one
they are refused.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from neve.local.errors import unsupported
from neve.local.translate.build import array, call, cast
from neve.local.translate.rules.casts import variant
from neve.local.translate.typing import kind_of

if TYPE_CHECKING:
    from sqlglot import exp

_TEMPORAL = {
    "DATE": "DATE",
    "TIME": "TIME",
    "TIMESTAMP_NTZ": "NTZ",
    "TIMESTAMP_LTZ": "LTZ",
    "TIMESTAMP_TZ": "TZ",
    "BINARY": "BINARY",
}
_HELD = {kind: name for name, kind in _TEMPORAL.items()}
_KINDS = {
    "ARRAY": ("ARRAY",),
    "OBJECT": ("OBJECT",),
    "BOOLEAN": ("BOOLEAN",),
    "INTEGER": ("INTEGER",),
    "NULL_VALUE": ("NULL_VALUE",),
    **dict.fromkeys(("DECIMAL", "NUMBER"), ("INTEGER", "DECIMAL")),
    **dict.fromkeys(("DOUBLE", "REAL"), ("INTEGER", "DECIMAL", "DOUBLE")),
    **dict.fromkeys(("CHAR", "VARCHAR"), ("VARCHAR",)),
}
_VALUES = {
    **dict.fromkeys(("INTEGER", "DECIMAL", "NUMBER"), "sf_as_number"),
    **dict.fromkeys(("DOUBLE", "REAL"), "sf_as_double"),
    **dict.fromkeys(("CHAR", "VARCHAR"), "sf_as_text"),
    "BOOLEAN": "sf_as_boolean",
    "ARRAY": "sf_as_array",
    "OBJECT": "sf_as_object",
}
NAMES = frozenset(f"{verb}_{kind}" for verb in ("IS", "AS") for kind in (*_KINDS, *_TEMPORAL))


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    return {
        exp.Typeof: lambda _, node: typeof(node.this),
        exp.IsArray: lambda _, node: told("IS_ARRAY", [node.this]),
        exp.IsNullValue: lambda _, node: told("IS_NULL_VALUE", [node.this]),
    }


def typeof(node: "exp.Expr") -> "exp.Expr":
    from sqlglot import exp

    made = variant(node)
    name = _HELD.get(_kind(made))
    if name is None:
        return call("sf_typeof", made)
    return exp.Case(ifs=[exp.If(this=_there(made), true=exp.Literal.string(name))])


def _kind(made: "exp.Expr") -> str:
    return kind_of(made.meta.get("held"))


def _there(node: "exp.Expr") -> "exp.Expr":
    from sqlglot import exp

    return exp.Not(this=exp.Is(this=node.copy(), expression=exp.Null()))


def told(name: str, arguments: "Sequence[exp.Expr]") -> "exp.Expr":
    """IS_X(variant) or AS_X(variant …). Raises SqlError for a date and the like in a VARIANT of unknown origin."""
    verb, _, wanted = name.partition("_")
    made = variant(arguments[0])
    if wanted in _TEMPORAL or _kind(made) in _HELD:
        return _of_origin(name, made, wanted)
    if verb == "IS":
        kinds: list[exp.Expr] = [_literal(kind) for kind in _KINDS[wanted]]
        return call("sf_is", made, array(kinds))
    value = call(_VALUES[wanted], made)
    if _VALUES[wanted] != "sf_as_number":
        return value
    precision, scale = [*(argument.name for argument in arguments[1:]), "38", "0"][:2] if arguments[1:] else ("38", "0")
    return cast(value, "BIGINT" if (precision, scale) == ("38", "0") else f"DECIMAL({precision}, {scale})")


def _literal(text: str) -> "exp.Expr":
    from sqlglot import exp

    return exp.Literal.string(text)


def _of_origin(name: str, made: "exp.Expr", wanted: str) -> "exp.Expr":
    from sqlglot import exp

    kind = _kind(made)
    if not kind:
        raise unsupported(f"The function {name}")
    same = _HELD.get(kind) == wanted
    if name.startswith("IS"):
        return exp.Case(ifs=[exp.If(this=_there(made), true=exp.true() if same else exp.false())])
    held: exp.Expr = made.meta["held"]
    return held if same else exp.Null()
