"""The DuckDB instance: settings and the macros that stand for Snowflake's functions."""

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_SETTINGS = (
    "SET GLOBAL ieee_floating_point_ops = false",
    "SET GLOBAL default_null_order = 'NULLS_LAST'",
    "SET GLOBAL old_implicit_casting = true",
    "SET GLOBAL lambda_syntax = 'ENABLE_SINGLE_ARROW'",
    "SET GLOBAL python_enable_replacements = false",
)


def connect() -> "duckdb.DuckDBPyConnection":
    """A new instance in memory, to which databases are attached."""
    import duckdb

    from neve.local.translate import macros, natives

    connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})
    for statement in _SETTINGS:
        connection.execute(statement)
    natives.register(connection)
    for statement in macros.texts():
        connection.execute(statement)
    return connection


def run_ahead(connection: "duckdb.DuckDBPyConnection", ahead: timedelta) -> None:
    """Makes CURRENT_TIMESTAMP, and all that is like it, what the engine's clock says, in defaults and views too."""
    milliseconds = ahead // timedelta(milliseconds=1)
    moved = f"now() + INTERVAL ({milliseconds}) MILLISECOND" if milliseconds else "now()"
    connection.cursor().execute(f"CREATE OR REPLACE MACRO sf_now() AS {moved}")
