"""Casts, and what they are written as: TO_CHAR, TO_NUMBER, TO_BOOLEAN …"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import compilation_error, unsupported
from neve.local.translate import number_format
from neve.local.translate.build import apart, call, cast, has_macro, is_deep
from neve.local.translate.formats import snowflake_format, to_text
from neve.local.translate.rules import zones
from neve.local.translate.typing import NUMERIC, SEMI, STAMPS, kind_of
from neve.local.types import MAX_TEXT, parse_type, to_duck

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    return {
        exp.Cast: convert,
        exp.TryCast: convert,
        exp.DataType: data_type,
        exp.ToChar: to_char,
        exp.TimeToStr: to_char,
        exp.ToBoolean: to_boolean,
        exp.ToNumber: to_number,
        exp.ToDouble: to_double,
        exp.ToVariant: lambda _, node: variant(node.this),
        exp.ToArray: lambda _, node: call("sf_to_array", variant(node.this)),
    }


_SHORT = {"TIMESTAMP_LTZ": "LTZ", "TIMESTAMP_TZ": "TZ"}
_DIGITS = 6  # of a second, that DuckDB has
_TEMPORAL = STAMPS | {"DATE", "TIME"}


def data_type(session: "Session", node: "exp.DataType") -> "exp.Expr | None":
    """A type in a cast or a column definition."""
    from sqlglot import exp

    if isinstance(node.parent, exp.DataType):
        return None
    kind = parse_type(node.sql(dialect="snowflake"))
    stored = to_duck(kind)
    made = exp.DataType.build("HUGEINT" if session.wide and stored == "BIGINT" else stored, dialect="duckdb")
    made.meta["kind"] = _SHORT.get(kind.kind, kind.kind)  # DuckDB has one type for several of them
    if kind.kind.startswith("TIME") and kind.scale < _DIGITS:
        made.meta["digits"] = kind.scale
    if kind.kind == "TEXT" and kind.length < MAX_TEXT:
        made.meta["length"] = kind.length
    return made


def convert(session: "Session", node: "exp.Cast") -> "exp.Expr":
    """CAST and TRY_CAST by the kinds of both sides; the type itself is already DuckDB's."""
    safe, target = node.key == "trycast", kind_of(node)
    if safe and kind_of(node.this) not in {"TEXT", "", "NULL", *SEMI}:
        raise _not_of_text(node)
    return to_kind(session, node.this, target, node.args["to"], safe=safe)


def _not_of_text(node: "exp.Cast") -> Exception:
    kinds = " and ".join(str(parse_type(kind.sql(dialect="snowflake"))) for kind in (node.this.type, node.type) if kind)
    return compilation_error(f"Function TRY_CAST cannot be used with arguments of types {kinds}", 1065, "22023")


def to_kind(session: "Session", this: "exp.Expr", target: str, to: "exp.DataType", *, safe: bool = False) -> "exp.Expr":
    source = kind_of(this)
    if source in SEMI and target not in SEMI and target != "TEXT":
        return _from_variant(session, this, target, to, safe=safe)
    if target == "TEXT":
        text = _typed(call("sf_text_json", this), "TEXT") if source in SEMI else this
        return _shortened(text_of(session, text), to)
    if target in SEMI:
        return _to_semi(variant(this), source, _told(to, target))
    if target == "BOOLEAN":
        return boolean_of(this, safe=safe)
    if target in _TEMPORAL:
        from neve.local.translate.rules.dates import temporal

        made = temporal(session, this, _told(to, target), safe=safe)
        return made if "digits" not in to.meta else _cut(made, target, to.meta["digits"])
    return _to_plain(this, source, target, to.sql(dialect="duckdb"), safe=safe)


def _told(to: "exp.DataType", target: str) -> str:
    """The kind that the cast was written with."""
    kind: str = to.meta.get("kind", target)
    return kind if kind in {"LTZ", "TZ", *SEMI} else target


def _to_semi(this: "exp.Expr", source: str, target: str) -> "exp.Expr":
    """A value as JSON: what is no array becomes one, and what is no object cannot."""
    if target in {source, "VARIANT"}:
        return this
    return call("sf_to_array" if target == "ARRAY" else "sf_to_object", this)


