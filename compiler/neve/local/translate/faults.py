"""What DuckDB refuses, as Snowflake would say it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from neve.local.errors import (
    SqlError,
    already_exists,
    compilation_error,
    internal_error,
    invalid_identifier,
    not_exist,
    unknown_function,
    unsupported,
)

_RULES: tuple[tuple[str, "type[object] | object"], ...] = (
    (r"(?s)Python Interpreter Error:.* in function \S+ with handler \S+", lambda m: SqlError(100357, "P0000", m[0])),
    (r"Division by zero", lambda _: SqlError(100051, "22012", "Division by zero")),
    (r"Table with name (\S+) does not exist", lambda m: not_exist("Object", m[1].strip('"'))),
    (r"View with name (\S+) does not exist", lambda m: not_exist("Object", m[1].strip('"'))),
    (r"Schema with name (\S+) does not exist", lambda m: not_exist("Schema", m[1].strip('"'))),
    (r"Catalog \"?([^\"\s]+?)\"? does not exist", lambda m: not_exist("Database", m[1])),
    (r"(?:Table|View|Schema|Sequence|Index) with name \"?([^\"\s]+)\"? already exists", lambda m: already_exists(m[1])),
    (r"(?:Scalar|Table|Aggregate) Function with name \"?([^\"\s]+)\"? (?:does not exist|is not)",
     lambda m: unknown_function(m[1].upper())),
    (r"Referenced column \"([^\"]+)\" (?:was )?not found", lambda m: invalid_identifier(m[1])),
    (r"Referenced table \"([^\"]+)\" not found", lambda m: invalid_identifier(m[1])),
    (r"(?:does not have|not find) a? ?column (?:named|with name) \"([^\"]+)\"", lambda m: invalid_identifier(m[1])),
    (r"column with name \"?([^\"\s]+)\"? does not exist", lambda m: invalid_identifier(m[1])),
    (r"Ambiguous reference to column name \"([^\"]+)\"",
     lambda m: compilation_error(f"ambiguous column name '{m[1]}'", 904)),
    (r"NOT NULL constraint failed: (?:\S+\.)?(\S+)",
     lambda m: SqlError(100072, "22000", f"NULL result in a non-nullable column '{m[1]}'")),
    (r"Could not convert string '([^']*)' to (?:INT|DOUBLE|DECIMAL|BIGINT|HUGEINT|FLOAT)",
     lambda m: SqlError(100038, "22018", f"Numeric value '{m[1]}' is not recognized")),
    (r"Could not convert string \"([^\"]*)\" to (?:DECIMAL|INT|DOUBLE)",
     lambda m: SqlError(100038, "22018", f"Numeric value '{m[1]}' is not recognized")),
    (r"invalid (?:timestamp|date|time) field format: \"([^\"]*)\"",
     lambda m: SqlError(100035, "22007", f"Timestamp '{m[1]}' is not recognized")),
    (r"has (\d+) columns but (\d+) values were supplied",
     lambda m: compilation_error(
         f"Insert value list does not match column list expecting {m[1]} but got {m[2]}", 2020, "21S01")),
    (r"INSERT has (\d+) target columns? but (\d+)",
     lambda m: compilation_error(
         f"Insert value list does not match column list expecting {m[1]} but got {m[2]}", 2020, "21S01")),
    (r"Attempting to write to database .* in a transaction that has already modified database",
     lambda _: unsupported("A transaction that writes to two databases")),
    (r"Malformed JSON", lambda m: SqlError(100069, "22P02", "Error parsing JSON: " + m.string.split("\n")[0])),
    (r"INTERRUPT", lambda _: SqlError(604, "57014", "SQL execution canceled")),
)  # fmt: skip


@contextmanager
def refused() -> Iterator[None]:
    """Turns DuckDB's exceptions into SqlError."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise as_sql_error(error) from error


def as_sql_error(error: Exception) -> SqlError:
    import duckdb

    text = str(error)
    for pattern, make in _RULES:
        if match := re.search(pattern, text):
            return make(match)  # type: ignore[operator]
    first = text.split("\n\n", maxsplit=1)[0]
    message = first.split(": ", 1)[-1].strip()
    if isinstance(error, duckdb.ParserException):
        return compilation_error(message)
    if isinstance(error, duckdb.BinderException | duckdb.CatalogException):
        return compilation_error(message, 2043, "02000")
    if isinstance(error, duckdb.ConversionException):
        return SqlError(100035, "22007", message)
    if isinstance(error, duckdb.OutOfRangeException):
        return SqlError(100046, "22003", f"Number out of representable range: {message}")
    if isinstance(error, duckdb.InterruptException):
        return SqlError(604, "57014", "SQL execution canceled")
    if isinstance(error, duckdb.NotImplementedException | duckdb.InvalidInputException | duckdb.ConstraintException):
        return SqlError(100132, "P0000", message)
    return internal_error(error)
