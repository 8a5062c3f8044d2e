"""What Snowflake's functions and operators return, where sqlglot does not know or says otherwise."""

from functools import cache
from typing import TYPE_CHECKING, Any

from neve.local.translate.rules.units import DATE_UNITS, interval_pieces
from neve.local.translate.typing import STAMPS, common_type, data_type, kind_of, number, scale_of_type

if TYPE_CHECKING:
    from sqlglot import exp


@cache
def _annotator_parts() -> tuple[Any, Any]:
    from sqlglot.dialects.snowflake import Snowflake
    from sqlglot.schema import MappingSchema

    return MappingSchema(dialect="snowflake"), {**Snowflake.EXPRESSION_METADATA, **_corrections()}


def annotator() -> Any:
    """sqlglot's, which keeps the types that are there."""
    from sqlglot.optimizer.annotate_types import TypeAnnotator

    schema, metadata = _annotator_parts()
    return TypeAnnotator(schema, expression_metadata=metadata, overwrite_types=False)


def _corrections() -> dict[Any, Any]:
    """Where sqlglot does not know, or tells otherwise than Snowflake."""
    from sqlglot import exp

    def returns(name: str, *classes: Any) -> dict[Any, Any]:
        return {one: {"returns": exp.DataType.build(name, dialect="snowflake")} for one in classes}

    def with_scale(self: Any, node: Any) -> Any:
        self._set_type(node, arithmetic_type(node))
        return node

    def rounded(self: Any, node: Any) -> Any:
        self._set_type(node, _rounded_type(node))
        return node

    def widest(self: Any, node: Any) -> Any:
        self._set_type(node, common_type(branch.type for branch in branches(node)))
        return node

    def spread(self: Any, node: Any) -> Any:
        exact = kind_of(node.this) in {"INT", "DECIMAL"}
        scale = 12 if isinstance(node, exp.Kurtosis) else max(6, scale_of_type(node.this.type)) if exact else 0
        self._set_type(node, number(scale) if exact else exp.DataType.build("DOUBLE"))
        return node

    def anonymous(self: Any, node: Any) -> Any:
        name = str(node.this).upper()
        self._set_type(node, data_type(_RETURNS.get(name, "UNKNOWN")))
        return node

    def cut(self: Any, node: Any) -> Any:
        self._set_type(node, _cut_type(node.this, node.args.get("decimals")))
        return node

    return {
        **returns("VARIANT", exp.JSONExtract, exp.GetExtract, exp.Bracket, exp.ToVariant, exp.ParseJSON),
        **returns("VARCHAR", exp.ToChar, exp.JSONFormat, exp.Typeof),
        **returns("FLOAT", exp.ToDouble, exp.RegrValx, exp.RegrValy),
        **returns(
            "ARRAY",
            exp.RegexpExtractAll,
            exp.Split,
            exp.StrtokToArray,
            exp.JSONKeys,
            exp.MapKeys,
            exp.ToArray,
            exp.ArrayInsert,
            exp.ArrayDistinct,
            exp.ArrayIntersect,
            exp.ArrayExcept,
            exp.Flatten,
            exp.Transform,
            exp.ArrayFilter,
            exp.SortArray,
            exp.ArraysZip,
            exp.ArrayUnionAgg,
            exp.ArrayReverse,
            exp.ArrayRemoveAt,
            exp.ArrayCompact,
            exp.ArrayAgg,
            exp.ArrayUniqueAgg,
            exp.ApproxTopK,
        ),
        **returns(
            "OBJECT",
            exp.ParseUrl,
            exp.JSONObject,
            exp.StarMap,
            exp.MapInsert,
            exp.MapDelete,
            exp.MapPick,
            exp.MapCat,
            exp.Struct,
            exp.ObjectInsert,
            exp.ObjectAgg,
            exp.ParseIp,
        ),
        **returns("NUMBER(38, 0)", exp.HashAgg),
        **returns("TIME", exp.Time),
        **returns("BINARY", exp.ToBinary, exp.MD5Digest, exp.SHA1Digest, exp.SHA2Digest),
        **{one: {"annotator": with_scale} for one in (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Sum, exp.Avg, exp.Mod)},
        **{one: {"annotator": rounded} for one in (exp.Floor, exp.Ceil, exp.Round)},
        exp.Trunc: {"annotator": cut},
        **{
            one: {"annotator": widest}
            for one in (exp.Coalesce, exp.If, exp.Case, exp.Nvl2, exp.DecodeCase, exp.Greatest, exp.Least)
        },
        **{one: {"annotator": spread} for one in (exp.Variance, exp.VariancePop, exp.Kurtosis)},
        exp.Anonymous: {"annotator": anonymous},
    }