def _cut(made: "exp.Expr", target: str, digits: int) -> "exp.Expr":
    """TIMESTAMP_NTZ(3) and its kin: further digits are left out."""
    if target == "TIME":
        return cast(call("sf_cut", call("sf_time_stamp", made), 10 ** (_DIGITS - digits)), "TIME")
    return call("sf_cut" if target == "NTZ" else "sf_cut_zoned", made, 10 ** (_DIGITS - digits))


def _to_plain(this: "exp.Expr", source: str, target: str, duck_type: str, *, safe: bool) -> "exp.Expr":
    """A number or BINARY."""
    if target == "BINARY" and source == "TEXT":
        return call("sf_try_unhex" if safe else "unhex", this)
    wide = duck_type in _BIGINT and (_long(this) or (safe and source != "INT"))
    rounded = call("round", this) if target == "INT" and source == "FLOAT" else this
    return cast(rounded, "HUGEINT" if wide else duck_type, safe=safe)


_BIGINT = frozenset({"BIGINT", "INT64"})


def _long(node: "exp.Expr") -> bool:
    """Whether it is a number, written out, that 64 bits may not hold."""
    from sqlglot import exp

    return isinstance(node, exp.Literal) and (len(node.name) > 18 or "e" in node.name.lower())


_WIRE = {"INT": "FIXED", "DECIMAL": "FIXED", "FLOAT": "REAL", "NTZ": "TIMESTAMP_NTZ", "LTZ": "TIMESTAMP_LTZ",
         "TZ": "TIMESTAMP_TZ"}  # fmt: skip


def _from_variant(session: "Session", this: "exp.Expr", target: str, to: "exp.DataType", *, safe: bool) -> "exp.Expr":
    """What a VARIANT holds as another type, by its text."""
    if is_deep(this) or (target in _TEMPORAL and has_macro(this)):
        return apart(this, lambda held: _from_variant(session, held, target, to, safe=safe))
    text = _typed(call("sf_text_number" if target in NUMERIC else "sf_text_json", this), "TEXT")
    if target == "BOOLEAN":
        value = apart(call("sf_boolean_text", this), lambda held: call("sf_try_boolean", held))
    elif target in _TEMPORAL and _told(to, target) != "TZ":  # which has an offset besides
        value = apart(text, lambda held: to_kind(session, _typed(held, "TEXT"), target, to, safe=True))
    else:
        value = to_kind(session, text, target, to, safe=True)
    return value if safe else call("sf_from_variant", value, this.copy(), _WIRE.get(target, target))


def _shortened(this: "exp.Expr", to: "exp.DataType") -> "exp.Expr":
    """A cast to VARCHAR(n) keeps n characters."""
    length = to.meta.get("length")
    return this if length is None else call("left", this, length)


def _typed(node: "exp.Expr", name: str) -> "exp.Expr":
    from sqlglot import exp

    node.type = exp.DataType.build(name)
    return node


def text_of(session: "Session", this: "exp.Expr") -> "exp.Expr":
    """A value as text, in the session's output formats."""
    kind = kind_of(this)
    if zones.zone_of(this):
        return to_text(zones.clock(this), stamp_format(session, "TZ"), zones.offset(this))
    if kind in STAMPS:
        return to_text(this, stamp_format(session, kind))
    if kind == "DATE":
        return to_text(this, session.parameter("DATE_OUTPUT_FORMAT"))
    if kind == "TIME":
        return to_text(call("sf_time_stamp", this), session.parameter("TIME_OUTPUT_FORMAT"))
    if kind == "BINARY":
        return call("hex", this)
    macro = {"FLOAT": "sf_text_float", **dict.fromkeys(SEMI, "sf_text_json"), "": "sf_text_any"}.get(kind)
    return call(macro, this) if macro else cast(this, "VARCHAR")


def stamp_format(session: "Session", kind: str) -> str:
    own = session.parameter(f"TIMESTAMP_{kind}_OUTPUT_FORMAT")
    return own or session.parameter("TIMESTAMP_OUTPUT_FORMAT")


