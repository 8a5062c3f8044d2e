"""DuckDB macros, overloaded by type, that stand for Snowflake's functions."""

MACROS: tuple[str, ...] = ()
