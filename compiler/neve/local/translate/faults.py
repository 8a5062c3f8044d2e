"""What DuckDB refuses, as Snowflake would say it."""

import re
from collections.abc import Callable, Mapping

from neve.local.errors import (
    SqlError,
    TooNarrow,
    already_exists,
    compilation_error,
    internal_error,
    invalid_identifier,
    many_rows,
    no_database,
    not_a_boolean,
    not_a_number,
    not_exist,
    unknown_function,
    unsupported,
)

VIEW_CHANGED = 2057
"""A view's query gives other columns than when it was made."""

_TOO_NARROW = (
    r"out of range for the destination type INT64|Failed to cast decimal value \S+ to type INT64",
    r"Overflow in \w+ of (?:INT64|INT128|DECIMAL\(38\))",
    r"Could not convert string '\s*[+-]?\d{19,38}\s*' to INT64",
    r"Failed to cast value to numerical: [+-]?\d{19,38}\b",
)
_RULES: tuple[tuple[str, Callable[[re.Match[str]], SqlError]], ...] = (
    (r"#(100071) (22000) (Failed to cast variant value -?\d{19,38} to FIXED)",
     lambda m: TooNarrow(int(m[1]), m[2], m[3])),
    (r"(?s)Could not convert string '#(\d{6}) ([0-9A-Z]{5}) (.*?)' to INT32",
     lambda m: SqlError(int(m[1]), m[2], m[3])),  # of our macros
    (r"#(\d{6}) ([0-9A-Z]{5}) ([^\n]*)", lambda m: SqlError(int(m[1]), m[2], m[3])),  # of our functions
    (r"(?s)Python Interpreter Error:.* in function \S+ with handler \S+", lambda m: SqlError(100357, "P0000", m[0])),
    *((pattern, lambda m: TooNarrow(100046, "22003", f"Number out of representable range: {m.string.splitlines()[0]}"))
      for pattern in _TOO_NARROW),
    (r"Division by zero", lambda _: SqlError(100051, "22012", "Division by zero")),
    (r"Table with name (\S+) does not exist", lambda m: not_exist("Object", m[1].strip('"'))),
    (r"View with name (\S+) does not exist", lambda m: not_exist("Object", m[1].strip('"'))),
    (r"Schema with name (\S+) does not exist", lambda m: not_exist("Schema", m[1].strip('"'))),
    (r"Catalog \"?([^\"\s]+?)\"? does not exist", lambda m: no_database(m[1])),
    (r"(?:Table|View|Schema|Sequence|Index) with name \"?([^\"\s]+)\"? already exists", lambda m: already_exists(m[1])),
    (r"(?:Scalar|Table|Aggregate) Function with name \"?([^\"\s]+)\"? (?:does not exist|is not)",
     lambda m: unknown_function(m[1].upper())),
    (r"Referenced column \"([^\"]+)\" (?:was )?not found", lambda m: invalid_identifier(m[1])),
    (r"Referenced table \"([^\"]+)\" not found", lambda m: invalid_identifier(m[1])),
    (r"(?:does not have|not find) a? ?column (?:named|with name) \"([^\"]+)\"", lambda m: invalid_identifier(m[1])),
    (r"column with name \"?([^\"\s]+)\"? does not exist", lambda m: invalid_identifier(m[1])),
    (r"Ambiguous reference to column name \"([^\"]+)\"",
     lambda m: compilation_error(f"ambiguous column name '{m[1]}'", 1051, "42601")),
    (r"column \"([^\"]+)\" must appear in the GROUP BY clause",
     lambda m: compilation_error(f"[{m[1]}] is not a valid group by expression", 979, "42601")),
    (r"Referenced update column (\S+) not found", lambda m: invalid_identifier(m[1])),
    (r"MERGE INTO command cannot affect the same target row more than once",
     lambda _: SqlError(100090, "42P18", "Duplicate row detected during DML action")),
    (r"Alias .* referenced - but the expression has side effects",
     lambda _: unsupported("A random value, or a sequence's, that another column names")),
    (r"More than one row returned by a subquery",
     lambda _: many_rows()),
    (r"expected (\d+) columns but (\d+) values were supplied",
     lambda m: compilation_error(
         f"Insert value list does not match column list expecting {m[1]} but got {m[2]}", 2020, "21S01")),
    (r'table "unnamed_subquery" has (\d+) columns available but (\d+) columns specified',
     lambda m: compilation_error(
         f"View definition for '' declared {m[2]} column(s), but view query produces {m[1]} column(s).",
         VIEW_CHANGED, "42601")),
    (r"NOT NULL constraint failed",
     lambda _: SqlError(100072, "22000", "NULL result in a non-nullable column")),
    (r"Could not convert string '([^']*)' to (?:INT|DOUBLE|DECIMAL|BIGINT|HUGEINT|FLOAT)",
     lambda m: not_a_number(m[1])),
    (r"Could not convert string '([^']*)' to BOOL",
     lambda m: not_a_boolean(m[1])),
    (r"(?:missing [)\]]|unexpected \)|no argument for rep|(?:invalid escape|bad repetition)[a-z ]+)[a-z ]*: (.*)",
     lambda m: SqlError(100048, "2201B", f"Invalid regular expression: '{m[1]}', {m[0]}")),
    (r"Could not convert string \"([^\"]*)\" to (?:DECIMAL|INT|DOUBLE)",
     lambda m: not_a_number(m[1])),
    (r'Casting value "(\S+)" to type DECIMAL\((\d+),(\d+)\)', lambda m: _out_of_range(m[1], int(m[2]), int(m[3]))),
    (r"Could not cast value (\S+) to DECIMAL\((\d+),(\d+)\)", lambda m: _out_of_range(m[1], int(m[2]), int(m[3]))),
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
    (r"onflict", lambda _: SqlError(625, "57014", "Another transaction changed the same object meanwhile: try again.")),
    (r"Malformed JSON", lambda m: SqlError(100069, "22P02", "Error parsing JSON: " + m.string.split("\n")[0])),
    (r"INTERRUPT", lambda _: SqlError(604, "57014", "SQL execution canceled")),
)  # fmt: skip