_RETURNS = {
    **dict.fromkeys(("TO_TIMESTAMP_TZ", "TRY_TO_TIMESTAMP_TZ"), "TIMESTAMP_TZ"),
    **dict.fromkeys(("TO_TIMESTAMP_LTZ", "TRY_TO_TIMESTAMP_LTZ"), "TIMESTAMP_LTZ"),
    **dict.fromkeys(("TO_TIMESTAMP", "TO_TIMESTAMP_NTZ", "TRY_TO_TIMESTAMP", "TRY_TO_TIMESTAMP_NTZ"), "TIMESTAMP_NTZ"),
    **dict.fromkeys(("TO_DATE", "TRY_TO_DATE"), "DATE"),
    **dict.fromkeys(("TO_TIME", "TRY_TO_TIME"), "TIME"),
    **dict.fromkeys(("AS_INTEGER", "AS_NUMBER", "AS_DECIMAL", "MAP_SIZE"), "NUMBER(38,0)"),
    **{f"AS_{name}": name for name in ("BOOLEAN", "DATE", "TIME", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ")},
    **dict.fromkeys(("AS_DOUBLE", "AS_REAL", "HAVERSINE"), "FLOAT"),
    **dict.fromkeys(("AS_CHAR", "AS_VARCHAR", "RANDSTR", "UUID_STRING", "SOUNDEX"), "VARCHAR"),
    **dict.fromkeys(
        ("AS_ARRAY", "ARRAY_SORT", "ARRAY_FLATTEN", "ARRAY_GENERATE_RANGE", "TO_ARRAY", "STRTOK_TO_ARRAY"), "ARRAY"
    ),
    **dict.fromkeys(("AS_OBJECT", "OBJECT_DELETE", "OBJECT_PICK", "TO_OBJECT", "ARRAYS_TO_OBJECT"), "OBJECT"),
    **dict.fromkeys(("PARSE_URL", "TRY_PARSE_IP"), "OBJECT"),
    **dict.fromkeys(("TRY_PARSE_JSON", "ARRAY_MAX", "ARRAY_MIN", "STRIP_NULL_VALUE"), "VARIANT"),
}


def _cut_type(this: "exp.Expr", digits: "exp.Expr | None") -> "exp.DataType":
    """The type of TRUNC: a date stays one."""
    if this.type is not None and kind_of(this) in {"DATE", *STAMPS}:
        return this.type
    return _cut_number(this, digits)


def _rounded_type(node: Any) -> "exp.DataType":
    return _cut_number(node.this, node.args.get("decimals"))


def _cut_number(this: "exp.Expr", digits: "exp.Expr | None") -> "exp.DataType":
    if kind_of(this) not in {"INT", "DECIMAL"}:
        return data_type("FLOAT" if kind_of(this) == "FLOAT" else "UNKNOWN")
    own = scale_of_type(this.type) if this.type else 0
    if digits is None:
        return number(0)
    text = digits.sql()
    return number(max(min(int(text), own), 0) if text.lstrip("-").isdigit() else own)


def branches(node: Any) -> "list[exp.Expr]":
    """The values one of which CASE, COALESCE and the like give."""
    from sqlglot import exp

    if isinstance(node, exp.Case):
        found = [each.args.get("true") for each in node.args["ifs"]] + [node.args.get("default")]
    elif isinstance(node, exp.If | exp.Nvl2):
        found = [node.args.get("true"), node.args.get("false")]
    elif isinstance(node, exp.DecodeCase):
        pairs = node.expressions[1:]
        found = [*pairs[1::2], *(pairs[-1:] if len(pairs) % 2 else [])]
    else:
        found = [node.this, *node.expressions]
    return [branch for branch in found if branch is not None]


def arithmetic_type(node: Any) -> "exp.DataType":
    """The type of + - * / % SUM AVG by Snowflake's rules for scales."""
    from sqlglot import exp

    operands = [node.this, node.expression] if isinstance(node, exp.Binary) else [node.this]
    kinds = [kind_of(operand) for operand in operands]
    dated: exp.DataType | None = _dated(node, kinds) if isinstance(node, exp.Add | exp.Sub) else None
    if dated is not None:
        return dated
    if "" in kinds:
        return exp.DataType.build("UNKNOWN")
    if {"FLOAT", "VARIANT"} & set(kinds) or (isinstance(node, exp.Sum | exp.Avg) and kinds == ["TEXT"]):
        return exp.DataType.build("DOUBLE")
    scales = [scale_of_type(o.type) if kind == "DECIMAL" else 5 if kind == "TEXT" and not o.is_string else 0
              for o, kind in zip(operands, kinds, strict=True)]  # fmt: skip
    return number(_result_scale(node, scales))


def _dated(node: Any, kinds: list[str]) -> Any:
    """The type of dates and times plus or minus something; None for others."""
    from sqlglot import exp

    left, right = kinds
    if isinstance(node, exp.Sub) and left == right and left in {"DATE", *STAMPS}:
        return number(0)
    for this, other, operand in ((left, right, node.expression), (right, left, node.this)):
        if this in STAMPS:
            return node.this.type if this == left else node.expression.type
        if this == "DATE":
            timed = isinstance(operand, exp.Interval) and not _whole_days(operand)
            return exp.DataType.build("TIMESTAMPNTZ" if timed else "DATE", dialect="snowflake")
        del other
    return None


def _whole_days(interval: Any) -> bool:
    return all(unit in DATE_UNITS for unit, _ in interval_pieces(interval))


def _result_scale(node: Any, scales: list[int]) -> int:
    from sqlglot import exp

    if isinstance(node, exp.Mul):
        return min(sum(scales), max(*scales, 12))
    if isinstance(node, exp.Div | exp.Avg):
        return average_scale(node, scales[0])
    return max(scales)


def average_scale(node: Any, own: int) -> int:
    """Of a quotient or an average of numbers with `own` digits after the point: over a window it has three more."""
    from sqlglot import exp

    whole = node.parent
    while isinstance(whole, exp.Filter | exp.WithinGroup):
        whole = whole.parent
    more = 3 if isinstance(node, exp.Avg) and isinstance(whole, exp.Window) else 6
    return max(own, min(own + more, 12))
