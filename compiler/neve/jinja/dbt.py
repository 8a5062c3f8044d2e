"""dbt's `dbt`, which writes the same SQL for any database, in Snowflake's words; and the prefixes of packages."""

from collections.abc import Callable, Iterable
from typing import Any

from jinja2.utils import missing

from neve.jinja.environment import Mistake

_TYPES = {
    "string": "TEXT",
    "timestamp": "TIMESTAMP",
    "float": "FLOAT",
    "numeric": "numeric(28, 6)",
    "bigint": "bigint",
    "int": "INT",
    "boolean": "BOOLEAN",
}


def _safe_cast(field: Any, type: Any) -> str:  # noqa: A002 - dbt's own names of arguments, by which they are given
    kind = str(type).upper()
    if kind in {"GEOMETRY", "GEOGRAPHY"}:
        return f"try_to_{kind.lower()}({field})"
    if kind == "VARIANT":
        return f"cast({field} as {type})"
    text = f"'{field}'" if isinstance(field, int | float) else field
    return f"try_cast({text} as {type})"


def _listagg(measure: Any, delimiter_text: Any = "','", order_by_clause: Any = None, limit_num: Any = None) -> str:
    within = f" within group ({order_by_clause})" if order_by_clause else ""
    if not limit_num:
        return f"listagg({measure}, {delimiter_text}){within}"
    return f"array_to_string(array_slice(array_agg({measure}){within}, 0, {limit_num}), {delimiter_text})"


def _last_day(date: Any, datepart: Any) -> str:
    start = f"date_trunc('{datepart}', {date})"
    return f"cast(dateadd(day, -1, dateadd({datepart}, 1, {start})) as date)"


def _array_construct(inputs: Iterable[Any] = (), data_type: Any = None) -> str:  # noqa: ARG001 - dbt's arguments
    return f"array_construct({_listed(inputs)})"


def _listed(inputs: Iterable[Any]) -> str:
    return ", ".join(map(str, inputs))


FUNCTIONS: dict[str, Callable[..., str]] = {
    **{f"type_{name}": lambda kind=kind: kind for name, kind in _TYPES.items()},
    "any_value": lambda expression: f"any_value({expression})",
    "array_append": lambda array, new_element: f"array_append({array}, {new_element})",
    "array_concat": lambda array_1, array_2: f"array_cat({array_1}, {array_2})",
    "array_construct": _array_construct,
    "bool_or": lambda expression: f"boolor_agg({expression})",
    "cast": lambda field, type: f"cast({field} as {type})",  # noqa: A006
    "cast_bool_to_text": lambda bool_expression: f"cast({bool_expression} as TEXT)",
    "concat": lambda fields: " || ".join(map(str, fields)),
    "current_timestamp": lambda: "convert_timezone('UTC', current_timestamp())",
    "date": lambda year, month, day: f"to_date('{year}-{month}-{day}', 'YYYY-MM-DD')",
    "date_trunc": lambda datepart, date: f"date_trunc('{datepart}', {date})",
    "dateadd": lambda datepart, interval, from_date_or_timestamp: (
        f"dateadd({datepart}, {interval}, {from_date_or_timestamp})"
    ),
    "datediff": lambda first_date, second_date, datepart: f"datediff({datepart}, {first_date}, {second_date})",
    "escape_single_quotes": lambda expression: str(expression).replace("'", "\\'"),
    "except": lambda: "except",
    "hash": lambda field: f"md5(cast({field} as TEXT))",
    "intersect": lambda: "intersect",
    "last_day": _last_day,
    "length": lambda expression: f"length({expression})",
    "listagg": _listagg,
    "position": lambda substring_text, string_text: f"position({substring_text} in {string_text})",
    "replace": lambda field, old_chars, new_chars: f"replace({field}, {old_chars}, {new_chars})",
    "right": lambda string_text, length_expression: (
        f"case when {length_expression} = 0 then '' else right({string_text}, {length_expression}) end"
    ),
    "safe_cast": _safe_cast,
    "split_part": lambda string_text, delimiter_text, part_number: (
        f"split_part({string_text}, {delimiter_text}, {part_number})"
    ),
    "string_literal": lambda value: f"'{value}'",
}


class Package:
    """A name before a macro's: the project's own, or that of a dbt package whose macro was copied into macros/.

    `dbt` has macros of its own, for which a macro in macros/ can stand in.
    """

    def __init__(self, name: str, macro: Callable[[str], Any]) -> None:
        self._name = name
        self._macro = macro

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        found = (self._macro(f"{prefix}{name}") for prefix in ("", "snowflake__", "default__"))
        macro = next((macro for macro in found if macro is not missing), None)
        if macro is None and self._name == "dbt":
            macro = FUNCTIONS.get(name)
        if macro is None:
            message = f"There is no macro `{name}` in macros/, and dbt's packages are not loaded"
            hint = "Copy the macro into macros/, or write the SQL that it gives."
            raise Mistake("NEVE202", message, hint, function=name)
        return macro


PACKAGES = ("dbt", "dbt_utils", "dbt_date", "dbt_expectations", "codegen", "audit_helper", "elementary")