def _out_of_range(value: str, precision: int, scale: int) -> SqlError:
    size = next((f"SB{1 << place}" for place, digits in enumerate((2, 4, 9, 18)) if precision <= digits), "SB16")
    message = f"Number out of representable range: type FIXED[{size}]({precision},{scale}){{not null}}, value {value}"
    return SqlError(100046, "22003", message)


def as_sql_error(error: Exception) -> SqlError:
    """What Snowflake would have answered where DuckDB raised `error`."""
    text = str(error)
    for pattern, make in _RULES:
        if match := re.search(pattern, text):
            return make(match)
    message = text.split("\n\n", maxsplit=1)[0].split(": ", 1)[-1].strip()
    make_other = _OTHERS.get(type(error).__name__)
    return make_other(message) if make_other else internal_error(error)


# By the class of DuckDB's exception, where no pattern fits.
_OTHERS: Mapping[str, Callable[[str], SqlError]] = {
    "ParserException": compilation_error,
    **dict.fromkeys(("BinderException", "CatalogException"), lambda message: compilation_error(message, 2043, "02000")),
    "ConversionException": lambda message: SqlError(100035, "22007", message),
    "OutOfRangeException": lambda message: SqlError(100046, "22003", f"Number out of representable range: {message}"),
    "InterruptException": lambda _: SqlError(604, "57014", "SQL execution canceled"),
    **dict.fromkeys(
        ("SyntaxException", "NotImplementedException", "InvalidInputException", "ConstraintException"),
        lambda message: SqlError(100132, "P0000", message),
    ),
}
