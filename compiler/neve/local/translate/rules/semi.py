"""VARIANT, OBJECT and ARRAY, which are JSON in DuckDB."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from neve.local.errors import unsupported
from neve.local.translate.build import array, call, cast
from neve.local.translate.rules.casts import variant
from neve.local.translate.typing import SEMI, kind_of

if TYPE_CHECKING:
    from sqlglot import exp

    from neve.local.session import Session


def rules() -> "Mapping[type, Any]":
    from sqlglot import exp

    return {
        exp.ParseJSON: parse_json,
        exp.JSONExtract: path,
        exp.GetExtract: get,
        exp.Bracket: get,
        exp.Struct: object_construct,
        exp.JSONObject: object_keeping_nulls,
        exp.StarMap: object_of_star,
        exp.Array: lambda _, n: call("sf_array_of", array([variant(e) for e in n.expressions])),
        exp.ArrayConstructCompact: lambda _, n: call(
            "sf_array_compact", call("sf_array_of", array([variant(e) for e in n.expressions]))
        ),
        exp.JSONFormat: lambda _, n: call("sf_json_ordered", cast(variant(n.this), "VARCHAR")),
        exp.JSONKeys: lambda _, n: call("to_json", call("list_sort", call("json_keys", n.this))),
        exp.MapKeys: lambda _, n: call("to_json", call("list_sort", call("json_keys", n.this))),
        exp.MapSize: lambda _, n: call("map_size", n.this),
        exp.MapContainsKey: lambda _, n: call("list_contains", call("json_keys", n.args["key"]), n.this),
        exp.MapInsert: insert,
        exp.MapDelete: lambda _, n: call("sf_object_without", n.this, array(n.expressions)),
        exp.MapPick: lambda _, n: call("sf_object_with", n.this, array(n.expressions)),
        exp.MapCat: lambda _, n: call("sf_object_cat", n.this, n.expression),
        exp.JSONExtractScalar: path_text,
        exp.GetIgnoreCase: lambda _, n: call("sf_get_ignore_case", variant(n.this), n.expression),
        exp.StripNullValue: lambda _, n: call("strip_null_value", n.this),
        exp.ObjectInsert: insert,
        exp.ArraySize: lambda _, n: call("sf_array_size", n.this),
        exp.ArrayContains: contains,
        exp.ArrayAppend: lambda _, n: call("sf_array_append", n.this, variant(n.expression)),
        exp.ArrayPrepend: lambda _, n: call("sf_array_prepend", n.this, variant(n.expression)),
        exp.ArrayConcat: concatenate,
        exp.ArraySlice: lambda _, n: call("sf_array_slice", n.this, n.args["start"], n.args["end"]),
        exp.ArrayToString: lambda _, n: call("sf_array_to_string", n.this, n.expression),
        exp.ArrayDistinct: lambda _, n: call("sf_array_distinct", n.this),
        exp.ArrayCompact: lambda _, n: call("sf_array_compact", n.this),
        exp.ArrayPosition: lambda _, n: call("sf_array_position", *_position(n)),
        exp.ArrayMax: lambda _, n: call("sf_array_max", n.this),
        exp.ArrayMin: lambda _, n: call("sf_array_min", n.this),
        exp.ArrayIntersect: lambda _, n: call("sf_array_intersection", *n.expressions),
        exp.ArrayExcept: lambda _, n: call("sf_array_except", n.this, n.expression),
        exp.ArrayOverlaps: lambda _, n: call("sf_arrays_overlap", n.this, n.expression),
        exp.ArrayRemove: lambda _, n: call("sf_array_remove", n.this, variant(n.expression)),
        exp.ArrayInsert: lambda _, n: call("sf_array_insert", n.this, n.args["position"], variant(n.expression)),
        exp.Flatten: lambda _, n: call("sf_array_flatten", n.this),
        exp.SortArray: sort,
        exp.ArrayReverse: lambda _, n: call("sf_array_reverse", n.this),
        exp.ArrayRemoveAt: lambda _, n: call("sf_array_remove_at", n.this, n.args["position"]),
        exp.ArraysZip: lambda _, n: cast(
            call("sf_json_zipped", array([cast(e, "VARCHAR") for e in n.expressions])), "JSON"
        ),
        exp.GenerateSeries: lambda _, n: _range(n.args["start"], n.args["end"], n.args.get("step")),
        exp.ArrayFilter: lambda _, n: call("to_json", call("list_filter", call("sf_list", n.this), n.expression)),
        exp.Transform: transform,
        exp.Reduce: reduce,
        exp.ParseIp: lambda _, n: cast(call("sf_parse_ip", n.this, n.args["type"]), "JSON"),
        exp.Anonymous: by_name,
        exp.CheckJson: lambda _, n: call("check_json", n.this),
    }


def parse_json(_session: "Session", node: "exp.ParseJSON") -> "exp.Expr":
    """PARSE_JSON, TRY_PARSE_JSON; with 'd' a key may come twice."""
    from sqlglot import exp

    kind = kind_of(node.this)
    if kind in SEMI and kind != "VARIANT":
        return variant(node.this)
    if kind == "VARIANT":  # a text that it holds is JSON of its own
        text = call("sf_text_json", variant(node.this))
    else:
        text = node.this if kind in {"TEXT", "", "NULL"} else cast(node.this, "VARCHAR")
    repeated = node.expression is not None and node.expression.name.lower() == "d"
    flag = exp.true() if repeated else exp.false()
    return call("sf_try_parse_json" if node.args.get("safe") else "sf_parse_json", text, flag)


def path(_session: "Session", node: "exp.JSONExtract") -> "exp.Expr | None":
    """`src:a.b[0]` and GET_PATH."""
    from sqlglot import exp

    where = node.expression
    if isinstance(where, exp.JSONPath):
        steps = "".join(map(_step, where.expressions[1:]))
        return call("json_extract", variant(node.this), "$" + steps)
    if where.is_string:
        return call(
            "json_extract", variant(node.this), "$." + where.this if where.this[:1] != "[" else "$" + where.this
        )
    return call("sf_get_path", variant(node.this), where)


def _step(step: Any) -> str:
    from sqlglot import exp

    if isinstance(step, exp.JSONPathSubscript):
        if isinstance(step.this, int):
            return f"[{step.this}]"
        return f'."{step.this}"'
    if isinstance(step, exp.JSONPathKey):
        return '."' + str(step.this).replace('"', '""') + '"'
    raise unsupported("This path into a VARIANT")


def get(_session: "Session", node: Any) -> "exp.Expr | None":
    """GET(value, place) and value[place], where a place is an index or a key."""
    from sqlglot import exp

    place = node.expressions[0] if isinstance(node, exp.Bracket) else node.expression
    if isinstance(place, exp.Slice):
        raise unsupported("A slice in brackets")
    kind, source = kind_of(place), variant(node.this) if kind_of(node.this) not in {*SEMI, ""} else node.this
    if kind == "TEXT":
        return call("sf_get_key", source, place)
    return call("sf_get_index" if kind == "INT" else "sf_get_any", source, place)


def _pairs(node: Any) -> "tuple[list[exp.Expr], list[exp.Expr]]":
    from sqlglot import exp

    keys, values = [], []
    for pair in node.expressions:
        key = pair.this
        keys.append(exp.Literal.string(key.name) if isinstance(key, exp.Identifier) else key)
        values.append(variant(pair.expression))
    return keys, values


def object_construct(_session: "Session", node: "exp.Struct") -> "exp.Expr":
    """OBJECT_CONSTRUCT and {…} leave out what is NULL."""
    from sqlglot import exp

    if not node.expressions:
        return cast(exp.Literal.string("{}"), "JSON")
    if len(node.expressions) == 1 and node.expressions[0].is_star:
        return _of_star(node, node.expressions[0], "sf_object")
    keys, values = _pairs(node)
    return call("sf_object", array(keys), array(values))


def object_keeping_nulls(_session: "Session", node: "exp.JSONObject") -> "exp.Expr":
    if len(node.expressions) == 1 and node.expressions[0].is_star:
        return _of_star(node, node.expressions[0], "sf_object_all")
    keys, values = _pairs(node)
    return call("sf_object_all", array(keys), array(values))


def object_of_star(_session: "Session", node: "exp.StarMap") -> "exp.Expr":
    return _of_star(node, node.this, "sf_object")


def _of_star(node: "exp.Expr", star: "exp.Expr", macro: str) -> "exp.Expr":
    """An object of all columns; where these are not known, as DuckDB writes them."""
    from sqlglot import exp

    if known := node.meta.get("columns"):
        of = star.args.get("table") if isinstance(star, exp.Column) else None
        values = [_column(name, of, kind) for name, kind in known.items()]
        return call(macro, array(list(map(exp.Literal.string, known))), array(values))
    table = star.args.get("table") if isinstance(star, exp.Column) else None
    whole = exp.Column(this=table.copy()) if table is not None else call("struct_pack", exp.var("*COLUMNS(*)"))
    row = call("to_json", whole)
    keys = call("json_keys", row)
    if macro == "sf_object_all":
        return row
    return call("sf_object_with_values", row.copy(), keys)


def _column(name: str, table: "exp.Expr | None", kind: "exp.DataType") -> "exp.Expr":
    from sqlglot import exp

    column = exp.Column(this=exp.to_identifier(name, quoted=True), table=table.copy() if table is not None else None)
    column.type = kind
    return variant(column)


def insert(_session: "Session", node: Any) -> "exp.Expr":
    """OBJECT_INSERT and MAP_INSERT."""
    from sqlglot import exp

    replaces = node.args.get("update_flag") or exp.false()
    return call("sf_object_insert", node.this, node.args["key"], variant(node.args["value"]), replaces)


def contains(_session: "Session", node: "exp.ArrayContains") -> "exp.Expr":
    return call("sf_array_contains", variant(node.expression), node.this)


def sort(_session: "Session", node: "exp.SortArray") -> "exp.Expr":
    """ARRAY_SORT(array [, ascending [, nulls first]]): nulls count as the largest."""
    from sqlglot import exp

    ascending = node.args.get("asc") or exp.true()
    nulls_first = node.args.get("nulls_first") or exp.Not(this=ascending.copy())
    return call("sf_array_sort", node.this, ascending, nulls_first)


def path_text(_session: "Session", node: "exp.JSONExtractScalar") -> "exp.Expr":
    """JSON_EXTRACT_PATH_TEXT(text, path)."""
    from sqlglot import exp

    held = variant(node.this) if kind_of(node.this) in SEMI else call("sf_parse_json", node.this, exp.false())
    return call("sf_text_json", call("json_extract", held, node.expression))


def transform(_session: "Session", node: "exp.Transform") -> "exp.Expr":
    """TRANSFORM(array, x -> …)."""
    body = node.expression
    loose = kind_of(body.this) in {"", "FLOAT"}  # of a number in a VARIANT, which has no kind
    body.set("this", call("sf_json_number", body.this) if loose else variant(body.this))
    return call("to_json", call("list_transform", call("sf_list", node.this), body))


def reduce(_session: "Session", node: "exp.Reduce") -> "exp.Expr":
    """REDUCE(array, start, (so far, x) -> …), whose values are all VARIANT; `write_out_lambdas` has typed them."""
    body = node.args["merge"]
    body.set("this", variant(body.this))
    return call("list_reduce", call("sf_list", node.this), body, node.args["initial"])


def _position(node: Any) -> "tuple[exp.Expr, exp.Expr]":
    return variant(node.expression), node.this


def concatenate(_session: "Session", node: "exp.ArrayConcat") -> "exp.Expr":
    joined: exp.Expr = node.this
    for other in node.expressions:
        joined = call("sf_array_cat", joined, other)
    return joined


def _range(start: "exp.Expr", end: "exp.Expr", step: "exp.Expr | None") -> "exp.Expr":
    return call("sf_array_range", start, end, step if step is not None else 1)


_BY_NAME: "Mapping[str, Callable[..., exp.Expr]]" = {
    "TRY_PARSE_IP": lambda x, kind: cast(call("sf_try_parse_ip", x, kind), "JSON"),
    "OBJECT_DELETE": lambda x, *keys: call("sf_object_without", x, array(list(keys))),
    "OBJECT_PICK": lambda x, *keys: call("sf_object_with", x, array(list(keys))),
    "ARRAY_GENERATE_RANGE": lambda a, b, step=None: _range(a, b, step),
    "ARRAY_FLATTEN": lambda x: call("sf_array_flatten", x),
    "ARRAY_MAX": lambda x: call("sf_array_max", x),
    "ARRAY_MIN": lambda x: call("sf_array_min", x),
    "TO_ARRAY": lambda x: call("sf_to_array", variant(x)),
    "TO_OBJECT": lambda x: call("sf_to_object", variant(x)),
    "ARRAYS_TO_OBJECT": lambda keys, values: call("sf_arrays_to_object", keys, values),
}
_TEMPORAL = {
    f"{attempt}TO_{name}": (kind, bool(attempt))
    for attempt in ("", "TRY_")
    for name, kind in (
        ("DATE", "DATE"),
        ("TIME", "TIME"),
        ("TIMESTAMP", "NTZ"),
        ("TIMESTAMP_NTZ", "NTZ"),
        ("TIMESTAMP_LTZ", "LTZ"),
        ("TIMESTAMP_TZ", "TZ"),
    )
}
# Functions of DuckDB that are Snowflake's under the same name, and that sqlglot leaves as they are.
_SAME = frozenset({"RATIO_TO_REPORT", "CONDITIONAL_CHANGE_EVENT", "CONDITIONAL_TRUE_EVENT"})


def by_name(session: "Session", node: "exp.Anonymous") -> "exp.Expr | None":
    """Functions that sqlglot has no class for. Raises SqlError 2140 for one that Snowflake has not either."""
    from sqlglot import exp

    from neve.local.errors import unknown_function
    from neve.local.translate.macros import named
    from neve.local.translate.rules import held
    from neve.local.translate.rules.dates import temporal
    from neve.local.translate.rules.generated import row_hash
    from neve.local.translate.supported import LEFT_OUT

    name = str(node.this).upper()
    if isinstance(node.parent, exp.TableFromRows | exp.Lateral):
        return None
    if name == "HASH":
        whole = any(value.is_star for value in node.expressions)
        return call("sf_hash", row_hash(node) if whole else call("hash", *node.expressions))
    if make := _BY_NAME.get(name):
        return make(*node.expressions)
    if name in held.NAMES:
        return held.told(name, node.expressions)
    if name in _TEMPORAL:
        kind, safe = _TEMPORAL[name]
        this = node.expressions[0]
        if kind_of(this) in SEMI:
            this = call("sf_text_json", this)
            this.type = exp.DataType.build("TEXT")
        return temporal(session, this, kind, safe=safe)
    if name in named() or name in _SAME or node.meta.get("placed"):
        return None
    raise unsupported(f"The function {name}") if name in LEFT_OUT else unknown_function(name)
