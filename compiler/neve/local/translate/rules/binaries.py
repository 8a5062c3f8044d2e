"""BINARY, its encodings, and hashes."""

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

    return {
        exp.ToBinary: to_binary,
        exp.SHA2: lambda s, node: call("sf_sha2", _text(s, node.this), node.args.get("length") or 256),
        exp.MD5NumberLower64: lambda s, node: call("sf_md5_lower", _text(s, node.this)),
        exp.MD5NumberUpper64: lambda s, node: call("sf_md5_upper", _text(s, node.this)),
        exp.SHA1Digest: lambda s, node: call("unhex", call("sha1", _text(s, node.this))),
        exp.SHA2Digest: lambda s, n: call("unhex", call("sf_sha2", _text(s, n.this), n.args.get("length") or 256)),
        exp.MD5Digest: lambda s, n: call("unhex", call("md5", _text(s, n.this or n.expressions[0]))),
        exp.Uuid: unique,
        exp.Base64Encode: lambda _, node: call("to_base64", _bytes(node.this)),
        exp.Hex: lambda _, node: _cased(call("hex", _bytes(node.this)), node.args.get("case")),
        exp.Base64DecodeString: lambda _, node: call("decode", call("from_base64", node.this)),
        exp.Base64DecodeBinary: lambda _, node: call("from_base64", node.this),
        exp.HexDecodeString: lambda _, node: call("decode", call("unhex", node.this)),
        exp.TryHexDecodeString: lambda _, node: call("sf_try_utf8", call("sf_try_unhex", node.this)),
        exp.TryHexDecodeBinary: lambda _, node: call("sf_try_unhex", node.this),
        exp.TryBase64DecodeString: lambda _, node: call("sf_try_utf8", call("sf_try_base64", node.this)),
        exp.TryBase64DecodeBinary: lambda _, node: call("sf_try_base64", node.this),
    }


def _text(session: "Session", node: "exp.Expr") -> "exp.Expr":
    from neve.local.translate.rules.texts import text

    return text(session, node)


def _bytes(node: "exp.Expr") -> "exp.Expr":
    return node if kind_of(node) == "BINARY" else call("encode", node)


def _cased(node: "exp.Expr", case: "exp.Expr | None") -> "exp.Expr":
    """HEX_ENCODE(x, 0) is in lower case."""
    return call("lower", node) if case is not None and case.name == "0" else node


_READERS = {"HEX": "unhex", "BASE64": "from_base64", "UTF-8": "encode", "UTF8": "encode"}
_CAREFUL = {"unhex": "sf_try_unhex", "from_base64": "sf_try_base64", "encode": "encode"}


def to_binary(_session: "Session", node: "exp.ToBinary") -> "exp.Expr":
    """TO_BINARY and TRY_TO_BINARY(x [, 'HEX' | 'UTF-8' | 'BASE64'])."""
    form = node.args.get("format")
    name = form.this.upper() if form is not None else "HEX"
    if name not in _READERS:
        raise unsupported(f"The binary format '{name}'")
    if kind_of(node.this) == "BINARY":
        this: exp.Expr = node.this
        return this
    return call(_CAREFUL[_READERS[name]] if node.args.get("safe") else _READERS[name], node.this)


def written(this: "exp.Expr", form: str) -> "exp.Expr":
    """TO_CHAR(binary, 'HEX' | 'UTF-8' | 'BASE64')."""
    if form.upper() not in _READERS:
        raise unsupported(f"The binary format '{form}'")
    return call({"HEX": "hex", "BASE64": "to_base64"}.get(form.upper(), "decode"), this)


def unique(session: "Session", node: "exp.Uuid") -> "exp.Expr":
    """UUID_STRING(), or UUID_STRING(uuid, name)."""
    if node.args.get("name") is None:
        return cast(call("gen_random_uuid"), "VARCHAR")
    return call("sf_named_uuid", node.this, _text(session, node.args["name"]))
