"""DuckDB macros that stand for Snowflake's functions: `sf_…` for the rules to call, the others by Snowflake's name."""

import re
from functools import cache
from importlib.resources import files


@cache
def texts() -> tuple[str, ...]:
    """The CREATE MACRO statements, in an order in which they can be run."""
    names = ("text.sql", "numbers.sql", "dates.sql", "json.sql")
    return tuple((files(__name__) / name).read_text() for name in names)


@cache
def named() -> frozenset[str]:
    """The macros that have the name of one of Snowflake's functions, in upper case."""
    found = re.findall(r"CREATE MACRO (\w+)\(", "\n".join(texts()))
    return frozenset(name.upper() for name in found if not name.startswith("sf_"))
