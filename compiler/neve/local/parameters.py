"""Session parameters: Snowflake's names and default values."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

PARAMETERS = {
    "ABORT_DETACHED_QUERY": "false",
    "AUTOCOMMIT": "true",
    "BINARY_INPUT_FORMAT": "HEX",
    "BINARY_OUTPUT_FORMAT": "HEX",
    "CLIENT_MEMORY_LIMIT": "1536",
    "CLIENT_RESULT_CHUNK_SIZE": "160",
    "CLIENT_SESSION_KEEP_ALIVE": "false",
    "CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY": "3600",
    "CLIENT_STAGE_ARRAY_BINDING_THRESHOLD": "0",
    "DATE_INPUT_FORMAT": "AUTO",
    "DATE_OUTPUT_FORMAT": "YYYY-MM-DD",
    "ERROR_ON_NONDETERMINISTIC_MERGE": "true",
    "ERROR_ON_NONDETERMINISTIC_UPDATE": "false",
    "JSON_INDENT": "2",
    "LOCK_TIMEOUT": "43200",
    "MULTI_STATEMENT_COUNT": "1",
    "PYTHON_CONNECTOR_QUERY_RESULT_FORMAT": "ARROW",
    "QUERY_TAG": "",
    "QUOTED_IDENTIFIERS_IGNORE_CASE": "false",
    "ROWS_PER_RESULTSET": "0",
    "SNOWPARK_LAZY_ANALYSIS": "true",
    "SNOWPARK_REQUEST_TIMEOUT_IN_SECONDS": "86400",
    "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS": "0",
    "STATEMENT_TIMEOUT_IN_SECONDS": "172800",
    "TIMESTAMP_INPUT_FORMAT": "AUTO",
    "TIMESTAMP_LTZ_OUTPUT_FORMAT": "",
    "TIMESTAMP_NTZ_OUTPUT_FORMAT": "YYYY-MM-DD HH24:MI:SS.FF3",
    "TIMESTAMP_OUTPUT_FORMAT": "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM",
    "TIMESTAMP_TYPE_MAPPING": "TIMESTAMP_NTZ",
    "TIMESTAMP_TZ_OUTPUT_FORMAT": "",
    "TIMEZONE": "America/Los_Angeles",
    "TIME_INPUT_FORMAT": "AUTO",
    "TIME_OUTPUT_FORMAT": "HH24:MI:SS",
    "TRANSACTION_ABORT_ON_ERROR": "false",
    "USE_CACHED_RESULT": "true",
    "WEEK_OF_YEAR_POLICY": "0",
    "WEEK_START": "0",
}
MOST = 2**31 - 1
"""The largest number that a parameter may have, where RANGES does not say."""

RANGES = {
    "JSON_INDENT": (0, 16),
    "WEEK_OF_YEAR_POLICY": (0, 1),
    "WEEK_START": (0, 7),
}
# Accepted with their default alone: the engine reads and writes values in no other way.
FIXED = frozenset(
    [
        "BINARY_INPUT_FORMAT",
        "BINARY_OUTPUT_FORMAT",
        "QUOTED_IDENTIFIERS_IGNORE_CASE",
        "TIMESTAMP_TYPE_MAPPING",
    ]
)

_own: ContextVar[Mapping[str, str]] = ContextVar("parameters", default=MappingProxyType({}))


@contextmanager
def overriding(parameters: Mapping[str, str]) -> Iterator[None]:
    """These count inside, in this thread: those of one statement."""
    token = _own.set({**_own.get(), **parameters})
    try:
        yield
    finally:
        _own.reset(token)


def overridden(name: str) -> str | None:
    """The value that the statement has for itself."""
    return _own.get().get(name)
