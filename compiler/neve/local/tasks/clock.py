"""The time of the task service: everything that asks "now" asks here, so that a virtual clock can take its place."""

from datetime import UTC, datetime


class Clock:
    def now(self) -> datetime:
        """The present instant in UTC, to the millisecond, as Snowflake keeps scheduled times."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)
