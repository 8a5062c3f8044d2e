"""Times as an account tells and takes them. The account's clock is the one that counts."""

from datetime import UTC, datetime

from neve.deploy.connect import Connection
from neve.deploy.errors import NeveError
from neve.names import quote_string


def server_time(connection: Connection) -> datetime:
    """The account's clock in UTC, rounded down to what its history shows: milliseconds."""
    (row,) = connection.execute("SELECT CURRENT_TIMESTAMP() AS now")
    now = utc(row["now"])
    if now is None:
        raise NeveError("the account does not tell its time")
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def utc(time: datetime | None) -> datetime | None:
    """A time in UTC; one without a zone is taken for UTC already."""
    if time is None:
        return None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def timestamp(time: datetime) -> str:
    """A point in time as SQL."""
    return f"{quote_string(time.astimezone(UTC).isoformat(timespec='milliseconds'))}::TIMESTAMP_LTZ"
