"""Functions of Snowflake's for which DuckDB has no words, in Python: each is NULL when one of its arguments is."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


def register(connection: "duckdb.DuckDBPyConnection") -> None:
    """Makes them functions of DuckDB's, named `sf_…`."""
    from neve.local.translate.natives import addresses, decimals, digests, json_values, loose_json, regexes, texts, urls
    from neve.local.translate.number_format import number_text

    connection.create_function("sf_number_text", number_text, ["VARCHAR", "VARCHAR"], "VARCHAR")
    for area in (addresses, decimals, digests, json_values, loose_json, regexes, texts, urls):
        for name, function, parameters, returned in area.FUNCTIONS:
            connection.create_function(  # type: ignore[call-overload]
                name, _of_values(function), parameters, returned, null_handling="special"
            )


def _of_values(function: "Callable[..., Any]") -> "Callable[..., Any]":
    """The function, and NULL when an argument is: DuckDB's own way does not let it answer with NULL. Raises ValueError,
    in the form of `faults`, for what it cannot take.
    """

    @wraps(function)
    def answer(*arguments: Any) -> Any:
        try:
            return None if None in arguments else function(*arguments)
        except (IndexError, KeyError, TypeError, ValueError) as error:
            if str(error).startswith("#"):
                raise
            told = f"Invalid argument types for a function ({type(error).__name__}: {error})"
            raise ValueError(f"#001044 42P13 {told}") from error

    return answer