def to_char(session: "Session", node: Any) -> "exp.Expr":
    """TO_CHAR and TO_VARCHAR, with or without a format, which sqlglot may have turned into strftime's."""
    from sqlglot import exp

    if isinstance(node, exp.TimeToStr):
        node.set("format", exp.Literal.string(snowflake_format(node.args["format"].name)))
    form, this, kind = node.args.get("format"), node.this, kind_of(node.this)
    if form is None:
        return text_of(session, this)
    if not form.is_string:
        raise unsupported("TO_CHAR with a format that is no literal")
    if kind in NUMERIC:
        number_format.check(form.this)
        return call("sf_number_text", cast(this, "VARCHAR"), form.this)
    if kind == "BINARY":
        from neve.local.translate.rules.binaries import written

        return written(this, form.this)
    if kind == "TIME":
        return to_text(call("sf_time_stamp", this), form.this)
    if kind in {"TEXT", "VARIANT"}:
        this = call("sf_parse_ntz", this if kind == "TEXT" else call("sf_text_json", this))
    return to_text(zones.clock(this), form.this, zones.offset(this))


def boolean_of(this: "exp.Expr", *, safe: bool) -> "exp.Expr":
    if kind_of(this) == "TEXT":
        return call("sf_try_boolean" if safe else "sf_boolean", this)
    return cast(this, "BOOLEAN", safe=safe)


def to_boolean(session: "Session", node: "exp.ToBoolean") -> "exp.Expr":
    from sqlglot import exp

    target = exp.DataType.build("BOOLEAN")
    return to_kind(session, node.this, "BOOLEAN", target, safe=bool(node.args.get("safe")))


def _number(node: "exp.Expr | None", default: int) -> int:
    """A precision or a scale. Raises SqlError for what is no number."""
    if node is None:
        return default
    if not node.name.isdecimal():
        raise compilation_error(
            f"argument needs to be a constant number: '{node.sql(dialect='snowflake')}'", 1015, "22023"
        )
    return int(node.name)


def to_number(session: "Session", node: "exp.ToNumber") -> "exp.Expr":
    """TO_NUMBER(x [, precision [, scale]]); with a format, what the format asks for is only digits and signs."""
    from sqlglot import exp

    form, precision, scale = (node.args.get(key) for key in ("format", "precision", "scale"))
    if form is not None and form.is_string and set(form.name.upper()) == {"X"}:
        return cast(call("concat", "0x", node.this), "BIGINT")
    if form is not None and not form.is_string:
        precision, scale, form = form, precision, None
    this = node.this if form is None else call("replace", call("replace", node.this, ",", ""), "$", "")
    digits, point = _number(precision, 38), _number(scale, 0)
    whole, parts = "HUGEINT" if session.wide else "BIGINT", f"DECIMAL({digits}, {point})"
    target = exp.DataType.build(whole if (digits, point) == (38, 0) else parts, dialect="duckdb")
    if this is not node.this:
        this = _typed(this, "TEXT")
    return to_kind(session, this, "DECIMAL" if point else "INT", target, safe=bool(node.args.get("safe")))


def to_double(session: "Session", node: "exp.ToDouble") -> "exp.Expr":
    from sqlglot import exp

    return to_kind(session, node.this, "FLOAT", exp.DataType.build("DOUBLE"), safe=bool(node.args.get("safe")))


_VARIANT_ZONED = "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM"


def variant(this: "exp.Expr") -> "exp.Expr":
    """A value as JSON."""
    from sqlglot import exp

    if kind_of(this) in SEMI:
        return this
    kind = kind_of(this)
    if isinstance(this, exp.Null):
        return cast(this, "JSON")
    if zones.zone_of(this):
        made = call("to_json", to_text(zones.clock(this), _VARIANT_ZONED, zones.offset(this)))
    elif kind in STAMPS:
        made = call("to_json", call("sf_text_ntz" if kind == "NTZ" else "sf_text_zoned", this))
    elif kind == "TIME":
        made = call("to_json", call("strftime", call("sf_time_stamp", this), "%H:%M:%S"))
    elif kind in {"FLOAT", "DECIMAL"}:
        made = call("sf_variant_float" if kind == "FLOAT" else "sf_variant_decimal", this)
    else:
        made = call("to_json", call("hex", this) if kind == "BINARY" else this)
    made.meta["held"] = this  # what is in this VARIANT, which JSON cannot tell
    return made
