"""The one exception of the engine: what Snowflake would have answered."""

from neve.local import disk


class SqlError(Exception):
    """A statement was refused: Snowflake's code (without leading zeros), SQLSTATE and text."""

    def __init__(self, code: int, sqlstate: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.sqlstate = sqlstate
        self.message = message

    def __str__(self) -> str:
        return f"{self.code:06d} ({self.sqlstate}): {self.message}"


class TooNarrow(SqlError):  # noqa: N818 - what happened, and not an end
    """A number does not fit into 64 bits, or not with all the digits that were computed: 128 may do."""


def compilation_error(message: str, code: int = 1003, sqlstate: str = "42000", apart: str = "\n") -> SqlError:
    """A statement that was understood and cannot be compiled. A place (`error line …`) stands in the first line."""
    apart = " " if message.startswith("error line ") else apart
    return SqlError(code, sqlstate, f"SQL compilation error:{apart}{message}")


def line_and_position(text: str, offset: int) -> tuple[int, int]:
    """Both as Snowflake counts: lines from 1, positions from 0."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1)


def syntax_error(text: str, offset: int, unexpected: str) -> SqlError:
    """`unexpected` stands at `offset` of the statement's `text`."""
    line, position = line_and_position(text, offset)
    return compilation_error(f"syntax error line {line} at position {position} unexpected '{unexpected}'.")


def not_exist(kind: str, name: str) -> SqlError:
    """`kind` such as Table, Schema, Object."""
    state = "42S02" if kind in {"Table", "View", "Object"} else "02000"
    return compilation_error(f"{kind} '{name}' does not exist or not authorized.", 2003, state)


SHARED = frozenset({"SNOWFLAKE", "SNOWFLAKE_SAMPLE_DATA"})
"""Databases that every account has."""


def no_database(name: str) -> SqlError:
    if name in SHARED:
        instead = " (use the table functions of INFORMATION_SCHEMA)" if name == "SNOWFLAKE" else ""
        return unsupported(f"The database {name}{instead}")
    return not_exist("Database", name)


def no_such_object() -> SqlError:
    """What USE, SHOW … IN and the like say."""
    return compilation_error("Object does not exist, or operation cannot be performed.", 2043, "02000")


def already_exists(name: str) -> SqlError:
    return compilation_error(f"Object '{name}' already exists.", 2002, "42710")


def unsupported_feature(name: str) -> SqlError:
    """What Snowflake itself does not have."""
    return SqlError(2, "0A000", f"Unsupported feature '{name}'.")


def duplicate_column(name: str) -> SqlError:
    return compilation_error(f"duplicate column name '{name}'", 2025, "42S21")


def invalid_property(name: str, kind: str) -> SqlError:
    return compilation_error(f"invalid property '{name}' for '{kind}'", 1420, "22023")


def invalid_value(parameter: str, value: str) -> SqlError:
    return compilation_error(f"invalid value [{value}] for parameter '{parameter}'", 1008, "22023")


def not_a_boolean(value: str) -> SqlError:
    return SqlError(100037, "22018", f"Boolean value '{value}' is not recognized")


def not_a_number(value: str) -> SqlError:
    return SqlError(100038, "22018", f"Numeric value '{value}' is not recognized")


def invalid_identifier(name: str) -> SqlError:
    return compilation_error(f"error line 1 at position 0\ninvalid identifier '{name}'", 904, "42000")


def unknown_function(name: str) -> SqlError:
    return compilation_error(f"Unknown function {name}.", 2140, "42601")


def invalid_arguments(function: str) -> SqlError:
    """Too many arguments, or of types that the function does not take."""
    return compilation_error(f"Invalid argument types for {function}", 1044, "42P13")


def many_rows() -> SqlError:
    return SqlError(90150, "22000", "Single-row subquery returns more than one row.")


def no_current(kind: str) -> SqlError:
    """No current database or schema: `kind` is one of these words."""
    code = 90105 if kind == "database" else 90106
    return SqlError(
        code,
        "22000",
        f"Cannot perform operation. This session does not have a current {kind}. "
        f"Call 'USE {kind.upper()}', or use a qualified name.",
    )


def unsupported(what: str) -> SqlError:
    """A part of Snowflake that this engine does not have: `what` as the subject of a sentence."""
    return SqlError(2, "0A000", f"{what} is not supported by the local engine.")


def not_with_owners_rights(what: str) -> SqlError:
    """A statement that a procedure with owner's rights may not run: `what` as Snowflake names its kind."""
    return SqlError(90236, "42601", f"Stored procedure execution error: Unsupported statement type '{what}'.")


def cancelled() -> SqlError:
    """The statement, or the session that it runs in, was told to stop."""
    return SqlError(604, "57014", "SQL execution canceled")


def internal_error(error: BaseException) -> SqlError:
    """A fault of the engine's own, or a full disk."""
    advice = f"\nThe disk is full: {disk.ADVICE}." if disk.is_full(error) else ""
    return SqlError(603, "XX000", f"SQL execution internal error:\n{type(error).__name__}: {error}{advice}")
