"""DuckDB macros that stand for Snowflake's functions: `sf_…` for the rules to call, the others by Snowflake's name.

One that may fail has a twin for constants: DuckDB works out beforehand what is made of constants alone, and would fail
for what is never reached; but not where it finds error().
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_MACRO = re.compile(r"CREATE MACRO (\w+)\(.*?;$", re.DOTALL | re.MULTILINE)
_FAULT = "sf_fault"
_FAULT_OF_CONSTANTS = """CREATE MACRO sf_fault_once(message, otherwise) AS
  CASE WHEN CAST(error(message) AS BOOLEAN) THEN otherwise END;"""


@cache
def texts() -> tuple[str, ...]:
    """The CREATE MACRO statements, in an order in which they can be run."""
    return (*_written(), *_twins())


def _written() -> tuple[str, ...]:
    names = ("text.sql", "numbers.sql", "dates.sql", "json.sql")
    return tuple((files(__name__) / name).read_text() for name in names)


@cache
def named() -> frozenset[str]:
    """The macros that have the name of one of Snowflake's functions, in upper case."""
    return frozenset(name.upper() for name in _all() if not name.startswith("sf_"))


@cache
def twins() -> Mapping[str, str]:
    """The macros that may fail, in upper case, and what they are called with constants."""
    return {name.upper(): f"{name}_once".upper() for name in _failing()}


@cache
def _all() -> Mapping[str, str]:
    return {found[1]: found[0] for text in _written() for found in _MACRO.finditer(text)}


@cache
def _failing() -> frozenset[str]:
    """The macros that may fail, by themselves or by others that they call."""
    failing = {_FAULT}
    while found := {
        name for name, text in _all().items() if name not in failing and not failing.isdisjoint(_calls(text))
    }:
        failing |= found
    return frozenset(failing)


def _calls(text: str) -> set[str]:
    return set(re.findall(r"(\w+)\(", text.partition(")")[2]))


def _twins() -> tuple[str, ...]:
    calls = re.compile(rf"\b({'|'.join(_failing())})\(")
    made = (calls.sub(r"\1_once(", text) for name, text in _all().items() if name in _failing() - {_FAULT})
    return (_FAULT_OF_CONSTANTS, *made)
